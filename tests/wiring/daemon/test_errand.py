"""The run of a decision: asked for once, begun once, and followed to its end."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from npconsole.errors import FencedError, ProcessError
from npconsole.model.run import RunState
from npconsole.wiring.daemon.errand import Errands
from npconsole.wiring.daemon.log import open_log
from tests.wiring.daemon.bench import Bench, bench
from tests.wiring.daemon.runs import request


@dataclass
class Runner:
    """A process whose end the test decides."""

    ended: int | None = None

    def code(self) -> int | None:
        return self.ended


@dataclass
class Launcher:
    """Starts nothing, and remembers for which runs it should have."""

    log: Path
    started: list[str] = field(default_factory=list)
    runner: Runner = field(default_factory=Runner)
    broken: bool = False

    def run(self, run_id: str) -> Runner:
        if self.broken:
            raise ProcessError("no more processes")
        self.started.append(run_id)
        return self.runner


@dataclass
class Scene:
    place: Bench
    launcher: Launcher
    log: Path

    def errands(self) -> Errands:
        """Those of one leader; each has runners of its own."""
        log = open_log(str(self.log), clock=self.place.clock, redact=str)
        return Errands(self.place.stores.journal, self.launcher, self.place.clock, log)  # type: ignore[arg-type]  # fake

    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.log.read_text().splitlines()]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with bench(tmp_path) as place:
        yield Scene(place, Launcher(tmp_path / "runner.log"), tmp_path / "heal.log")


def test_one_run_and_one_runner_however_often_it_is_asked_for(scene: Scene) -> None:
    errands = scene.errands()
    runs = [errands.start(request(), too_late=False) for _ in range(3)]
    assert len({run.id for run in runs}) == 1
    assert scene.launcher.started == [runs[0].id]
    assert scene.events() == ["run.started"]


def test_another_leader_gives_the_same_run_a_runner_that_begins_it_once(scene: Scene) -> None:
    first = scene.errands().start(request(), too_late=False)
    second = scene.errands().start(request(), too_late=False)
    assert first.id == second.id
    journal, begins = scene.place.stores.journal, 0
    for owner in ("one", "two"):
        try:
            journal.begin(first.id, owner=owner, targets=("us-east",), ttl_s=60, guards=lambda _: (), deadline_s=None)
            begins += 1
        except FencedError:
            assert owner == "two"
    assert begins == 1
    assert scene.errands().start(request(), too_late=False).fence
    assert len(scene.launcher.started) == 2


def test_too_late_it_is_closed_and_never_sent(scene: Scene) -> None:
    run = scene.errands().start(request(), too_late=True)
    assert (run.state, "too late" in run.outcome) == (RunState.FAILED, True)
    assert scene.launcher.started == []


def test_too_late_for_a_run_that_was_begun_says_nothing(scene: Scene) -> None:
    run = scene.errands().start(request(), too_late=False)
    scene.place.stores.journal.begin(
        run.id, owner="runner", targets=("us-east",), ttl_s=60, guards=lambda _: (), deadline_s=None
    )
    assert scene.errands().start(request(), too_late=True).state is RunState.INTENT


def test_no_process_is_said_in_the_run(scene: Scene) -> None:
    scene.launcher.broken = True
    run = scene.errands().start(request(), too_late=False)
    assert (run.state, run.outcome) == (RunState.FAILED, "nothing was sent: no more processes")


def test_a_runner_that_ends_without_beginning_closes_its_run(scene: Scene) -> None:
    errands = scene.errands()
    run = errands.start(request(), too_late=False)
    assert errands.look(run.id) == run
    scene.launcher.runner.ended = -9
    closed = errands.look(run.id)
    assert closed is not None
    assert (closed.state, "its runner ended with -9" in closed.outcome) == (RunState.FAILED, True)
    assert errands.runners == {}


async def test_it_is_followed_to_its_end(scene: Scene) -> None:
    errands = scene.errands()
    run = errands.start(request(), too_late=False)
    scene.launcher.runner.ended = 1
    assert (await errands.follow(run)).state is RunState.FAILED
