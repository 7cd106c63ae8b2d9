"""Taking a step of a drill back: compare, then set what was before, and see the region answer again."""

import asyncio

from npconsole.actions.beside import beside
from npconsole.actions.conduct import Conduct
from npconsole.actions.failover.outcome import KEY
from npconsole.actions.failover.rotation import is_foreign, possible
from npconsole.actions.failover.shift import back_s
from npconsole.actions.failover.trace import Setting, Undoing, receipt, to_undoing, touching
from npconsole.actions.failover.witness import Witness
from npconsole.actions.frame import Call, Restored
from npconsole.model.controls import Pool, TrafficControl
from npconsole.model.run import Step


async def take_back(step: Step, conduct: Conduct) -> Restored:
    """Restore what the step changed, if the pool is still as the drill can have left it.

    Raises SourceError when the pool cannot be read, ControlError when it could not be set: it is tried again.
    """
    undoing = to_undoing(step)
    traffic, _ = conduct.world.pool_of(conduct.order.target)
    async with asyncio.timeout(conduct.pace.read_timeout_s):
        pool = await traffic.pool(undoing.pool_id)
    now = Setting.of(pool)
    if _same(undoing, now, undoing.before):
        return Restored.ALREADY
    ours = [undoing.before, *(to_undoing(each).after for each in conduct.touched_before if each.undo)]
    if is_foreign(conduct, pool) or not possible(ours, now):
        return Restored.CONFLICT
    await conduct.send(_restoring(traffic, pool, undoing, deadline_s=conduct.pace.call_timeout_s))
    return Restored.RESTORED


def _same(undoing: Undoing, one: Setting, other: Setting) -> bool:
    """Whether two settings are alike in what the step changed."""
    if undoing.after.enabled != undoing.before.enabled:
        return one.enabled == other.enabled
    return (one.shed, one.session_shed) == (other.shed, other.session_shed)


def _restoring(traffic: TrafficControl, pool: Pool, undoing: Undoing, *, deadline_s: float) -> Call[Pool]:
    before, name = undoing.before, pool.name or pool.id
    remote = touching(pool.id)
    if undoing.after.enabled != before.enabled:
        summary = f"switch pool {name} {'on' if before.enabled else 'off'} again"
        return Call(
            summary, remote, lambda: traffic.set_enabled(pool.id, enabled=before.enabled), deadline_s, receipt=receipt
        )
    return Call(
        f"shed {before.shed:g} % of pool {name} again",
        remote,
        lambda: traffic.set_shedding(pool.id, percent=before.shed, session_percent=before.session_shed),
        deadline_s,
        receipt=receipt,
    )


async def see_return(conduct: Conduct, region: str, witness: Witness, restored: Restored) -> None:
    """Measure how long the region takes to answer users again; what is seen goes into the run's result.

    Called after each look at the pool: after the one that restored it, and after those of the settling that follows.
    """
    drill = conduct.result.get(KEY)
    if not isinstance(drill, dict) or not drill.get("share") or drill.get("restore_s") is not None:
        return
    fence = conduct.lease.fence
    if restored is Restored.RESTORED:
        drill["switched_on"] = {"fence": fence, "at": conduct.clock.now()}
    since = drill.get("switched_on")
    # The clock of a dead owner may have been another host's.
    if isinstance(since, dict) and since.get("fence") == fence:
        await beside(_see(conduct, region, witness, drill, float(since["at"])), witness.watch())


async def _see(conduct: Conduct, region: str, witness: Witness, drill: dict[str, object], began: float) -> None:
    clock, rules = conduct.clock, conduct.world.drill
    end = clock.now() + rules.back_within_s
    while drill.get("restore_s") is None and clock.now() < end:
        await asyncio.sleep(rules.probe_interval_s)
        drill["restore_s"] = back_s(witness.since(began), region, began)
