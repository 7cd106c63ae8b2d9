"""The edge's load balancer: pools' health from checks, and who serves whom. Pure.

Steering is by the user's area with ordered pools: the first healthy pool serves, so a standby gets nothing until
those before it are down. A pool goes down after 1 + `retries` failed checks in a row and comes back after two good
ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from npconsole.sim.record import Record

CHECKS_TO_RISE = 2


@dataclass(slots=True)
class Pool:
    """What the checks have said of one region."""

    healthy: bool = True
    streak: int = 0
    reason: str = ""


class Steering:
    """Feed it checks; ask it who serves. `retries` failed repeats are forgiven before a pool is down."""

    def __init__(
        self, orders: Mapping[str, Sequence[str]], shares: Mapping[str, float], retries: int, record: Record
    ) -> None:
        self._orders = orders
        self._shares = shares
        self._retries = retries
        self._record = record
        self.pools = {region: Pool() for region in next(iter(orders.values()))}

    def observe(self, region: str, problem: str) -> bool:
        """Take in one check; `problem` is empty when it was good. True while the check should be repeated soon."""
        pool = self.pools[region]
        if pool.healthy != bool(problem):
            pool.streak = 0
            return False
        pool.streak += 1
        if pool.streak < (1 + self._retries if problem else CHECKS_TO_RISE):
            return bool(problem)
        before = self.serving_all()
        self.pools[region] = Pool(healthy=not problem, reason=problem)
        self._record.add(
            "pool down" if problem else "pool up", region, f"the edge finds {region} {problem or 'healthy'}"
        )
        self._record_shifts(before)
        return False

    def serving(self, area: str) -> str | None:
        """The region that serves an area; None when no pool is healthy."""
        return next((region for region in self._orders[area] if self.pools[region].healthy), None)

    def serving_all(self) -> dict[str, str | None]:
        """The region that serves each area."""
        return {area: self.serving(area) for area in self._orders}

    def shares(self) -> dict[str, float]:
        """The share of all users that each region gets now; they sum to less than 1 when an area has nobody."""
        shares = dict.fromkeys(self.pools, 0.0)
        for area, region in self.serving_all().items():
            if region is not None:
                shares[region] += self._shares[area]
        return shares

    def _record_shifts(self, before: Mapping[str, str | None]) -> None:
        for area, region in self.serving_all().items():
            if region != before[area]:
                text = f"{area} is served by {region or 'nobody'}, was {before[area] or 'nobody'}"
                self._record.add("fail-over", area, text, before=before[area], after=region)
