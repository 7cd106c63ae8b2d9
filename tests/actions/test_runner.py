"""From request to end: what is on disk when, who may begin, what a signal or an abort does."""

import asyncio
from dataclasses import replace

import pytest

from npconsole.actions.outcome import exit_code
from npconsole.actions.planner import Planner
from npconsole.actions.rules import Rules
from npconsole.actions.runner import Runner
from npconsole.errors import ExitCode, UsageError
from npconsole.model.action import AccessRole
from npconsole.model.run import Actor, Run, RunState, StepState
from npconsole.model.snapshot import Snapshot
from npconsole.wiring.memory import stores_over
from tests.actions.desk import Desk
from tests.actions.virtual import play
from tests.actions.world import REFUSED, SICK, Manner, Write


def states(desk: Desk, run: Run) -> list[str]:
    """The states of a run in the order in which it came to them."""
    seen = [event.state.value for event in desk.journal.events(run.id)]
    return [state for index, state in enumerate(seen) if index == 0 or seen[index - 1] != state]


def test_a_restart_goes_through_its_states(desk: Desk) -> None:
    run = desk.run("restart")
    expected = "requested planned confirmed intent sent applied verifying succeeded"
    assert states(desk, run) == expected.split()


def test_a_drill_goes_through_its_states(desk: Desk) -> None:
    run = desk.run("drain", hold="10s")
    expected = "requested planned confirmed intent sent applied holding reverting settling reverted"
    assert states(desk, run) == expected.split()
    assert exit_code(run) is ExitCode.OK
    assert [write.call for write in desk.platform.writes] == ["disable", "enable"]


def test_nothing_is_sent_before_its_step_is_on_disk_as_sent(desk: Desk) -> None:
    found: list[tuple[str, StepState, str]] = []

    def look(write: Write) -> None:
        (open_run,) = desk.journal.runs(open_only=True)
        found.append((write.call, open_run.steps[-1].state, open_run.steps[-1].undo))

    desk.platform.on_write = look
    desk.run("drain")
    assert [(call, state) for call, state, _ in found] == [("disable", StepState.SENT), ("enable", StepState.SENT)]
    assert '"enabled": true' in found[0][2]


def test_the_lease_is_given_back(desk: Desk) -> None:
    desk.run("drain")
    assert desk.journal.consult("", lambda ledger: ledger.lease_on("us-east")) is None
    assert desk.journal.consult("", lambda ledger: ledger.lease_on("edge")) is None


def test_a_refused_run_sends_nothing_and_says_why(desk: Desk) -> None:
    desk.platform.health |= {"us-west": SICK, "eu-west": SICK}
    run = desk.run("restart")
    assert (run.state, exit_code(run)) == (RunState.REFUSED, ExitCode.REFUSED)
    assert run.outcome.startswith("us-east is the last healthy region in rotation")
    assert not desk.platform.writes


def test_not_confirmed(desk: Desk) -> None:
    run = desk.run("restart", confirmed=False)
    assert (run.state, run.outcome) == (RunState.REFUSED, "nobody has confirmed it: add --yes")


@pytest.mark.parametrize("target", ["us-east", "api", "neuropilot"])
def test_a_mute_of_a_region_its_service_or_the_environment_holds_a_heal(desk: Desk, target: str) -> None:
    stores_over(desk.journal).mutes.mute(target, for_s=600, reason="release", actor="bob")
    run = desk.run("restart", actor=Actor("healer", AccessRole.OPERATOR, "heal"))
    assert (run.state, run.outcome) == (RunState.REFUSED, f"muted, {target}: release")
    assert not desk.platform.writes
    assert desk.run("restart").state is RunState.SUCCEEDED, "a person may act"


def test_a_viewer_may_not(desk: Desk) -> None:
    run = desk.run("restart", actor=Actor("eve", AccessRole.VIEWER, "cli"))
    assert (run.state, run.outcome) == (RunState.REFUSED, "restart needs the role operator, and eve is viewer")


def test_read_only(desk: Desk) -> None:
    desk.rules = Rules(read_only=True)
    run = desk.run("restart")
    assert (run.state, run.outcome) == (RunState.REFUSED, "this console is read-only")


def test_a_person_overrides_a_soft_guard_with_a_reason_and_the_healer_does_not(desk: Desk) -> None:
    desk.run("restart")
    healer = Actor("healer", AccessRole.OPERATOR, "heal")
    assert desk.run("restart", actor=healer, overrides=("cool-down",)).state is RunState.REFUSED
    assert desk.run("restart", overrides=("cool-down",)).state is RunState.SUCCEEDED
    assert desk.platform.restarts("us-east") == 2


def test_a_plan_that_changed_since_it_was_confirmed_is_not_run(desk: Desk) -> None:
    asked = desk.request("restart")
    digest = play(desk.clock, Planner(desk.stage()).prepare(asked.request)).plan.digest
    assert desk.run("restart", digest=digest).state is RunState.SUCCEEDED
    desk.pass_time(7200)
    desk.platform.deployments["us-east"] = replace(desk.platform.deployments["us-east"], id="dep-9")
    run = desk.run("restart", digest=digest)
    assert run.outcome == "the plan is no longer the one that was confirmed: look at it again"


def test_the_same_key_is_the_same_run(desk: Desk) -> None:
    first = desk.run("restart", key="job-7")
    second = desk.run("restart", key="job-7")
    assert first == second
    assert desk.platform.restarts("us-east") == 1


def test_everything_down_suspects_ourselves(desk: Desk) -> None:
    desk.platform.health = dict.fromkeys(desk.platform.names, REFUSED)
    run = desk.run("restart")
    assert run.outcome == "none of 3 regions answers this host: suspect this host before the world"
    desk.platform.online = False
    assert "this host seems to be offline" in desk.run("restart").outcome


def test_frozen_between_plan_and_intent_is_refused_in_the_transaction(desk: Desk) -> None:
    def freeze(point: str) -> None:
        if point == "confirmed":
            desk.journal.set_switch("actions.frozen", "release day", actor="bob")

    asked = desk.request("restart")
    run = play(desk.clock, desk.runner(freeze).run(asked.id))
    assert (run.state, run.outcome) == (RunState.REFUSED, "actions are frozen: release day")
    assert not desk.platform.writes


def test_two_at_once_on_one_target_are_one_restart_and_one_refusal_naming_the_holder(desk: Desk) -> None:
    asked, other = desk.request("restart"), desk.request("restart")
    second: list[Run] = []

    async def both() -> Run:
        first = desk.runner(lambda _: None)
        rival = desk.runner(lambda _: None)
        async with asyncio.TaskGroup() as group:
            one = group.create_task(first.run(asked.id))
            two = group.create_task(rival.run(other.id))
        second.append(two.result())
        return one.result()

    ended = {run.state: run for run in (play(desk.clock, both()), *second)}
    assert set(ended) == {RunState.SUCCEEDED, RunState.REFUSED}
    assert "runner-" in ended[RunState.REFUSED].outcome
    assert desk.platform.restarts("us-east") == 1


def test_abort_before_anything_was_sent_cancels(desk: Desk) -> None:
    asked = desk.request("drain")
    runner = desk.runner()
    runner.terminate("SIGTERM")
    run = play(desk.clock, runner.run(asked.id))
    assert (run.state, exit_code(run)) == (RunState.CANCELLED, ExitCode.CANCELLED)
    assert not desk.platform.writes


def test_abort_during_the_hold_reverts(desk: Desk) -> None:
    run = aborted_in(desk, "holding", "drain", hold="5m")
    assert (run.state, exit_code(run), run.verdict) == (RunState.REVERTED, ExitCode.CANCELLED, None)
    assert "asked to stop by bob: enough" in run.outcome
    assert desk.platform.rotation() == desk.platform.names


def test_abort_after_a_restart_was_sent_is_too_late(desk: Desk) -> None:
    run = aborted_in(desk, "applied", "restart")
    assert run.state is RunState.SUCCEEDED
    assert any(event.text.startswith("too late to stop") for event in desk.journal.events(run.id))


def test_a_signal_during_the_hold_reverts(desk: Desk) -> None:
    asked = desk.request("drain", hold="5m")
    runner: Runner = desk.runner(lambda point: runner.terminate("SIGTERM") if point == "holding" else None)
    run = play(desk.clock, runner.run(asked.id))
    assert (run.state, exit_code(run)) == (RunState.REVERTED, ExitCode.CANCELLED)


def test_a_drill_without_an_operator_reverts_early(desk: Desk) -> None:
    began = desk.clock.now()
    run = desk.run("drain", hold="10m")
    assert run.state is RunState.REVERTED
    assert run.outcome.startswith("no operator has watched for")
    assert desk.platform.effects[-1][0] - began < 70


def test_a_drill_ends_at_its_deadline(desk: Desk) -> None:
    desk.rules = Rules(replace(desk.rules.pace, operator_silence_s=10_000.0))
    began = desk.clock.now()
    run = desk.run("drain", hold="1h")
    assert (run.state, exit_code(run)) == (RunState.REVERTED, ExitCode.UNREACHABLE)
    assert desk.platform.effects[-1][0] - began < 310


def test_a_late_drain_is_taken_back_again(desk: Desk) -> None:
    """The operator gives up while the vendor has not answered; the drain lands after its own undo."""
    desk.platform.manners.append(Manner.SILENT_LATE_EFFECT)
    run = aborted_in(desk, "unknown", "drain")
    assert run.state is RunState.REVERTED
    assert [what for _, what in desk.platform.effects] == ["disable pool-us-east", "enable pool-us-east"]
    assert desk.platform.rotation() == desk.platform.names


def test_a_state_may_be_sent_again_and_a_restart_never(desk: Desk) -> None:
    desk.platform.manners.extend([Manner.SERVER_ERROR, Manner.SILENT])
    desk.rules = Rules(replace(desk.rules.pace, operator_silence_s=10_000.0))
    run = desk.run("drain", hold="10s")
    assert [step.state for step in run.steps] == [
        StepState.UNKNOWN,
        StepState.UNKNOWN,
        StepState.APPLIED,
        StepState.APPLIED,
    ]
    assert [write.call for write in desk.platform.writes] == ["disable", "disable", "disable", "enable"]


def test_a_person_who_changed_the_pool_meanwhile_is_not_overruled(desk: Desk) -> None:
    def meddle(point: str) -> None:
        if point == "holding":
            desk.platform.change_pool("pool-us-east", shed_percent=50.0)

    asked = desk.request("drain", hold="10s")
    run = play(desk.clock, desk.runner(meddle).run(asked.id))
    assert (run.state, exit_code(run)) == (RunState.CONFLICT, ExitCode.UNVERIFIED)
    assert [write.call for write in desk.platform.writes] == ["disable"]
    assert desk.told == [run.outcome]


def test_a_revert_that_fails_goes_on_for_as_long_as_it_takes(desk: Desk) -> None:
    desk.platform.manners.extend([Manner.OK, *[Manner.SERVER_ERROR] * 14])
    seen: list[str] = []
    asked = desk.request("drain", hold="10s")
    run = play(desk.clock, desk.runner(seen.append).run(asked.id))
    assert run.state is RunState.REVERTED
    assert "revert_failed" in seen
    assert len(desk.told) > 5
    assert "disable pool-us-east is still in force on us-east and cannot be taken back" in desk.told[0]
    assert desk.platform.rotation() == desk.platform.names


@pytest.mark.parametrize("run_id", ["", "nothing", "\x1b[31m"])
def test_there_is_no_such_run(desk: Desk, run_id: str) -> None:
    with pytest.raises(UsageError):
        play(desk.clock, desk.runner().run(run_id))


def test_an_ended_run_is_not_run_again(desk: Desk) -> None:
    run = desk.run("restart")
    assert play(desk.clock, desk.runner().run(run.id)) == run
    assert desk.platform.restarts("us-east") == 1


def aborted_in(desk: Desk, where: str, action_id: str, **parameters: str) -> Run:
    """Run an action, and have somebody ask for an abort at a point of it."""
    asked = desk.request(action_id, **parameters)  # type: ignore[arg-type]  # parameters are texts

    def abort(point: str) -> None:
        if point == where:
            desk.journal.ask_abort(asked.id, actor="bob", reason="enough")

    return play(desk.clock, desk.runner(abort).run(asked.id))


def test_an_action_that_heeds_no_stop_is_ended_and_taken_back(desk: Desk) -> None:
    began = desk.clock.now()
    run = desk.run("deaf", hold="1s")
    assert (run.state, exit_code(run)) == (RunState.REVERTED, ExitCode.CANCELLED)
    assert desk.platform.effects[-1][0] - began < 60 + desk.rules.pace.heed_s + 10


def test_a_channel_that_fails_does_not_fail_a_run(desk: Desk) -> None:
    def fail(_: Run, text: str) -> None:
        raise ConnectionError(text)

    desk.platform.restart_s = 10_000.0
    asked = desk.request("restart")
    run = play(desk.clock, Runner(replace(desk.stage(), notify=fail)).run(asked.id))
    assert run.state is RunState.DEGRADED
    assert desk.journal.events(run.id)[-1].text == "nobody could be told: ConnectionError"


def test_a_fault_of_ours_in_planning_ends_the_run(desk: Desk) -> None:
    async def fail() -> Snapshot:
        raise ZeroDivisionError

    asked = desk.request("restart")
    stage = desk.stage()
    run = play(desk.clock, Runner(replace(stage, world=replace(stage.world, look=fail))).run(asked.id))
    assert (run.state, exit_code(run)) == (RunState.FAILED, ExitCode.FAILED)
    assert run.outcome.startswith("a fault in npconsole itself")
