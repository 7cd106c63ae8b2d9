"""The action `benchmark`: load on a region or an edge, watched by whoever asked for it, judged and kept.

A slow or dead target is what a benchmark measures, so that is no reason not to measure it (see `guards`); what the load
must not do is harm. It ends with the run, whatever ends that: a stop keeps what was measured so far as partial.
"""

from dataclasses import replace
from typing import ClassVar

from npconsole.actions.benchmark.estimate import estimated, is_light, loaded_regions
from npconsole.actions.benchmark.guards import NO_INCIDENT, OWN_SCRIPT, STEADY, forbidden_script
from npconsole.actions.benchmark.load import asked_load
from npconsole.actions.benchmark.outcome import Conclusion, conclude
from npconsole.actions.benchmark.reference import baseline
from npconsole.actions.benchmark.watch import STRIKES, Watch, glance, well_regions
from npconsole.actions.benchmark.words import load_words, phases_words
from npconsole.actions.conduct import Conduct
from npconsole.actions.facts import Facts
from npconsole.actions.frame import Action, Call, Draft, Order, Recovery
from npconsole.actions.guard import Guard
from npconsole.actions.inputs import check_inputs
from npconsole.actions.verdict import Finding
from npconsole.actions.world import World
from npconsole.errors import FencedError, NpconsoleError, UsageError
from npconsole.model.action import AccessRole, ActionSpec, Danger, OnDisconnect, Parameter, TargetKind
from npconsole.model.benchmark import Benchmark
from npconsole.model.load import Load, LoadEnd, LoadEngine, LoadPlan, LoadResult, LoadRun
from npconsole.model.run import Actor, PlannedCall, Step, StepState, Verdict

GRACE_S = 60.0
"""Beside the load itself: starting and stopping the engine, judging and comparing."""

WELL_BEFORE = "well_before"
"""The key of a run's result under which the regions stand that were healthy right before the load."""


class BenchmarkAction(Action):
    """Sends load to a region or an edge and measures what comes back."""

    spec: ClassVar[ActionSpec] = ActionSpec(
        id="benchmark",
        title="Benchmark",
        key="B",
        danger=Danger.CONFIRM,
        role=AccessRole.OPERATOR,
        target=TargetKind.ENDPOINT,
        summary="Send load to a region or the edge, and measure throughput, percentiles and errors.",
        parameters=(
            Parameter("vus", "integer", "Virtual users at most.", default="100"),
            Parameter("duration", "seconds", "How long, ramps included.", default="1m"),
            Parameter("rate", "integer", "Begin so many iterations a second, however slow the target is."),
            Parameter("script", "path", "A k6 script of your own, instead of the built-in scenario."),
            Parameter(
                "engine",
                "choice",
                "Send it from here or from k6's cloud; by default as configured.",
                choices=("k6", "cloud"),
            ),
            Parameter("baseline", "text", "Compare with this baseline or run; by default with the last one alike."),
        ),
        on_disconnect=OnDisconnect.STOP,
        exception="a load that is light for its target needs none outside production",
    )
    guards: ClassVar[tuple[Guard, ...]] = (OWN_SCRIPT, STEADY, NO_INCIDENT)
    recovery: ClassVar[Recovery] = Recovery.RESUME

    def forbidden(self, order: Order, actor: Actor) -> str:
        """A script of one's own is run to be planned, and is for admins."""
        return forbidden_script(actor) if order.inputs.text("script") else ""

    async def plan(self, order: Order, world: World) -> Draft:
        """The command, its phases, and what it is compared with. Load that is light needs no confirmation."""
        from npconsole.reports.benchmark.fingerprint import fingerprint

        load = asked_load(order, world)
        plan = await _engine(world).plan(load)
        mark = fingerprint(load, plan, host=world.benchmarking.host)
        against = baseline(order.inputs.text("baseline"), world, mark)
        siblings = tuple(region.id for region in world.siblings(order.target))
        return Draft(
            calls=_calls(load, plan, world),
            scope=tuple(dict.fromkeys((order.target, *siblings))),
            undo="stopped on any abort; requests that were sent cannot be taken back",
            objects=(load.address,),
            notes=_notes(plan, against),
            deadline_s=_deadline_s(load, plan),
            danger=Danger.SAFE if is_light(load, world) else None,
        )

    def reckon(self, draft: Draft, facts: Facts, world: World) -> Draft:
        """Hold the load against what the target carries and serves now."""
        load = asked_load(Order(facts.target, check_inputs(self.spec, facts.request.parameters)), world)
        return replace(draft, notes=(estimated(load, world).words(load.target, facts.snapshot), *draft.notes))

    async def execute(self, conduct: Conduct) -> None:
        """One load. After a crash it is not sent again: half a benchmark and another half are none."""
        if conduct.steps:
            raise NpconsoleError("the benchmark was broken off: its runner died, and the load with it")
        world = conduct.world
        engine, load = _engine(world), asked_load(conduct.order, world, tag=conduct.run.id)
        plan, before = await engine.plan(load), await glance(conduct)
        conduct.result[WELL_BEFORE] = list(well_regions(before, loaded_regions(load.target, world)))
        running = await conduct.send(
            Call(
                summary=f"load on {load.address}: {load_words(load)}",
                remote=load.address,
                do=lambda: engine.start(load),
                deadline_s=conduct.pace.call_timeout_s,
            )
        )
        if running is None:
            raise NpconsoleError("the load was started without an answer, and cannot be watched")
        watch = Watch(conduct, load, running, before)
        result, error = await _attended(conduct, watch, running)
        await conclude(conduct, load, plan, result, watch.seen)
        if error is not None:
            raise error

    async def reconcile(self, step: Step, conduct: Conduct) -> StepState:
        """A load that nobody holds has ended with the process that started it."""
        return StepState.FAILED

    async def verify(self, conduct: Conduct) -> Finding:
        """What the benchmark proved, and whether the regions are as well as before it."""
        said = Conclusion.of_data(conduct.result)
        ill = await _ill(conduct)
        if ill is None:
            words = f"{said.figures}; whether the regions are as well as before could not be read"
            return Finding(Verdict.UNKNOWN, well=False, words=words, exit_code=said.exit_code, brief=said.status)
        after = f"{', '.join(ill)} not healthy any more" if ill else "the regions are as well as before"
        return Finding(
            Verdict.WORSE if ill else Verdict.NO_EFFECT,
            well=not ill,
            words=f"{said.figures}; {after}",
            exit_code=said.exit_code,
            brief=said.status,
        )


async def _attended(conduct: Conduct, watch: Watch, running: LoadRun) -> tuple[LoadResult, NpconsoleError | None]:
    """What the load came to, and what ended it early. It has ended when this returns or raises."""
    error, hopeless = None, ""
    try:
        hopeless = await watch.attend()
    except FencedError:
        raise
    except NpconsoleError as caught:
        error = caught
    finally:
        result = await (running.result() if running.is_over else running.stop())
    if not hopeless:
        return result, error
    conduct.say(f"the load was ended: {hopeless}")
    return replace(result, end=LoadEnd.ABORTED, complaint=hopeless), error


async def _ill(conduct: Conduct) -> list[str] | None:
    """The regions that were well before the load and are not any more; None when they cannot be looked at."""
    found = conduct.result.get(WELL_BEFORE)
    before, ill = tuple(map(str, found)) if isinstance(found, list) else (), None
    for look in range(STRIKES):
        if look:
            await conduct.pause(conduct.pace.reread_s)
        snapshot = await glance(conduct)
        if snapshot is None:
            continue
        well = well_regions(snapshot, before)
        ill = [each for each in before if each not in well]
        if not ill:
            break
    return ill


def _engine(world: World) -> LoadEngine:
    if world.load is None:
        raise UsageError("there is no load engine here")
    return world.load


def _deadline_s(load: Load, plan: LoadPlan) -> float | None:
    """A script of one's own may take longer than what was asked for; the engine ends one that does not say how long."""
    if not load.script:
        return load.duration_s + GRACE_S
    return sum(seconds for _, seconds in plan.phases) + GRACE_S if plan.phases else None


def _calls(load: Load, plan: LoadPlan, world: World) -> tuple[PlannedCall, ...]:
    """The engine's command; a script of one's own with its digest, so that another text is another plan."""
    command = f"{plan.command} (script {plan.script_digest[:12]})" if load.script else plan.command
    sent = PlannedCall(plan.tool, command, load_words(load), writes=True, undo="stopped on any abort")
    if world.annotations is None:
        return (sent,)
    return (sent, PlannedCall("grafana", "POST /api/annotations", "mark the time of the load", writes=True))


def _notes(plan: LoadPlan, against: Benchmark | None) -> tuple[str, ...]:
    notes = [
        phases_words(plan),
        *plan.notes,
        f"fails unless {', '.join(map(str, plan.thresholds))}" if plan.thresholds else "",
        f"compared with {against.id}, {against.status.value}" if against is not None else "",
    ]
    return tuple(note for note in notes if note)
