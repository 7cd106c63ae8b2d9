"""The one way to change the world: what happens around a call when the memory or the lease is lost."""

from dataclasses import replace

import pytest

from npconsole.actions.planner import Planner
from npconsole.actions.runner import Runner
from npconsole.errors import StoreError
from npconsole.model.run import RunState, StepState
from tests.actions.desk import Desk
from tests.actions.flaky import FlakyJournal
from tests.actions.virtual import play
from tests.actions.world import Manner

LEASE_S = 61.0


def test_without_a_memory_nothing_is_sent(desk: Desk) -> None:
    asked = desk.request("restart")
    journal = FlakyJournal(desk.journal)

    def lose(point: str) -> None:
        journal.gone = point == "intended"

    runner = Runner(replace(desk.stage(lose), journal=journal))
    with pytest.raises(StoreError):
        play(desk.clock, runner.run(asked.id))
    assert not desk.platform.writes
    desk.pass_time(LEASE_S)
    desk.recover()
    assert desk.state(asked.id).state is RunState.FAILED


def test_an_undo_goes_out_although_the_memory_is_gone(desk: Desk) -> None:
    asked = desk.request("drain", hold="10s")
    journal = FlakyJournal(desk.journal)

    def lose(point: str) -> None:
        journal.gone = journal.gone or point == "holding"

    runner = Runner(replace(desk.stage(lose), journal=journal))
    play(desk.clock, runner.run(asked.id))
    assert [write.call for write in desk.platform.writes] == ["disable", "enable"]
    assert desk.platform.rotation() == desk.platform.names
    assert desk.state(asked.id).state is RunState.HOLDING
    desk.pass_time(LEASE_S)
    desk.recover()
    assert desk.state(asked.id).state is RunState.REVERTED
    assert len(desk.platform.writes) == 2


def test_a_memory_that_is_gone_for_longer_than_a_lease_ends_a_restart_and_recovery_finishes_it(desk: Desk) -> None:
    asked = desk.request("restart")
    journal = FlakyJournal(desk.journal)

    def lose(point: str) -> None:
        journal.gone = journal.gone or point == "called"

    runner = Runner(replace(desk.stage(lose), journal=journal))
    with pytest.raises(StoreError):
        play(desk.clock, runner.run(asked.id))
    desk.pass_time(LEASE_S)
    desk.recover()
    run = desk.state(asked.id)
    assert run.state is RunState.SUCCEEDED
    assert desk.platform.restarts("us-east") == 1


def test_a_plan_without_a_memory_is_shown_and_refused(desk: Desk) -> None:
    journal = FlakyJournal(desk.journal)
    request = desk.request("restart").request
    journal.gone = True
    plan = play(desk.clock, Planner(replace(desk.stage(), journal=journal)).prepare(request)).plan
    assert plan.calls
    assert plan.refusals[0].reason == "the memory cannot be written: no space left on device"
    assert {answer.guard for answer in plan.refusals} >= {"memory", "lease", "open-run", "restart-budget"}


def test_a_call_that_outlives_its_lease_is_told_to_people(desk: Desk) -> None:
    """It may take effect late, and its owner may send nothing more."""
    desk.platform.manners.append(Manner.SILENT_LATE_EFFECT)
    asked = desk.request("restart")

    def stop(point: str) -> None:
        if point == "called":
            desk.clock.seconds += LEASE_S
            desk.journal.take_over(asked.id, owner="other", ttl_s=60.0)

    play(desk.clock, desk.runner(stop).run(asked.id))
    assert desk.told == ["deploymentRestart dep-0 may take effect late: the lease was lost while it was out"]
    assert [step.state for step in desk.state(asked.id).steps] == [StepState.SENT]


def test_a_fault_of_ours_in_the_middle_of_a_call_is_an_unknown_outcome(desk: Desk) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    desk.platform.on_write = fail
    run = desk.run("restart")
    assert run.state is RunState.DEGRADED
    assert [(step.state, step.detail) for step in run.steps] == [(StepState.UNKNOWN, "ZeroDivisionError")]
