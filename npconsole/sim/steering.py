"""The edge's load balancer: pools' health from checks, their state as the vendor has it, and who serves whom. Pure.

Steering is by the user's area with ordered pools: the first that is on and healthy serves, so a standby gets nothing
until those before it are out. A pool goes down after 1 + `retries` failed checks in a row and comes back after two good
ones. The fallback pool serves when no other does, healthy or not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from npconsole.sim.record import Record

CHECKS_TO_RISE = 2


@dataclass(slots=True)
class Pool:
    """What the edge knows of one region. One that is off is not checked, and when it is on again it counts as healthy
    until checks say otherwise: `checked` tells whether any has. `shed_ratio` of its users go to the next pool."""

    healthy: bool = True
    streak: int = 0
    reason: str = ""
    checked: bool = True
    enabled: bool = True
    shed_ratio: float = 0.0

    @property
    def serves(self) -> bool:
        return self.enabled and self.healthy


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which pools each area is offered, in order; the fallback, empty for none; and whether anybody is served."""

    orders: Mapping[str, Sequence[str]]
    fallback: str = ""
    enabled: bool = True


@dataclass(slots=True)
class Steering:
    """Feed it checks and changes; ask it who serves. `shares` of all users live in each area, `retries` failed repeats
    are forgiven before a pool is down."""

    arrangement: Arrangement
    area_shares: Mapping[str, float]
    retries: int
    record: Record
    pools: dict[str, Pool] = field(init=False)

    def __post_init__(self) -> None:
        self.pools = {region: Pool() for region in next(iter(self.arrangement.orders.values()))}

    def observe(self, region: str, problem: str) -> bool:
        """Take in one check; `problem` is empty when it was good. True while the check should be repeated soon."""
        pool = self.pools[region]
        if not pool.enabled:
            return False
        pool.checked = True
        if pool.healthy != bool(problem):
            pool.streak = 0
            return False
        pool.streak += 1
        if pool.streak < (1 + self.retries if problem else CHECKS_TO_RISE):
            return bool(problem)
        before = self.serving_all()
        pool.healthy, pool.reason, pool.streak = not problem, problem, 0
        text = f"the edge finds {region} {problem or 'healthy'}"
        self.record.add("pool down" if problem else "pool up", region, text)
        self._record_shifts(before)
        return False

    def place(self, region: str, *, enabled: bool, shed_ratio: float, actor: str) -> None:
        """Have the edge follow a pool's state from now on."""
        pool, before = self.pools[region], self.serving_all()
        if pool.enabled is not enabled:
            self.pools[region] = pool = Pool(checked=False, enabled=enabled, shed_ratio=pool.shed_ratio)
            kind, text = ("restored", "may send users to") if enabled else ("drained", "sends nobody to")
            self.record.add(kind, region, f"the edge {text} {region}", actor=actor)
        if pool.shed_ratio != shed_ratio:
            pool.shed_ratio = shed_ratio
            self.record.add("shed", region, f"{region} sheds {shed_ratio:.0%}", actor=actor, percent=100 * shed_ratio)
        self._record_shifts(before)

    def arrange(self, arrangement: Arrangement, actor: str) -> None:
        """Have the edge offer pools as the load balancer says from now on."""
        before = self.serving_all()
        self.arrangement = arrangement
        self.record.add("rearranged", "edge", "the edge follows the changed load balancer", actor=actor)
        self._record_shifts(before)

    def route(self, area: str, draw: Callable[[], float]) -> str | None:
        """The region for one request; None when there is none. `draw` gives numbers in [0, 1): each pool passes on its
        shed share at random."""
        for region, pool in self._offered(area):
            if pool.serves and draw() >= pool.shed_ratio:
                return region
        return self._fallback

    def serving(self, area: str) -> str | None:
        """The region that an area's users get first; None when nobody serves them."""
        offered = (region for region, pool in self._offered(area) if pool.serves and pool.shed_ratio < 1)
        return next(offered, self._fallback)

    def serving_all(self) -> dict[str, str | None]:
        """The region that serves each area."""
        return {area: self.serving(area) for area in self.arrangement.orders}

    def shares(self) -> dict[str, float]:
        """The share of all users that each region gets now; they sum to less than 1 when an area has nobody."""
        shares = dict.fromkeys(self.pools, 0.0)
        for area, share in self.area_shares.items():
            left = share
            for region, pool in self._offered(area):
                if pool.serves:
                    shares[region] += left * (1 - pool.shed_ratio)
                    left *= pool.shed_ratio
            if self._fallback is not None:
                shares[self._fallback] += left
        return shares

    def _offered(self, area: str) -> list[tuple[str, Pool]]:
        order = self.arrangement.orders[area] if self.arrangement.enabled else ()
        return [(region, self.pools[region]) for region in order]

    @property
    def _fallback(self) -> str | None:
        """The fallback if it is on. Its health is ignored."""
        fallback = self.arrangement.fallback
        return fallback if self.arrangement.enabled and fallback and self.pools[fallback].enabled else None

    def _record_shifts(self, before: Mapping[str, str | None]) -> None:
        for area, region in self.serving_all().items():
            if region != before[area]:
                text = f"{area} is served by {region or 'nobody'}, was {before[area] or 'nobody'}"
                self.record.add("fail-over", area, text, before=before[area], after=region)
