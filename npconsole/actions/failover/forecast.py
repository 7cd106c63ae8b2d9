"""What a failover would do, reckoned from what is measured now. Pure: nothing is called and nothing changed.

Where the traffic goes depends on the load balancers' steering, and what is not certain is reckoned at its worst. What
was not measured stays unknown and is said; it is never taken for zero or for enough.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from npconsole.actions.blast import request_rate
from npconsole.model import quantity
from npconsole.model.controls import LoadBalancer, Pool
from npconsole.model.snapshot import Snapshot

_EVENLY = frozenset({"random", "least_outstanding_requests", "least_connections"})
_IN_ORDER = frozenset({"off", ""})


@dataclass(frozen=True, slots=True)
class Survivor:
    """A region that stays. Rates in requests per second; None is not measured. `load` is of its capacity afterwards."""

    region: str
    rate_now: float | None
    rate_after: float | None
    capacity: float | None

    @property
    def load(self) -> float | None:
        return self.rate_after / self.capacity if self.rate_after is not None and self.capacity else None

    @property
    def words(self) -> str:
        """Load and head-room in a phrase."""
        rates = f"{quantity.rate(self.rate_now)} now, up to {quantity.rate(self.rate_after)} afterwards"
        if self.load is None:
            why = "its capacity was never measured" if not self.capacity else "its traffic is not measured"
            return f"{self.region}: {rates}, head-room not known ({why})"
        left = quantity.percent(max(0.0, 1 - self.load))
        return f"{self.region}: {rates}, {quantity.percent(self.load)} of its capacity, head-room {left}"


@dataclass(frozen=True, slots=True)
class Touched:
    """A load balancer that uses the region's pool. `regions` are the others of ours whose pools it may use instead."""

    balancer: LoadBalancer
    regions: tuple[str, ...]
    others: int
    """Pools of it that belong to no region that we know."""

    @property
    def words(self) -> str:
        rest = ", ".join(self.regions) or "nothing else that is ours"
        parts = [
            f"{self.balancer.name or self.balancer.id} ({self.balancer.steering or 'in order'}) goes on with {rest}"
        ]
        if self.others:
            parts.append(f"{quantity.count(self.others)} of its pools belong to no region here and are not counted")
        if not self.balancer.proxied:
            parts.append("its clients follow DNS and may keep the old answer for a while")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a failover of `region` would do. `share` of the traffic 0 to 1, `rate` in requests per second."""

    region: str
    share: float | None
    rate: float | None
    survivors: tuple[Survivor, ...]
    touched: tuple[Touched, ...]

    def crowded(self, most_load: float) -> tuple[str, ...]:
        """The survivors that would carry more than `most_load` of their capacity, or whose load is not known."""
        return tuple(each.words for each in self.survivors if each.load is None or each.load > most_load)

    @property
    def routes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The load balancers with the regions that they would be left with."""
        return tuple((each.balancer.name or each.balancer.id, each.regions) for each in self.touched)

    @property
    def words(self) -> tuple[str, ...]:
        """All of it, a phrase each."""
        if self.share is None:
            traffic = f"{self.region}'s share of the traffic is not known"
        else:
            traffic = (
                f"{self.region} serves {quantity.percent(self.share)} of the traffic now, {quantity.rate(self.rate)}"
            )
        return (traffic, *(each.words for each in self.survivors), *(each.words for each in self.touched))


def forecast(
    region: str,
    rotation: Sequence[str],
    snapshot: Snapshot | None,
    *,
    pool_ids: Mapping[str, str],
    pools: Mapping[str, Pool],
    balancers: Sequence[LoadBalancer],
    capacity: Mapping[str, float],
) -> Forecast:
    """The forecast for `region` of `rotation`, the regions of its service. `pool_ids` and `pools` go by region id."""
    pool_id = pool_ids.get(region, "")
    in_use = {each: pool_ids[each] for each in rotation if each in pools and pools[each].enabled}
    touched = tuple(_touched(each, pool_id, in_use) for each in balancers if pool_id in (*each.pools, *each.placed))
    rates = {each: request_rate(snapshot, each) for each in rotation}
    known = [rate for rate in rates.values() if rate is not None]
    rate, total = rates.get(region), sum(known)
    staying = [each for each in rotation if each != region and each in in_use]
    return Forecast(
        region=region,
        share=rate / total if rate is not None and total and len(known) == len(rates) else None,
        rate=rate,
        survivors=tuple(
            Survivor(each, rates[each], _after(each, rates[each], rate, staying, touched, in_use), capacity.get(each))
            for each in staying
        ),
        touched=touched,
    )


def _touched(balancer: LoadBalancer, pool_id: str, in_use: Mapping[str, str]) -> Touched:
    """Pools for some places only cannot take over the rest, so they do not count, nor does the fallback."""
    ours = {used: region for region, used in in_use.items()}
    rest = [each for each in balancer.pools if each != pool_id]
    regions = tuple(ours[each] for each in rest if each in ours)
    return Touched(balancer, regions, others=sum(each not in set(in_use.values()) for each in rest))


def _after(
    region: str,
    now: float | None,
    moved: float | None,
    staying: Sequence[str],
    touched: Sequence[Touched],
    in_use: Collection[str],
) -> float | None:
    """The most that a survivor may come to serve."""
    if now is None or moved is None:
        return None
    shares = [_share(region, each) for each in touched if each.balancer.enabled]
    return now + moved * max(shares, default=1.0 if region in in_use and staying else 0.0)


def _share(region: str, touched: Touched) -> float:
    """The largest part of the moved traffic that one region may get from a load balancer."""
    if region not in touched.regions:
        return 0.0
    if touched.balancer.steering in _IN_ORDER:
        return 1.0 if touched.regions[0] == region else 0.0
    if touched.balancer.steering in _EVENLY:
        return 1 / len(touched.regions)
    # By place, distance or latency: all users of the region may be nearest to the same survivor.
    return 1.0
