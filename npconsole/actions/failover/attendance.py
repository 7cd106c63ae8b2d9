"""Looking after a drill while it goes on: whether users, survivors and the pool itself still allow it."""

import asyncio
from dataclasses import dataclass

from npconsole.actions.conduct import Conduct
from npconsole.actions.failover.rotation import Routes, bare_routes, is_foreign
from npconsole.actions.failover.steadiness import is_steady
from npconsole.actions.failover.witness import Witness
from npconsole.errors import NpconsoleError, SourceError
from npconsole.model import quantity

FEW = 20
"""Requests of which a share can be told."""


@dataclass(slots=True)
class Attendance:
    """Of one drill. `steady_at` is when those who took over were first found well, by `Clock.now()`."""

    conduct: Conduct
    routes: Routes
    witness: Witness
    steady_at: float | None = None

    async def wait(self, seconds: float, *, moved_at: float | None = None) -> None:
        """Wait, and look again and again. `moved_at` is when the traffic had moved, None when it has not.

        Raises NpconsoleError when the drill must end.
        """
        clock, rules = self.conduct.clock, self.conduct.world.drill
        began = clock.now()
        while (left := began + seconds - clock.now()) > 0:
            await self.conduct.pause(min(left, rules.watch_s))
            await self.check()
            self._check_users(began if moved_at is None else moved_at)
            if moved_at is not None and self.steady_at is None:
                await self._look_for_steadiness()

    async def check(self) -> None:
        """Raise NpconsoleError when no healthy region is left, or somebody else is at the pool."""
        conduct = self.conduct
        traffic, pool_id = conduct.world.pool_of(conduct.order.target)
        try:
            bare = await bare_routes(conduct, self.routes)
            async with asyncio.timeout(conduct.pace.read_timeout_s):
                pool = await traffic.pool(pool_id)
        except (SourceError, TimeoutError) as error:
            reason = error.message if isinstance(error, SourceError) else "no answer in time"
            conduct.say(f"the pools cannot be read: {reason}")
            return
        if bare:
            raise NpconsoleError(f"no healthy region is left to {', '.join(bare)}")
        if is_foreign(conduct, pool):
            raise NpconsoleError(f"somebody else has changed pool {pool.name or pool.id} during the drill")

    def _check_users(self, since: float) -> None:
        """What users saw lately. What failed while the traffic moved is measured, and no reason to end."""
        conduct = self.conduct
        recent = self.witness.since(max(since, conduct.clock.now() - 2 * conduct.world.drill.watch_s))
        failed = sum(not each.well for each in recent)
        most = conduct.world.thresholds.error_ratio_critical
        if len(recent) >= FEW and failed / len(recent) > most:
            share, limit = quantity.percent(failed / len(recent)), quantity.percent(most)
            raise NpconsoleError(f"{share} of the requests through the edge fail, more than {limit}")

    async def _look_for_steadiness(self) -> None:
        asked = self.conduct.clock.now()
        if await is_steady(self.conduct, tuple(dict.fromkeys(each for _, regions in self.routes for each in regions))):
            self.steady_at = asked
