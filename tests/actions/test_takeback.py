"""Undoing a run that has ended: a run of its own, that never overrules a person."""

import pytest

from npconsole.actions.outcome import exit_code
from npconsole.actions.takeback import last_undoable
from npconsole.errors import ExitCode
from npconsole.model.action import AccessRole
from npconsole.model.run import Actor, RunState, Verdict
from tests.actions.desk import Desk
from tests.actions.world import Manner

OPERATOR = Actor("olga", AccessRole.OPERATOR, "console")


def test_a_run_is_taken_back_and_read_again(desk: Desk) -> None:
    parked = desk.run("park")
    assert desk.platform.rotation() == ("us-west", "eu-west")
    run = desk.run("undo", parked.id)
    assert (run.state, run.verdict, exit_code(run)) == (RunState.SUCCEEDED, Verdict.HELPED, ExitCode.OK)
    assert run.outcome == f"it helped; park us-east (run {parked.id}) is taken back, as read again"
    assert desk.platform.rotation() == desk.platform.names


def test_once_is_enough(desk: Desk) -> None:
    parked = desk.run("park")
    desk.run("undo", parked.id)
    again = desk.run("undo", parked.id)
    assert (again.state, again.verdict) == (RunState.SUCCEEDED, Verdict.NO_EFFECT)
    assert [write.call for write in desk.platform.writes] == ["disable", "enable"]


def test_what_a_person_has_changed_since_is_left_as_it_is(desk: Desk) -> None:
    parked = desk.run("park")
    desk.platform.change_pool("pool-us-east", shed_percent=50.0)
    run = desk.run("undo", parked.id)
    assert (run.state, exit_code(run)) == (RunState.FAILED, ExitCode.FAILED)
    assert "somebody else has changed it since" in run.outcome
    assert [write.call for write in desk.platform.writes] == ["disable"]


def test_an_undo_without_an_answer_ends_as_read(desk: Desk) -> None:
    parked = desk.run("park")
    desk.platform.manners.extend([Manner.SILENT_AFTER_EFFECT] * 3)
    run = desk.run("undo", parked.id)
    assert (run.state, run.verdict) == (RunState.SUCCEEDED, Verdict.HELPED)
    assert desk.platform.rotation() == desk.platform.names


def test_an_undo_whose_runner_dies_is_finished(desk: Desk) -> None:
    parked = desk.run("park")
    asked = desk.request("undo", parked.id)
    assert desk.crash(asked.id, "sent")
    desk.pass_time(61)
    desk.recover()
    assert desk.state(asked.id).state is RunState.SUCCEEDED
    assert desk.platform.rotation() == desk.platform.names


def test_it_takes_the_role_that_the_run_took(desk: Desk) -> None:
    parked = desk.run("park")
    run = desk.run("undo", parked.id, actor=OPERATOR)
    assert (run.state, run.outcome) == (RunState.FAILED, "park needs the role admin, and so does its undo")


@pytest.mark.parametrize("what", ["restart", "drain"])
def test_what_cannot_be_undone(desk: Desk, what: str) -> None:
    run = desk.run("undo", desk.run(what).id)
    assert (run.state, exit_code(run)) == (RunState.FAILED, ExitCode.USAGE)
    assert "there is nothing to undo" in run.outcome


def test_the_last_one_that_can_be(desk: Desk) -> None:
    assert last_undoable(desk.journal, desk.find) is None
    first, second = desk.run("park"), desk.run("park", "us-west")
    desk.run("restart")
    found = last_undoable(desk.journal, desk.find)
    assert found is not None
    assert found.id == second.id
    desk.run("undo", second.id)
    found = last_undoable(desk.journal, desk.find)
    assert found is not None
    assert found.id == first.id
