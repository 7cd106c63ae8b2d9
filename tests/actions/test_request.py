"""The side that asks: requests that make sense, confirmation, watching."""

import asyncio
from dataclasses import replace

import pytest

from npconsole.actions import registry
from npconsole.actions.outcome import exit_code
from npconsole.actions.request import ask, confirm, require_confirmation, watch
from npconsole.errors import ExitCode, RefusedError, UsageError
from npconsole.model.action import Danger
from npconsole.model.run import BlastRadius, Plan, Presence, Run, RunEvent, RunState
from tests.actions.desk import ALICE, Desk
from tests.actions.virtual import play
from tests.actions.world import Platform

RESTART = registry.find("restart")
ESTATE = Platform().estate
PLAN = Plan("restart", "us-east", Danger.CONFIRM, (), (), BlastRadius(), "", None, "d1")
PRESENCE = Presence("c1", "alice", "here", 7, "console", 0.0)


def test_a_reason_is_one_clean_line() -> None:
    request = ask(RESTART, "us-east", {}, actor=ALICE, estate=ESTATE, reason='x\n{"ev":"\x1b[31m"}' + "y" * 9000)
    assert "\n" not in request.reason
    assert "\x1b" not in request.reason
    assert len(request.reason) <= 500


@pytest.mark.parametrize(
    ("overrides", "reason", "message"),
    [
        (("cooldown",), "x", "restart has no guard 'cooldown'; did you mean `cool-down`?"),
        (("role",), "x", "the guard role cannot be overridden"),
        (("last-healthy-region",), "x", "the guard last-healthy-region cannot be overridden"),
        (("cool-down",), " ", "a guard is not overridden without a reason"),
    ],
)
def test_overrides_that_make_no_sense(overrides: tuple[str, ...], reason: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(RESTART, "us-east", {}, actor=ALICE, estate=ESTATE, reason=reason, overrides=overrides)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("plan", "confirmed", "typed", "hint"),
    [
        (replace(PLAN, danger=Danger.SAFE), False, "", None),
        (PLAN, True, "", None),
        (PLAN, False, "us-east", "add --yes"),
        (replace(PLAN, danger=Danger.TYPED), True, "us-east", None),
        (replace(PLAN, danger=Danger.TYPED), True, "us-eas", "add --confirm us-east"),
        (replace(PLAN, danger=Danger.TYPED, typed="purge everything"), True, "", "add --confirm 'purge everything'"),
    ],
)
def test_confirmation(plan: Plan, confirmed: bool, typed: str, hint: str | None) -> None:
    if hint is None:
        require_confirmation(plan, confirmed=confirmed, typed=typed)
        return
    with pytest.raises(RefusedError) as caught:
        require_confirmation(plan, confirmed=confirmed, typed=typed)
    assert (caught.value.hint, caught.value.exit_code) == (hint, ExitCode.REFUSED)


def test_what_is_confirmed_is_bound_to_the_plan_that_was_seen() -> None:
    request = confirm(ask(RESTART, "us-east", {}, actor=ALICE, estate=ESTATE), PLAN, confirmed=True, typed="")
    assert (request.confirmed, request.plan_digest) == (True, "d1")


def test_watching_sees_every_event_once_and_is_the_operators_heartbeat(desk: Desk) -> None:
    asked = desk.request("drain", hold="80s")
    seen: list[RunEvent] = []

    async def both() -> Run:

        async with asyncio.TaskGroup() as group:
            watching = watch(desk.journal, asked.id, clock=desk.clock, on_event=seen.append, presence=lambda: PRESENCE)
            watched = group.create_task(watching)
            group.create_task(desk.runner().run(asked.id))
        return watched.result()

    run = play(desk.clock, both())
    assert run.state is RunState.REVERTED
    assert exit_code(run) is ExitCode.OK, "an operator who watches keeps the drill going"
    assert [event.sequence for event in seen] == list(range(1, len(seen) + 1))


def test_watching_ends_in_time_although_the_run_does_not(desk: Desk) -> None:
    asked = desk.request("restart")
    run = play(desk.clock, watch(desk.journal, asked.id, clock=desk.clock, on_event=lambda _: None, timeout_s=5.0))
    assert run.state is RunState.REQUESTED
    assert exit_code(run) is ExitCode.UNREACHABLE


@pytest.mark.parametrize(
    ("state", "written", "expected"),
    [
        (RunState.SUCCEEDED, None, ExitCode.OK),
        (RunState.REFUSED, None, ExitCode.REFUSED),
        (RunState.REFUSED, 3, ExitCode.UNAUTHORISED),
        (RunState.FAILED, None, ExitCode.FAILED),
        (RunState.FAILED, 4, ExitCode.PARTIAL),
        (RunState.DEGRADED, 7, ExitCode.UNVERIFIED),
        (RunState.REVERTED, 0, ExitCode.OK),
        (RunState.REVERTED, 5, ExitCode.CANCELLED),
        (RunState.CANCELLED, None, ExitCode.CANCELLED),
        (RunState.REVERT_FAILED, None, ExitCode.UNVERIFIED),
        (RunState.HOLDING, None, ExitCode.UNREACHABLE),
        (RunState.FAILED, 424242, ExitCode.FAILED),
        (RunState.FAILED, "0", ExitCode.FAILED),
    ],
)
def test_exit_codes(state: RunState, written: object, expected: ExitCode) -> None:
    request = ask(RESTART, "us-east", {}, actor=ALICE, estate=ESTATE)
    result = {} if written is None else {"exit": written}
    assert exit_code(Run("r", request, state, 0, 0, result=result)) is expected
