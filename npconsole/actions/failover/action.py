"""The action `failover`: reckoned by default, with `execute` rehearsed and always taken back, with `keep` as well left
as it is until somebody asks for the undo.
"""

import asyncio
from dataclasses import replace
from typing import ClassVar

from npconsole.actions.conduct import Conduct
from npconsole.actions.facts import Facts
from npconsole.actions.failover.arming import disarm
from npconsole.actions.failover.attendance import Attendance
from npconsole.actions.failover.course import WHOLE, Course, read_course
from npconsole.actions.failover.forecast import forecast
from npconsole.actions.failover.lasting import Lasting, measure
from npconsole.actions.failover.outcome import KEY, Targets, precise, to_outcome
from npconsole.actions.failover.proof import ACTION
from npconsole.actions.failover.rehearsal import Rehearsal
from npconsole.actions.failover.reverting import see_return, take_back
from npconsole.actions.failover.trace import to_undoing
from npconsole.actions.failover.witness import Witness
from npconsole.actions.failover.writes import Writer
from npconsole.actions.frame import Action, Draft, Order, Recovery, Restored
from npconsole.actions.guard import Guard
from npconsole.actions.guards import capacity, estate
from npconsole.actions.inputs import Inputs
from npconsole.actions.verdict import Finding, Measured, look_at
from npconsole.actions.world import World
from npconsole.errors import UsageError
from npconsole.model import quantity
from npconsole.model.action import AccessRole, ActionSpec, Danger, OnDisconnect, Parameter, TargetKind, Undo
from npconsole.model.controls import Pool
from npconsole.model.estate import Edge, Region
from npconsole.model.run import PlannedCall, Step, StepState, Verdict

VENDOR = "cloudflare"


class Failover(Action):
    """Drains a region's pool, sees another region take over, holds, and brings it back."""

    spec: ClassVar[ActionSpec] = ActionSpec(
        id=ACTION,
        title="Fail over",
        key="F",
        danger=Danger.TYPED,
        role=AccessRole.ADMIN,
        target=TargetKind.REGION,
        summary="Reckon what a failover of a region would do; with execute, rehearse it and take it back.",
        parameters=(
            Parameter("execute", "flag", "Drain the region for a while instead of only reckoning.", default="no"),
            Parameter("keep", "flag", "With execute: leave it drained until somebody asks for the undo.", default="no"),
            Parameter(
                "steps", "text", "Shares of its traffic to drain one after the other, in per cent.", default="100"
            ),
            Parameter("hold", "seconds", "How long it stays drained; else as drill.hold says."),
        ),
        undo=Undo.ALWAYS,
        on_disconnect=OnDisconnect.REVERT,
        exception="without --execute it needs none",
    )
    guards: ClassVar[tuple[Guard, ...]] = (
        estate.LAST_HEALTHY,
        capacity.ROUTES,
        capacity.HEADROOM,
        estate.FRESH,
        estate.NO_INCIDENT,
    )
    recovery: ClassVar[Recovery] = Recovery.REVERT

    def ordered(self, inputs: Inputs) -> Action:
        """With `keep`, the failover that lasts."""
        return LastingFailover() if inputs.flag("keep") else self

    async def plan(self, order: Order, world: World) -> Draft:
        traffic, pool_id = world.pool_of(order.target)
        edge, course = _edge(order.target, world), read_course(order.inputs, world.drill)
        pool, balancers = await asyncio.gather(traffic.pool(pool_id), traffic.balancers())
        touched = tuple(each for each in balancers if pool_id in (*each.pools, *each.placed))
        execute = order.inputs.flag("execute")
        return Draft(
            calls=(*_calls(pool, course), PlannedCall("edge", f"GET {edge.url}", "ask as a user would", writes=False)),
            scope=tuple(region.id for region in world.siblings(order.target)),
            undo=f"after {quantity.duration(course.hold_s)}, and on any abort: pool {_name(pool)} as it was before",
            takes_out=(order.target,),
            vendors=(VENDOR,),
            objects=(f"pool {_name(pool)}", *(f"load balancer {each.name or each.id}" for each in touched)),
            typed=order.target,
            problem=_problem(order.target, pool, bool(touched)),
            deadline_s=course.longest_s(world.drill),
            danger=None if execute else Danger.SAFE,
            simulated=not execute,
            balancers=touched,
        )

    def reckon(self, draft: Draft, facts: Facts, world: World) -> Draft:
        found = forecast(
            facts.target,
            facts.rotation,
            facts.snapshot,
            pool_ids=world.pool_ids,
            pools=facts.pools,
            balancers=draft.balancers,
            capacity=world.capacity,
        )
        return replace(
            draft,
            notes=(*draft.notes, *found.words, _aims(world)),
            routes=found.routes,
            survivors=tuple((each.region, each.load) for each in found.survivors),
            crowded=found.crowded(world.drill.most_load),
        )

    async def execute(self, conduct: Conduct) -> None:
        if conduct.draft is None or not conduct.order.inputs.flag("execute"):
            raise UsageError("nothing was drained: this was only reckoned", hint="add --execute")
        course = read_course(conduct.order.inputs, conduct.world.drill)
        attendance = Attendance(conduct, conduct.draft.routes, _witness(conduct))
        await Rehearsal(conduct, _region(conduct), course, attendance, _writer(conduct)).run()

    async def reconcile(self, step: Step, conduct: Conduct) -> StepState:
        """Applied once the pool shows it. That it does not yet proves nothing: the call may land late."""
        undoing = to_undoing(step)
        traffic, _ = conduct.world.pool_of(conduct.order.target)
        pool = await traffic.pool(undoing.pool_id)
        now = (pool.enabled, pool.shed_percent, pool.session_shed_percent)
        after = undoing.after
        return StepState.APPLIED if now == (after.enabled, after.shed, after.session_shed) else StepState.UNKNOWN

    async def revert(self, step: Step, conduct: Conduct) -> Restored:
        restored = await take_back(step, conduct)
        if restored is not Restored.CONFLICT and not to_undoing(step).after.enabled:
            await see_return(conduct, _region(conduct).name, _witness(conduct), restored)
        return restored

    async def verify(self, conduct: Conduct) -> Finding:
        """What was measured on the way, and whether the region is as well as before."""
        await disarm(conduct)
        data = conduct.result.get(KEY)
        if not isinstance(data, dict):
            return Finding(Verdict.UNKNOWN, well=False, words="nothing was measured")
        outcome = to_outcome(data)
        before, after = Measured.of_data(conduct.before), await look_at(conduct, conduct.order.target)
        verdict = Verdict.UNKNOWN if after.healthy is None else Verdict.NO_EFFECT
        if before.healthy and after.healthy is False:
            verdict = Verdict.WORSE
        return Finding(
            verdict,
            well=outcome.proven and after.healthy is True,
            words=outcome.words,
            figures={KEY: outcome.data(), "after": after.as_data()},
        )


class LastingFailover(Failover):
    """The same drain for a region that is ill: no drill, so no hold, no deadline of its own and no lost operator."""

    spec: ClassVar[ActionSpec] = replace(Failover.spec, undo=Undo.ON_REQUEST, on_disconnect=OnDisconnect.RUN_ON)
    guards: ClassVar[tuple[Guard, ...]] = tuple(each for each in Failover.guards if each is not estate.NO_INCIDENT)
    recovery: ClassVar[Recovery] = Recovery.VERIFY

    async def plan(self, order: Order, world: World) -> Draft:
        draft = await super().plan(order, world)
        return replace(
            draft,
            undo=f"on request: {draft.calls[-2].undo}",
            deadline_s=None,
            notes=(*draft.notes, f"{order.target} stays drained until somebody asks for the undo"),
        )

    async def execute(self, conduct: Conduct) -> None:
        if conduct.draft is None or not conduct.order.inputs.flag("execute"):
            raise UsageError("nothing was drained: this was only reckoned", hint="add --execute")
        course = read_course(conduct.order.inputs, conduct.world.drill)
        await Lasting(conduct, _region(conduct).name, course, conduct.draft.routes, _witness(conduct)).run()

    async def verify(self, conduct: Conduct) -> Finding:
        """What users see at the edge."""
        return await measure(conduct, _region(conduct).name, _witness(conduct))


def _edge(target: str, world: World) -> Edge:
    """The edge in front of a region."""
    region = world.region(target)
    edge = next((each for each in world.estate.edges if region is not None and each.service == region.service), None)
    if edge is None:
        raise UsageError(f"{target} has no edge in front of it to fail over at", hint="set edge.url of its service")
    return edge


def _region(conduct: Conduct) -> Region:
    region = conduct.world.region(conduct.order.target)
    if region is None:
        raise UsageError(f"{conduct.order.target} is not a region")
    return region


def _witness(conduct: Conduct) -> Witness:
    world, rules = conduct.world, conduct.world.drill
    probe = world.probes[_edge(conduct.order.target, world).id]
    return Witness(probe, world.clock, interval_s=rules.probe_interval_s, timeout_s=rules.probe_timeout_s)


def _writer(conduct: Conduct) -> Writer | None:
    """The writing probe, where one is configured. Its numbers grow from drill to drill."""
    world, rules = conduct.world, conduct.world.drill
    probe = world.writes.get(_edge(conduct.order.target, world).id)
    if probe is None:
        return None
    return Writer(
        probe,
        world.clock,
        interval_s=rules.write_interval_s,
        timeout_s=rules.probe_timeout_s,
        first=int(world.clock.wall()) * 1000,
    )


def _problem(target: str, pool: Pool, used: bool) -> str:
    if not pool.enabled:
        return f"pool {_name(pool)} of {target} is switched off already"
    return "" if used else f"no load balancer uses pool {_name(pool)} of {target}: switching it off moves nothing"


def _calls(pool: Pool, course: Course) -> tuple[PlannedCall, ...]:
    """The calls that write, in their order, with what takes each back."""
    unless = "unless somebody else has changed it meanwhile"
    return tuple(
        PlannedCall(
            VENDOR,
            f"PATCH pool {pool.id} {'enabled=false' if percent == WHOLE else f'load_shedding={percent:g}%'}",
            f"switch pool {_name(pool)} off" if percent == WHOLE else f"shed {percent:g} % of pool {_name(pool)}",
            writes=True,
            undo=f"enabled=true, {unless}" if percent == WHOLE else f"load_shedding={pool.shed_percent:g}%, {unless}",
        )
        for percent in course.steps
    )


def _aims(world: World) -> str:
    aims = Targets.of(world.drill)
    writes = "" if world.writes else ", which is not measured: no write_probe is configured"
    within, most = quantity.duration(aims.rto_target_s), quantity.duration(aims.rto_limit_s)
    return (
        f"to prove: recovery within {within}, at most {most}; no more than {precise(aims.rpo_s)} of writes lost{writes}"
    )


def _name(pool: Pool) -> str:
    return pool.name or pool.id
