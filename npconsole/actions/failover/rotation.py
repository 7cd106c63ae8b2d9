"""The pools that a drill touches and leans on, read freshly: is enough left, and was anybody else at them."""

import asyncio
from collections.abc import Sequence

from npconsole.actions.conduct import Conduct
from npconsole.actions.failover.trace import Setting, revisions
from npconsole.errors import NotAppliedError, SourceError
from npconsole.model.controls import Pool
from npconsole.model.ports import HealthSource
from npconsole.model.vitals import Health

Routes = Sequence[tuple[str, tuple[str, ...]]]


async def bare_routes(conduct: Conduct, routes: Routes) -> tuple[str, ...]:
    """The load balancers that have no healthy region left, by a fresh look at pools and origins.

    Raises SourceError when the pools cannot be read.
    """
    world = conduct.world
    traffic, _ = world.pool_of(conduct.order.target)
    regions = tuple(dict.fromkeys(each for _, regions in routes for each in regions))
    async with asyncio.timeout(conduct.pace.read_timeout_s):
        pools = {pool.id: pool for pool in await traffic.pools({world.pool_ids[each] for each in regions})}
        checks = await asyncio.gather(*(_probe(world.probes[each]) for each in regions))
    serving = {
        each
        for each, health in zip(regions, checks, strict=True)
        if health is not None and health.healthy and _is_on(pools.get(world.pool_ids[each]))
    }
    return tuple(name for name, left in routes if not serving.intersection(left))


async def ensure_rest(conduct: Conduct, routes: Routes) -> None:
    """Raise NotAppliedError unless each load balancer keeps a healthy region: asked in the line before each drain."""
    try:
        bare = await bare_routes(conduct, routes)
    except (SourceError, TimeoutError) as error:
        reason = error.message if isinstance(error, SourceError) else "no answer in time"
        raise NotAppliedError(f"nothing more was drained: the pools cannot be read: {reason}") from None
    if bare:
        raise NotAppliedError(f"nothing more was drained: no healthy region would be left to {', '.join(bare)}")


def is_foreign(conduct: Conduct, pool: Pool) -> bool:
    """Whether somebody else has changed the pool since this run first did, or the one that it takes back."""
    made = revisions(conduct.touched_before, pool.id)
    return bool(made) and bool(pool.revision) and pool.revision not in (made or ())


def possible(settings: Sequence[Setting], now: Setting) -> bool:
    """Whether calls that set these, each maybe late or lost, can have left a pool like this."""
    on = {each.enabled for each in settings}
    shed = {(each.shed, each.session_shed) for each in settings}
    return now.enabled in on and (now.shed, now.session_shed) in shed


def _is_on(pool: Pool | None) -> bool:
    return pool is not None and pool.enabled and pool.shed_percent < 100


async def _probe(probe: HealthSource) -> Health | None:
    try:
        return await probe.read()
    except SourceError:
        return None
