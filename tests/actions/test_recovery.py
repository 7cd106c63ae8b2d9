"""A runner dies, or is stopped for longer than its lease, at every point of a run: any other start finishes it."""

import threading
from dataclasses import replace

import pytest

from npconsole.actions import registry
from npconsole.actions.outcome import exit_code
from npconsole.actions.runner import Runner
from npconsole.errors import ExitCode
from npconsole.model.run import RunState, StepState, Verdict
from tests.actions.desk import CrashAt, CrashError, Desk
from tests.actions.virtual import play
from tests.actions.world import Manner

LEASE_S = 61.0
UNSENT = "nothing was sent: its runner died before"


@pytest.mark.parametrize(
    ("point", "state", "writes"),
    [
        ("requested", RunState.CANCELLED, 0),
        ("planned", RunState.CANCELLED, 0),
        ("confirmed", RunState.CANCELLED, 0),
        ("intent", RunState.FAILED, 0),
        ("intended", RunState.FAILED, 0),
        ("sent", RunState.DEGRADED, 0),
        ("called", RunState.SUCCEEDED, 1),
        ("applied", RunState.SUCCEEDED, 1),
        ("verifying", RunState.SUCCEEDED, 1),
        ("ended", RunState.SUCCEEDED, 1),
    ],
)
def test_a_restart_whose_runner_dies(desk: Desk, point: str, state: RunState, writes: int) -> None:
    desk.platform.p95_ms["us-east"] = 612.0
    asked = desk.request("restart")
    assert desk.crash(asked.id, point)
    assert not [run for run in desk.recover() if run.id == asked.id], "its lease is still in force"
    desk.pass_time(LEASE_S * 2)
    desk.recover()
    run = desk.state(asked.id)
    assert run.state is state
    assert len(desk.platform.writes) == desk.platform.restarts("us-east") == writes
    desk.recover()
    assert len(desk.platform.writes) == writes
    if point in ("intent", "intended"):
        assert run.outcome == UNSENT
    if point == "sent":
        assert (run.verdict, exit_code(run)) == (Verdict.UNKNOWN, ExitCode.UNVERIFIED)
    if writes:
        assert run.verdict is Verdict.HELPED


@pytest.mark.parametrize(
    ("point", "state"),
    [
        ("intent", RunState.FAILED),
        ("intended", RunState.FAILED),
        ("sent", RunState.REVERTED),
        ("called", RunState.REVERTED),
        ("applied", RunState.REVERTED),
        ("holding", RunState.REVERTED),
        ("reverting", RunState.REVERTED),
        ("settling", RunState.REVERTED),
        ("ended", RunState.REVERTED),
    ],
)
def test_a_drill_whose_runner_dies_is_taken_back(desk: Desk, point: str, state: RunState) -> None:
    asked = desk.request("drain")
    assert desk.crash(asked.id, point)
    desk.pass_time(LEASE_S)
    desk.recover()
    assert desk.state(asked.id).state is state
    assert desk.platform.rotation() == desk.platform.names
    assert [write.call for write in desk.platform.writes] in ([], ["disable", "enable"])


@pytest.mark.parametrize(
    "points", [("taken",), ("sorted", "reverting"), ("intended", "sent"), ("called",), ("settling",)]
)
def test_a_recovery_that_dies_is_recovered(desk: Desk, points: tuple[str, ...]) -> None:
    asked = desk.request("drain")
    assert desk.crash(asked.id, "holding")
    for point in points:
        desk.pass_time(LEASE_S)
        with pytest.raises(CrashError):
            play(desk.clock, desk.runner(CrashAt(point)).recover())
    desk.pass_time(LEASE_S)
    desk.recover()
    assert desk.state(asked.id).state is RunState.REVERTED
    assert desk.platform.rotation() == desk.platform.names


def test_one_that_cannot_be_taken_back_keeps_no_other_waiting(desk: Desk) -> None:
    drained, restarted = desk.request("drain"), desk.request("restart", "us-west")
    assert desk.crash(drained.id, "holding")
    assert desk.crash(restarted.id, "applied")
    desk.platform.manners.extend([Manner.SERVER_ERROR] * 8)
    desk.pass_time(LEASE_S)
    ended = {run.id: run for run in desk.recover()}
    assert ended[drained.id].state is RunState.REVERTED
    assert ended[restarted.id].state is RunState.SUCCEEDED
    assert ended[restarted.id].changed_wall < ended[drained.id].changed_wall


def test_a_run_whose_action_is_not_configured_any_more_is_given_up_aloud(desk: Desk) -> None:
    asked = desk.request("park")
    assert desk.crash(asked.id, "called")
    desk.pass_time(LEASE_S)
    runner = Runner(replace(desk.stage(), find=registry.find))
    (run,) = play(desk.clock, runner.recover())
    assert (run.state, run.verdict, exit_code(run)) == (RunState.DEGRADED, Verdict.UNKNOWN, ExitCode.UNVERIFIED)
    assert "there is no action 'park'" in run.outcome
    assert desk.told == [run.outcome]


@pytest.mark.parametrize("action", ["restart", "drain"])
@pytest.mark.parametrize("point", ["intent", "intended", "sent", "called", "applied", "holding", "verifying"])
def test_a_runner_that_was_stopped_and_goes_on_is_fenced(desk: Desk, action: str, point: str) -> None:
    """SIGSTOP for longer than the lease, another process recovers, SIGCONT: nothing more is sent by the first."""
    asked = desk.request(action)
    stopped: list[int] = []

    def stop(at: str) -> None:
        if at == point and not stopped:
            desk.clock.seconds += LEASE_S
            other = threading.Thread(target=desk.recover)
            other.start()
            other.join(timeout=30)
            stopped.append(len(desk.platform.writes))

    run = play(desk.clock, desk.runner(stop).run(asked.id))
    assert run.state.is_final
    assert run == desk.state(asked.id)
    assert [len(desk.platform.writes)] == stopped or not stopped
    assert desk.platform.restarts("us-east") <= 1
    assert desk.platform.rotation() == desk.platform.names or action == "restart"


def test_a_stopped_runner_whom_nobody_replaced_takes_its_own_run_back(desk: Desk) -> None:
    """The host slept through the hold: on waking the lease has expired, and the drill is taken back."""

    def sleep(at: str) -> None:
        if at == "holding":
            desk.clock.seconds += 7200.0

    asked = desk.request("drain", hold="1m")
    run = play(desk.clock, desk.runner(sleep).run(asked.id))
    assert run.state is RunState.REVERTED
    assert desk.platform.rotation() == desk.platform.names


def test_a_call_that_was_out_when_its_runner_died_is_not_sent_again(desk: Desk) -> None:
    desk.platform.manners.append(Manner.SILENT_LATE_EFFECT)
    asked = desk.request("restart")
    assert desk.crash(asked.id, "unknown")
    desk.pass_time(LEASE_S)
    desk.recover()
    run = desk.state(asked.id)
    assert [step.state for step in run.steps] == [StepState.APPLIED]
    assert len(desk.platform.writes) == 1


def test_a_stolen_lease_stops_the_run_at_once(desk: Desk) -> None:
    def steal(at: str) -> None:
        if at == "holding":
            desk.journal.steal("us-east", actor="bob", reason="I know better")

    asked = desk.request("drain", hold="1m")
    run = play(desk.clock, desk.runner(steal).run(asked.id))
    assert run.state is RunState.REVERTED
    assert desk.platform.rotation() == desk.platform.names
