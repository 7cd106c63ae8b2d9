"""Runs and people in words."""

import pytest

from npconsole.model.desk import DeskState
from npconsole.model.level import Level
from npconsole.model.run import HELD_UNTIL, RunRequest, RunState, Step, StepState
from npconsole.views.console.progress import company, last_reversible, last_undoable, own, told, under_way
from tests.views.console.desk import SPECS, FakeDesk, present, run, watched
from tests.views.console.feed import WALL

ACTOR = FakeDesk().actor


def test_each_event_is_a_line_and_the_first_has_the_command() -> None:
    lines = told([watched(run(), RunState.REQUESTED, RunState.SENT, RunState.SUCCEEDED)])
    assert [line.text for line in lines] == [
        "requested by alice · npconsole run restart us-east --yes",
        "sent: text of sent",
        "succeeded: text of succeeded",
    ]
    assert [line.subject for line in lines] == ["restart us-east"] * 3
    assert [line.level for line in lines] == [None, None, Level.OK]


@pytest.mark.parametrize("state", list(RunState))
def test_every_state_is_words(state: RunState) -> None:
    assert "_" not in told([watched(run(state), RunState.REQUESTED, state)])[1].text.partition(":")[0]


def test_lines_of_several_runs_are_in_the_order_of_time() -> None:
    runs = [
        watched(run(number=2, ago_s=10), RunState.REQUESTED, RunState.SENT),
        watched(run(number=1, ago_s=9.5), RunState.REQUESTED),
    ]
    lines = told(runs)
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("state", "left_s", "undo", "words"),
    [
        (RunState.SENT, None, "", "▶ restart us-east: sent, 42 s"),
        (RunState.VERIFYING, None, "take it back", "▶ restart us-east: verifying, 42 s · u undoes it"),
        (RunState.HOLDING, 190.0, "enable the pool", "▶ restart us-east holds, 3:10 left · u ends it now"),
        (RunState.HOLDING, None, "", "▶ restart us-east: holding, 42 s"),
        (RunState.HOLDING, -3.0, "", "▶ restart us-east holds, 0:00 left"),
        (RunState.REVERT_FAILED, None, "", "▶ restart us-east: revert failed, 42 s"),
    ],
)
def test_what_is_under_way(state: RunState, left_s: float | None, undo: str, words: str) -> None:
    one = run(state, result={} if left_s is None else {HELD_UNTIL: WALL + left_s})
    assert [said for said, _ in under_way(DeskState((watched(one, undo=undo),)), WALL, "u")] == [words]


def test_what_has_ended_is_not_under_way() -> None:
    assert under_way(DeskState((watched(run(RunState.SUCCEEDED)),)), WALL, "u") == []


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ((), ""),
        ((present("me"),), ""),
        ((present("me", doing="restart us-east"),), ""),
        ((present("me"), present("bob")), "2 here"),
        ((present("me"), present("bob", doing="restart us-east")), "2 here, bob acting: restart us-east"),
        ((present("me"), present("healer", via="heal")), ""),
        ((present("me"), present("healer", via="heal", doing="restart us-west")), ""),
    ],
)
def test_company(people: tuple[object, ...], words: str) -> None:
    assert company(DeskState(present=people, me="me")) == words  # type: ignore[arg-type]  # the table holds Presence


def test_the_last_run_that_can_be_undone_and_the_runs_of_this_console() -> None:
    first, second = watched(run(number=2)), watched(run(RunState.HOLDING, number=1), undo="enable the pool")
    ended = watched(run(RunState.SUCCEEDED, number=3))
    state = DeskState((ended, first, second))
    assert last_undoable(state) is second
    assert last_undoable(DeskState((first,))) is None
    assert [each.id for each in own(state, ["run-1", "run-3"])] == ["run-1"]


def test_an_ended_run_is_reversible_once_and_only_where_it_left_something() -> None:
    done = Step(1, "resolve API-3", StepState.APPLIED, undo="{}")
    resolve = RunRequest("resolve", "API-3", ACTOR, confirmed=True)
    ended = watched(run(RunState.SUCCEEDED, request=resolve, steps=(done,)))
    undo = watched(run(RunState.SUCCEEDED, number=2, request=RunRequest("undo", "run-1", ACTOR)))
    refused = watched(run(RunState.REFUSED, number=3, request=RunRequest("undo", "run-1", ACTOR)))
    assert last_reversible(DeskState((ended,)), SPECS) is ended.run
    assert last_reversible(DeskState((refused, ended)), SPECS) is ended.run
    assert last_reversible(DeskState((undo, ended)), SPECS) is None
    assert last_reversible(DeskState((watched(run(RunState.SUCCEEDED, request=resolve)),)), SPECS) is None
    assert last_reversible(DeskState((watched(run(RunState.SUCCEEDED, steps=(done,))),)), SPECS) is None
