"""Taking traffic from a region's pool, one step after the other: each is sent only while enough is left to serve."""

import asyncio
from dataclasses import dataclass

from npconsole.actions.conduct import Conduct
from npconsole.actions.failover.course import WHOLE
from npconsole.actions.failover.rotation import Routes, ensure_rest, is_foreign
from npconsole.actions.failover.trace import Setting, Undoing, receipt, touching
from npconsole.actions.frame import Call
from npconsole.errors import NotAppliedError, SourceError
from npconsole.model.controls import Pool, TrafficControl


@dataclass(slots=True)
class Drain:
    """The steps of one run. Instants are those of `Clock.now()`.

    `began` is when the last step, the whole drain, was first sent: a call that got lost counts, users may have been
    waiting. `stage_began` is when the latest call of any step was sent. `original` is how the pool was before all of
    them.
    """

    conduct: Conduct
    routes: Routes
    began: float | None = None
    stage_began: float = 0.0
    original: Setting | None = None

    async def step(self, percent: float) -> None:
        """One step. Before it, and with nothing in between, whether enough is left.

        Raises NotAppliedError when nothing may be or was drained, and what `Conduct.send` raises.
        """
        conduct = self.conduct
        traffic, pool_id = conduct.world.pool_of(conduct.order.target)
        await ensure_rest(conduct, self.routes)
        pool = await self._own_pool(traffic, pool_id)
        original = self.original = self.original or Setting.of(pool)
        await conduct.send(
            Call(
                summary=_summary(pool, percent),
                remote=touching(pool_id),
                do=lambda: self._set(traffic, pool_id, percent),
                deadline_s=conduct.pace.call_timeout_s,
                undo=Undoing(pool_id, original, _after(original, pool, percent)).text(),
                sets_state=True,
                receipt=receipt,
            )
        )

    async def _own_pool(self, traffic: TrafficControl, pool_id: str) -> Pool:
        """The pool as it is. Raises NotAppliedError when it cannot be read, or somebody else is at it."""
        try:
            async with asyncio.timeout(self.conduct.pace.read_timeout_s):
                pool = await traffic.pool(pool_id)
        except (SourceError, TimeoutError) as error:
            reason = error.message if isinstance(error, SourceError) else "no answer in time"
            raise NotAppliedError(f"nothing more was drained: the pool cannot be read: {reason}") from None
        if is_foreign(self.conduct, pool) or not pool.enabled:
            raise NotAppliedError(f"nothing more was drained: somebody else has changed pool {pool.name or pool.id}")
        return pool

    async def _set(self, traffic: TrafficControl, pool_id: str, percent: float) -> Pool:
        now = self.conduct.clock.now()
        self.stage_began = now
        if percent < WHOLE:
            return await traffic.set_shedding(pool_id, percent=percent, session_percent=percent)
        self.began = now if self.began is None else self.began
        return await traffic.set_enabled(pool_id, enabled=False)


def _summary(pool: Pool, percent: float) -> str:
    name = pool.name or pool.id
    return f"switch pool {name} off" if percent == WHOLE else f"shed {percent:g} % of pool {name}"


def _after(original: Setting, pool: Pool, percent: float) -> Setting:
    """How the pool is after a step, which changes either its shedding or whether it is on."""
    if percent == WHOLE:
        return Setting(False, pool.shed_percent, pool.session_shed_percent)
    return Setting(original.enabled, percent, percent)
