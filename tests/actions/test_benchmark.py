"""The frame of a benchmark: what must be true before, what stops it, and that its load ends with it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import pytest

from npconsole.actions.rules import Budget, Pace, Rules
from npconsole.actions.world import World
from npconsole.errors import ExitCode
from npconsole.model.clock import Clock
from npconsole.model.load import Load, LoadFigures
from npconsole.model.run import RunState, Verdict
from tests.actions.desk import Desk
from tests.actions.opened import opened
from tests.actions.virtual import play
from tests.actions.world import HEALTHY, SICK, Platform


@dataclass
class Load1:
    """A load that is over when its time is. `stopped` is when it was told to end."""

    clock: Clock
    load: Load
    began: float
    stopped: float | None = None

    @property
    def is_over(self) -> bool:
        return self.clock.now() - self.began >= self.load.duration_s

    async def figures(self) -> LoadFigures:
        elapsed_s = self.clock.now() - self.began
        return LoadFigures(elapsed_s, int(elapsed_s * 50), 50.0, 40.0, 120.0, 200.0, 0.001)

    async def stop(self) -> LoadFigures:
        self.stopped = self.clock.now()
        return await self.figures()


@dataclass
class Engine:
    """A LoadEngine of such loads."""

    platform: Platform
    runs: list[Load1] = field(default_factory=list)

    async def start(self, load: Load) -> Load1:
        await asyncio.sleep(0.1)
        self.runs.append(Load1(self.platform.clock, load, self.platform.clock.now()))
        return self.runs[-1]


@dataclass
class Loaded(Platform):
    engine: Engine | None = None

    def world(self) -> World:
        return replace(super().world(), load=self.engine)


Make = Callable[..., Desk]


@pytest.fixture
def make() -> Iterator[Make]:
    with ExitStack() as stack:

        def made(*, engine: bool = True, pace: Pace = Pace(operator_silence_s=100_000.0)) -> Desk:  # noqa: B008 (frozen)
            platform = Loaded()
            platform.engine = Engine(platform) if engine else None
            return stack.enter_context(opened(lambda folder: Desk(folder, platform, Rules(pace, Budget()))))

        yield made


def runs(desk: Desk) -> list[Load1]:
    assert isinstance(desk.platform, Loaded)
    return desk.platform.engine.runs if desk.platform.engine else []


def test_without_an_engine_it_is_refused_before_anything_is_taken(make: Make) -> None:
    desk = make(engine=False)
    run = desk.run("benchmark", "edge")
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.USAGE)
    assert "the load engine is not part of this version" in run.outcome
    assert run.fence == 0
    assert not run.steps


def test_it_goes_to_its_end_and_its_figures_are_kept(make: Make) -> None:
    desk = make()
    run = desk.run("benchmark", "edge", users="20", duration="30s")
    assert (run.state, run.verdict, run.result["exit"]) == (RunState.SUCCEEDED, Verdict.NO_EFFECT, ExitCode.OK)
    [load] = runs(desk)
    assert load.load == Load("http://edge", 20, 30.0)
    assert load.stopped is not None
    figures = run.result["load"]
    assert isinstance(figures, dict)
    assert figures["p95_ms"] == 120.0
    assert "p95 120 ms" in run.outcome


def test_it_is_refused_in_an_incident_and_out_of_a_steady_state(make: Make) -> None:
    desk = make()
    desk.platform.health["eu-west"] = SICK
    run = desk.run("benchmark", "edge")
    assert run.state is RunState.REFUSED
    assert "an incident is open" in run.outcome
    assert "not in a steady state: eu-west does not serve" in run.outcome
    assert not runs(desk)


def test_it_is_stopped_when_a_region_suffers(make: Make) -> None:
    desk = make()
    asked = desk.request("benchmark", "edge", duration="5m")
    sick = lambda point: desk.platform.health.update({"us-east": SICK}) if point == "applied" else None  # noqa: E731
    run = play(desk.clock, desk.runner(sick).run(asked.id))
    assert run.state is RunState.FAILED
    assert "the load was stopped: us-east not healthy" in run.outcome
    [load] = runs(desk)
    assert load.stopped is not None
    assert load.stopped - load.began < 10
    desk.platform.health["us-east"] = HEALTHY


def test_nobody_watching_stops_it(make: Make) -> None:
    desk = make(pace=Pace())
    run = desk.run("benchmark", "edge", duration="10m")
    assert run.state is RunState.CANCELLED
    [load] = runs(desk)
    assert load.stopped is not None
    assert load.stopped - load.began < 70


def test_what_died_is_not_sent_a_second_time(make: Make) -> None:
    desk = make()
    asked = desk.request("benchmark", "edge")
    assert desk.crash(asked.id, "applied")
    desk.pass_time(61)
    [run] = desk.recover()
    assert run.state is RunState.FAILED
    assert len(runs(desk)) == 1


@pytest.mark.parametrize("given", [{"users": "0"}, {"duration": "0s"}])
def test_no_load_is_no_benchmark(make: Make, given: dict[str, str]) -> None:
    desk = make()
    assert desk.run("benchmark", "edge", **given).state is RunState.FAILED
    assert not runs(desk)
