"""The console's desk on a real platform and a real journal: plans, requests, what goes on, and the way back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from npconsole.actions.registry import find
from npconsole.actions.request import ask
from npconsole.config.estate import to_estate
from npconsole.errors import RefusedError, UsageError
from npconsole.model.action import AccessRole, TargetKind
from npconsole.model.clock import SystemClock
from npconsole.model.desk import DeskState, WatchedRun
from npconsole.model.run import Actor, RunRequest, RunState
from npconsole.wiring.desk import LiveDesk, Seat
from tests.real.operations import INSISTED, Operations, operations
from tests.real.program import until

ALICE = Actor("alice", AccessRole.ADMIN, "console")

# The runs of one test are what the next one looks at.
pytestmark = pytest.mark.xdist_group("desk")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operations]:
    with operations(tmp_path_factory.mktemp("bench"), options=("--speed", "2")) as bench:
        yield bench


@contextmanager
def desk(bench: Operations, host: str = "here", *, actor: Actor = ALICE, read_only: bool = False) -> Iterator[LiveDesk]:
    made = LiveDesk(Seat(bench.loaded, bench.env(host), SystemClock(), actor, read_only))
    made.start()
    try:
        yield made
    finally:
        made.stop(5.0)


def request(bench: Operations, action: str, target: str, **parameters: str) -> RunRequest:
    return ask(
        find(action),
        target,
        {name: [value] for name, value in parameters.items()},
        actor=ALICE,
        estate=to_estate(bench.loaded.config),
        reason="test",
        overrides=INSISTED.get(action, ()),
    )


def watched(made: LiveDesk, run_id: str, true: Callable[[WatchedRun], bool]) -> WatchedRun:
    """The run as soon as it is so."""
    until(
        lambda: any(each.run.id == run_id and true(each) for each in made.state.runs),
        what=f"run {run_id} in {[(each.run.id, each.run.state) for each in made.state.runs]}",
        within_s=40,
    )
    return next(each for each in made.state.runs if each.run.id == run_id)


def test_a_plan_is_made_and_changes_nothing(bench: Operations) -> None:
    with desk(bench) as made:
        plan = made.plan(request(bench, "restart", "us-east")).result(30)
        assert {answer.guard for answer in plan.guards} >= {"role", "lease", "last-healthy-region"}
        assert not plan.refusals
        with pytest.raises(UsageError):
            made.plan(replace(request(bench, "restart", "us-east"), target="us-esat")).result(30)
    assert bench.record()["writes"] == {"railway": 0, "cloudflare": 0, "sentry": 0}


def test_what_is_not_confirmed_does_not_become_a_run(bench: Operations) -> None:
    with desk(bench) as made:
        with pytest.raises(RefusedError, match="not confirmed"):
            made.submit(request(bench, "restart", "us-east")).result(30)
        with pytest.raises(UsageError, match="only reckoned"):
            made.submit(request(bench, "failover", "us-east")).result(30)
        assert bench.runs() == []


def test_a_drill_that_is_watched_and_ended_early(bench: Operations) -> None:
    heard: list[DeskState] = []
    with desk(bench) as made, desk(bench, actor=replace(ALICE, name="bob")) as other:
        end = made.subscribe(heard.append)
        asked = request(bench, "failover", "us-east", execute="yes", hold="60s")
        run_id = made.submit(replace(asked, confirmed=True, typed="us-east")).result(30)
        made.beat("failover us-east", (run_id,))
        other.beat("", ())
        held = watched(made, run_id, lambda each: each.run.state is RunState.HOLDING)
        assert held.undo
        assert [event.sequence for event in held.events] == list(range(1, len(held.events) + 1))
        until(lambda: len(made.state.present) == 2, what="both consoles", within_s=20)
        assert {each.actor for each in made.state.present} == {"alice", "bob"}
        assert made.state.me in {each.id for each in made.state.present}
        other.undo(run_id, "enough").result(10)
        ended = watched(made, run_id, lambda each: each.run.state.is_final)
        end()
    assert ended.run.state is RunState.REVERTED
    assert ended.undo == ""
    assert all(bench.pools().values())
    assert heard


def test_who_may_not_act_is_told_why_and_leaves_no_trace(bench: Operations) -> None:
    with desk(bench, read_only=True) as made:
        assert made.read_only == "this console is read-only"
    viewer = replace(ALICE, role=AccessRole.VIEWER)
    with desk(bench, actor=viewer) as made:
        assert made.read_only == "alice is viewer"
        with pytest.raises(RefusedError):
            made.undo(bench.runs()[0].id, "").result(10)


def test_the_undo_of_a_run_is_asked_for_by_itself(bench: Operations) -> None:
    with desk(bench) as made:
        assert made.specs
        assert all(spec.target is not TargetKind.RUN for spec in made.specs)


def test_a_journal_that_cannot_be_used_is_said_and_found_again(bench: Operations) -> None:
    folder = bench.folder / "broken/state/npconsole"
    bench.env("broken")
    folder.mkdir(parents=True, mode=0o700)
    path = folder / "npconsole.db"
    path.touch(mode=0o600)
    path.write_bytes(b"this is no database" * 100)
    with desk(bench, "broken") as made:
        until(lambda: bool(made.state.problem), what="the problem", within_s=20)
        assert str(path) in made.state.problem
        path.unlink()
        until(lambda: not made.state.problem, what="the journal", within_s=20)
