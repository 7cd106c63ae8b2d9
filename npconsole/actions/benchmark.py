"""The action `benchmark`: load on an edge, only while all is well, and stopped as soon as it is not.

What sends the load is an engine behind a port; it stops with the run, whatever ends that.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import ClassVar

from npconsole.actions.conduct import Conduct
from npconsole.actions.facts import Facts
from npconsole.actions.frame import Action, Call, Draft, Order, Recovery
from npconsole.actions.guard import Answer, Guard, from_facts
from npconsole.actions.guards import estate
from npconsole.actions.verdict import Finding
from npconsole.actions.world import World
from npconsole.errors import NotAppliedError, NpconsoleError, UsageError
from npconsole.model import quantity
from npconsole.model.action import AccessRole, ActionSpec, Danger, OnDisconnect, Parameter, TargetKind
from npconsole.model.load import Load, LoadEngine, LoadFigures, LoadRun
from npconsole.model.run import PlannedCall, Step, StepState, Verdict

ABSENT = "the load engine is not part of this version"
WATCH_S = 2.0
GRACE_S = 30.0
STRIKES = 3
"""Looks in a row that must be bad before the load is stopped: one slow second is what a benchmark is for."""


def _steady(facts: Facts) -> Answer:
    """A benchmark of an estate that is not well measures the trouble, and adds to it."""
    if not facts.rotation:
        return Answer(False, "no region is known to serve")
    bad = [each for each in facts.rotation if not facts.serves(each)]
    if bad:
        return Answer(False, f"not in a steady state: {', '.join(bad)} does not serve")
    return Answer(True, "in a steady state: every region serves")


STEADY = Guard("steady-state", from_facts(_steady), overridable=True)


class Benchmark(Action):
    """Sends load to an edge and measures what comes back."""

    spec: ClassVar[ActionSpec] = ActionSpec(
        id="benchmark",
        title="Benchmark",
        key="B",
        danger=Danger.CONFIRM,
        role=AccessRole.OPERATOR,
        target=TargetKind.EDGE,
        summary="Send load to the edge and measure throughput, percentiles and errors.",
        parameters=(
            Parameter("users", "integer", "Virtual users at most.", default="100"),
            Parameter("duration", "seconds", "How long, ramps included.", default="1m"),
        ),
        on_disconnect=OnDisconnect.STOP,
    )
    guards: ClassVar[tuple[Guard, ...]] = (STEADY, estate.NO_INCIDENT)
    recovery: ClassVar[Recovery] = Recovery.RESUME

    async def plan(self, order: Order, world: World) -> Draft:
        _engine(world)
        load = _load(order, world)
        regions = tuple(region.id for region in world.siblings(order.target))
        words = f"up to {load.users} users for {quantity.duration(load.duration_s)}"
        return Draft(
            calls=(PlannedCall("load", f"load on {load.address}", words, writes=True, undo="stopped on any abort"),),
            scope=(order.target, *regions),
            undo="stopped on any abort; requests that were sent cannot be undone",
            objects=(load.address,),
            deadline_s=load.duration_s + GRACE_S,
        )

    async def execute(self, conduct: Conduct) -> None:
        """One load. After a crash it is not sent again: half a benchmark and another half are none."""
        if conduct.steps:
            raise NpconsoleError("the benchmark was broken off: its runner died, and the load with it")
        engine, load = _engine(conduct.world), _load(conduct.order, conduct.world)
        running = await conduct.send(
            Call(
                summary=f"load on {load.address} by {load.users} users",
                remote=load.address,
                do=lambda: engine.start(load),
                deadline_s=conduct.pace.call_timeout_s,
            )
        )
        if running is None:
            raise NpconsoleError("the load was started without an answer, and cannot be watched")
        try:
            await _attend(conduct, running)
        finally:
            conduct.result["load"] = asdict(await running.stop())

    async def reconcile(self, step: Step, conduct: Conduct) -> StepState:
        """A load that nobody holds has ended with the process that started it."""
        return StepState.FAILED

    async def verify(self, conduct: Conduct) -> Finding:
        """The figures, and whether the estate is as well as before."""
        figures = conduct.result.get("load")
        if not isinstance(figures, Mapping) or not figures.get("requests"):
            return Finding(Verdict.UNKNOWN, well=False, words="the load engine measured nothing")
        bad = await _bad(conduct)
        words = f"{_words(LoadFigures(**figures))}; " + (
            f"afterwards {bad}" if bad else "every region is healthy afterwards"
        )
        return Finding(Verdict.WORSE if bad else Verdict.NO_EFFECT, well=not bad, words=words)


async def _attend(conduct: Conduct, running: LoadRun) -> None:
    """Watch to the end. Raises NpconsoleError when regions suffer, StoppedError when nobody wants it any more."""
    strikes = 0
    while not running.is_over:
        await conduct.pause(WATCH_S)
        figures, bad = await running.figures(), await _bad(conduct)
        conduct.say(_words(figures), asdict(figures))
        strikes = strikes + 1 if bad else 0
        if strikes >= STRIKES:
            raise NpconsoleError(f"the load was stopped: {bad}")


async def _bad(conduct: Conduct) -> str:
    """The regions that do not answer healthy now, in a phrase; empty when all do."""
    world = conduct.world
    regions = [region.id for region in world.siblings(conduct.order.target)]

    async def healthy(region_id: str) -> bool:
        try:
            async with asyncio.timeout(conduct.pace.read_timeout_s):
                return (await world.probes[region_id].read()).healthy
        except (NpconsoleError, TimeoutError):
            return False

    well = await asyncio.gather(*map(healthy, regions))
    bad = [each for each, is_well in zip(regions, well, strict=True) if not is_well]
    return f"{', '.join(bad)} not healthy" if bad else ""


def _engine(world: World) -> LoadEngine:
    if world.load is None:
        raise UsageError(ABSENT)
    return world.load


def _load(order: Order, world: World) -> Load:
    edge = world.edge(order.target)
    users, duration_s = order.inputs.integer("users"), order.inputs.seconds("duration")
    if edge is None:
        raise UsageError(f"{order.target} is not an edge")
    if users < 1 or duration_s <= 0:
        raise NotAppliedError("a benchmark needs at least one user and some time")
    return Load(edge.url, users, duration_s)


def _words(figures: LoadFigures) -> str:
    return (
        f"{quantity.count(figures.requests)} requests in {quantity.duration(figures.elapsed_s)}, "
        f"{quantity.rate(figures.request_rate)}, p95 {quantity.latency(figures.p95_ms)}, "
        f"errors {quantity.percent(figures.error_ratio)}"
    )
