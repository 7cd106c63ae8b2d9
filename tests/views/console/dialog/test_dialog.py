"""The dialog as a person meets it: what opens, what fills in, and what is never taken for a yes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from npconsole.errors import RefusedError, StoreError, UsageError
from npconsole.model.action import AccessRole, Danger
from npconsole.model.desk import DeskState
from npconsole.model.run import Actor, RunState
from npconsole.views.console.app import ConsoleApp
from npconsole.views.console.dialog.answer import ALONE_S
from tests.views.console.desk import COOLING, LAST, PASSED, FakeDesk, run, watched
from tests.views.console.dialog.hands import Hands
from tests.views.console.feed import FakeClock, FakeFeed, scene, trouble
from tests.views.console.screen import at_desk, console, hides, screen_text, shows, until
from tests.views.console.test_app import HOSTILE, SIZES

SMALLEST = (60, 15)


@dataclass
class Opened:
    """A console that is running, and everything that a test moves."""

    app: ConsoleApp
    desk: FakeDesk
    feed: FakeFeed
    clock: FakeClock
    pilot: Pilot[Any]
    hands: Hands

    @property
    def in_dialog(self) -> bool:
        return self.app.screen is self.app.acting.dialog


@asynccontextmanager
async def opened(desk: FakeDesk | None = None, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Opened]:
    """A console over three regions of which one is down."""
    desk = desk or FakeDesk()
    app, feed, clock = console(trouble(), desk=desk)
    async with at_desk(app, size) as pilot:
        yield Opened(app, desk, feed, clock, pilot, Hands(pilot, clock))


async def quiet(pilot: Pilot[Any]) -> None:
    """Longer than a yes waits for what may come with it."""
    await pilot.pause(ALONE_S * 2)


@pytest.mark.parametrize("size", [SMALLEST, *SIZES])
async def test_it_opens_at_once_and_fills_in(size: tuple[int, int]) -> None:
    async with opened(size=size) as it:
        await it.hands.press("R")
        text = await shows(it.pilot, "Restart service · us-east", "reading…", "No, leave it", "Yes, restart us-east")
        assert "the guards have not answered yet" in text
        assert [request.action for request, _ in it.desk.plans] == ["restart"]
        it.desk.answer()
        await hides(it.pilot, "reading")
        await shows(it.pilot, "deployment 3f2a of commit 9c1b2d", "60 s left", "y yes")
        assert all(len(line) <= size[0] for line in screen_text(it.app).splitlines())


async def test_the_whole_plan_is_there() -> None:
    async with opened(size=(120, 50)) as it:
        await it.hands.press("R")
        it.desk.answer(guards=(*PASSED, COOLING))
        text = await shows(it.pilot, "Refused", "5 other guards pass")
    for words in (
        "● ok · p95 164 ms",
        "railway: deploymentRestart 3f2a  (restart the live deployment)",
        "only reads: watch its time stamp",
        "37 % of live traffic · deployment 3f2a",
        "us-west at 61 % of its capacity · eu-west head-room not known",
        "a restart cannot be undone",
        "the region answers healthy and p95 falls, within 3 min · measured after at most 3 min",
        "helped, 3 d ago: p95 512 ms to 160 ms",
        "npconsole run restart us-east --yes",
        "✖ cool-down            restarted 3 min ago",
        "✔ role                 alice is operator",
    ):
        assert words in text, words


async def test_yes_asks_once_and_the_console_watches_the_run() -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.desk.answer()
        await it.hands.press("y")
        await until(it.pilot, lambda: bool(it.desk.submitted))
        await it.hands.press("y", "y", "enter")
        await quiet(it.pilot)
        ((request, future),) = it.desk.submitted
        assert (request.action, request.target, request.confirmed, request.plan_digest) == (
            "restart",
            "us-east",
            True,
            "d1",
        )
        future.set_result("run-1")
        await until(it.pilot, lambda: not it.in_dialog)
        await shows(it.pilot, "restart us-east: asked for, run run-1", "1 Regions")
        assert it.desk.beats[-1] == ("", ("run-1",))
        it.desk.publish(runs=(watched(run(), RunState.REQUESTED, RunState.SENT, RunState.VERIFYING),))
        await shows(it.pilot, "▶ restart us-east: verifying", "npconsole run restart us-east --yes", "sent: text of")
        it.clock.pass_time(6)
        await until(it.pilot, lambda: it.desk.beats[-1] == ("restart us-east", ("run-1",)))
        it.desk.publish(runs=(watched(run(RunState.SUCCEEDED, outcome="p95 512 to 160 ms"), RunState.SUCCEEDED),))
        await shows(it.pilot, "restart us-east succeeded: p95 512 to 160 ms")
        await hides(it.pilot, "▶")
        it.clock.pass_time(6)
        await until(it.pilot, lambda: it.desk.beats[-1] == ("", ()))


@pytest.mark.parametrize("key", ["enter", "escape", "n", "q", "ctrl+c"])
async def test_the_focus_is_on_no(key: str) -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.desk.answer()
        await it.hands.press(key)
        await until(it.pilot, lambda: not it.in_dialog)
        await shows(it.pilot, "nothing was done")
        assert it.app.is_running
        assert it.desk.submitted == []


@pytest.mark.parametrize(
    "keys",
    [("R", "enter", "y"), ("R", "y"), ("R", "enter", "enter", "y", "enter"), ("R", "y", "e", "s", "enter")],
)
async def test_a_burst_confirms_nothing(keys: tuple[str, ...]) -> None:
    async with opened() as it:
        it.clock.pass_time(5)
        await it.hands.burst(*keys)
        it.desk.answer()
        await quiet(it.pilot)
        assert it.desk.submitted == []


@pytest.mark.parametrize("keys", [("y", "y"), ("y", "e", "s"), ("y", "enter"), ("x", "y"), ("enter", "y")])
async def test_a_burst_into_an_open_dialog_confirms_nothing(keys: tuple[str, ...]) -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.desk.answer()
        it.clock.pass_time(5)
        await it.hands.burst(*keys)
        await quiet(it.pilot)
        assert it.desk.submitted == []


async def test_a_y_from_before_the_dialog_could_be_read_is_dropped() -> None:
    async with opened() as it:
        it.clock.pass_time(5)
        await it.hands.burst("R")
        it.desk.answer()
        it.clock.pass_time(0.3)
        await it.hands.burst("y")
        await shows(it.pilot, "that was pressed before this could be read")
        await quiet(it.pilot)
        assert it.desk.submitted == []
        await it.hands.press("y")
        await until(it.pilot, lambda: len(it.desk.submitted) == 1)


async def test_a_yes_is_not_taken_for_a_plan_that_came_after_it() -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.desk.answer()
        await it.hands.press("ctrl+r")
        await it.hands.burst("y")
        it.desk.answer(digest="d2")
        await quiet(it.pilot)
        assert it.desk.submitted == []
        await it.hands.press("y")
        await until(it.pilot, lambda: bool(it.desk.submitted))
        assert it.desk.submitted[0][0].plan_digest == "d2"


async def test_a_plan_that_fails_after_the_yes_does_not_open_the_question_again() -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.desk.answer()
        await it.hands.press("ctrl+r", "y")
        await until(it.pilot, lambda: bool(it.desk.submitted))
        it.desk.plans[1][1].set_exception(UsageError("too late"))
        await it.hands.press("y")
        await quiet(it.pilot)
        assert len(it.desk.submitted) == 1


async def test_what_is_too_long_for_a_line_is_not_cut() -> None:
    async with opened() as it:
        await it.hands.press("P", "tab")
        it.app.post_message(Paste("x" * 3000))
        await shows(it.pilot, "a line takes 2000 characters: use the command line")
        await it.hands.press("enter")
        assert it.desk.plans[-1][0].parameters == {}


async def test_no_yes_while_guards_are_silent() -> None:
    async with opened() as it:
        await it.hands.press("R", "y")
        await quiet(it.pilot)
        assert it.desk.submitted == []
        it.desk.answer()
        await quiet(it.pilot)
        assert it.desk.submitted == []


@pytest.mark.parametrize("size", [SMALLEST, *SIZES])
async def test_a_refusal_is_the_content(size: tuple[int, int]) -> None:
    async with opened(size=size) as it:
        await it.hands.press("R")
        it.desk.answer(guards=(*PASSED, LAST))
        await shows(it.pilot, "Refused", "✖ last-healthy", "us-east is the last region that")
        await it.hands.press("y")
        await quiet(it.pilot)
        assert it.desk.submitted == []
        await shows(it.pilot, "refused by last-healthy")


async def test_an_override_needs_a_reason_and_a_new_plan() -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.desk.answer(guards=(COOLING,))
        await it.hands.press("ctrl+o")
        await shows(it.pilot, "an override needs a reason", "› reason", "esc back to No")
        assert len(it.desk.plans) == 1
        await it.hands.press("f", "i", "x", "enter")
        assert len(it.desk.plans) == 2
        request = it.desk.plans[1][0]
        assert (request.overrides, request.reason) == (("cool-down",), "fix")
        it.desk.answer(guards=(*PASSED[:4],))
        await it.hands.press("y")
        await until(it.pilot, lambda: bool(it.desk.submitted))
        assert it.desk.submitted[0][0].overrides == ("cool-down",)


async def test_what_nobody_may_overrule_is_not_offered() -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.desk.answer(guards=(LAST,))
        await hides(it.pilot, "override")
        await it.hands.press("ctrl+o")
        assert len(it.desk.plans) == 1


async def typed_dialog(it: Opened) -> None:
    """The drill's dialog with its plan."""
    await it.hands.press("F")
    it.desk.answer(danger=Danger.TYPED)
    await shows(it.pilot, "type us-east to confirm")


async def test_a_dangerous_one_takes_the_name_by_hand() -> None:
    async with opened() as it:
        await typed_dialog(it)
        await it.hands.press(*"us-eas", "enter")
        await quiet(it.pilot)
        assert it.desk.submitted == []
        await it.hands.press("t", "enter")
        await until(it.pilot, lambda: bool(it.desk.submitted))
        assert it.desk.submitted[0][0].typed == "us-east"


async def test_y_alone_never_confirms_a_dangerous_one() -> None:
    async with opened() as it:
        await typed_dialog(it)
        await it.hands.press("y", "enter")
        await quiet(it.pilot)
        assert it.desk.submitted == []


async def test_a_pasted_name_is_not_taken() -> None:
    async with opened() as it:
        await typed_dialog(it)
        await it.hands.press("tab", "tab", "tab")
        it.app.post_message(Paste("us-east"))
        await shows(it.pilot, "pasted text is not taken here: type it")
        await it.hands.press("enter")
        await quiet(it.pilot)
        assert it.desk.submitted == []


async def test_a_name_that_came_in_one_write_is_not_taken() -> None:
    async with opened() as it:
        await typed_dialog(it)
        it.clock.pass_time(5)
        await it.hands.burst(*"us-east")
        await it.hands.press("enter")
        await shows(it.pilot, "that came faster than typing: type it by hand")
        await quiet(it.pilot)
        assert it.desk.submitted == []
        await it.hands.press(*"us-east", "enter")
        await until(it.pilot, lambda: bool(it.desk.submitted))


async def test_inputs_can_be_changed_and_are_planned_anew() -> None:
    async with opened() as it:
        await it.hands.press("P")
        assert it.desk.plans[0][0].parameters == {}
        it.desk.plans[0][1].set_exception(UsageError("name what to purge", hint="a tag, or everything"))
        await shows(it.pilot, "✖ name what to purge (a tag, or everything)")
        await it.hands.press("tab", *"news")
        await shows(it.pilot, "› tag          news", "is not part of the plan yet")
        await it.hands.press("tab", "space", "escape")
        assert it.desk.plans[-1][0].parameters == {"tag": ("news",), "everything": ("yes",)}
        it.desk.answer(danger=Danger.TYPED, typed="purge everything")
        await shows(it.pilot, "type purge everything to confirm")


async def test_pasted_text_is_welcome_in_inputs() -> None:
    async with opened() as it:
        await it.hands.press("P", "tab")
        it.app.post_message(Paste("news\nsport"))
        await shows(it.pilot, "› tag          news sport")


async def test_an_answer_for_inputs_that_were_changed_is_dropped() -> None:
    async with opened() as it:
        await it.hands.press("F", "tab", "backspace", "enter")
        assert len(it.desk.plans) == 2
        it.desk.answer(0, notes=("the old one",))
        await it.pilot.pause()
        assert "the old one" not in screen_text(it.app)
        it.desk.answer(1, notes=("the new one",))
        await shows(it.pilot, "the new one")


async def test_an_answer_for_a_dialog_that_was_closed_is_dropped() -> None:
    async with opened() as it:
        await it.hands.press("R", "escape", "F")
        it.desk.answer(0, notes=("of the restart",))
        await it.pilot.pause()
        assert "of the restart" not in screen_text(it.app)
        await shows(it.pilot, "Rehearse a failover · us-east", "reading…")


async def test_it_expires_and_can_be_read_again() -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.desk.answer()
        await shows(it.pilot, "60 s left")
        it.clock.pass_time(61)
        await shows(it.pilot, "expired after 60 s")
        await it.hands.press("y")
        await quiet(it.pilot)
        assert it.desk.submitted == []
        await it.hands.press("ctrl+r")
        it.desk.answer()
        await it.hands.press("y")
        await until(it.pilot, lambda: bool(it.desk.submitted))


async def test_a_request_that_is_not_taken_says_why() -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.desk.answer()
        await it.hands.press("y")
        await until(it.pilot, lambda: bool(it.desk.submitted))
        it.desk.submitted[0][1].set_exception(StoreError("the disk is full", hint="make room"))
        await shows(it.pilot, "✖ the disk is full (make room)")
        assert it.in_dialog


async def test_one_may_leave_while_the_answer_is_awaited_and_still_hears_it() -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.desk.answer()
        await it.hands.press("y")
        await until(it.pilot, lambda: bool(it.desk.submitted))
        await it.hands.press("y", "enter")
        assert it.in_dialog
        await it.hands.press("escape")
        await shows(it.pilot, "asked for: the answer is awaited", "1 Regions")
        it.desk.submitted[0][1].set_result("run-1")
        await shows(it.pilot, "restart us-east: asked for, run run-1")
        assert it.desk.beats[-1] == ("", ("run-1",))
        assert len(it.desk.submitted) == 1


async def test_a_request_that_fails_after_one_left_is_told() -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.desk.answer()
        await it.hands.press("y")
        await until(it.pilot, lambda: bool(it.desk.submitted))
        await it.hands.press("escape", "F")
        it.desk.submitted[0][1].set_exception(StoreError("the disk is full"))
        await shows(it.pilot, "restart us-east: the disk is full", "Rehearse a failover · us-east")


@pytest.mark.parametrize(
    ("desk", "words"),
    [
        (FakeDesk(read_only="this console is read-only"), "this console is read-only"),
        (FakeDesk(actor=Actor("bob", AccessRole.VIEWER, "console")), "needs the role operator, and bob is viewer"),
        (FakeDesk(state=DeskState(problem="the disk is full")), "nothing acts without a journal: the disk is full"),
    ],
)
async def test_who_may_not_act_sees_why_and_nothing_is_read(desk: FakeDesk, words: str) -> None:
    async with opened(desk) as it:
        await it.hands.press("R")
        await shows(it.pilot, f"✖ {words}" if "journal" in words or "console" in words else words)
        await it.hands.press("y", "tab", "ctrl+r", "ctrl+o", "y")
        await quiet(it.pilot)
        assert it.desk.plans == []
        assert it.desk.submitted == []


async def test_undo_asks_first() -> None:
    one = watched(run(RunState.HOLDING), RunState.REQUESTED, RunState.HOLDING, undo="enable the pool of us-east")
    async with opened(FakeDesk(state=DeskState((one,)))) as it:
        await it.hands.press("u")
        await shows(it.pilot, "Undo · restart us-east", "enable the pool of us-east", "Yes, undo restart us-east")
        await it.hands.press("tab", "h", "m", "enter", "y")
        await until(it.pilot, lambda: bool(it.desk.undone))
        run_id, reason, future = it.desk.undone[0]
        assert (run_id, reason) == ("run-1", "hm")
        future.set_exception(RefusedError("the run has ended"))
        await shows(it.pilot, "✖ the run has ended")
        assert len(it.desk.undone) == 1


async def test_an_undo_that_is_no_longer_possible_is_not_asked_for() -> None:
    one = watched(run(RunState.HOLDING), RunState.HOLDING, undo="enable the pool of us-east")
    async with opened(FakeDesk(state=DeskState((one,)))) as it:
        await it.hands.press("u")
        it.desk.publish(runs=(watched(run(RunState.REVERTED), RunState.REVERTED),))
        await shows(it.pilot, "this run can no longer be undone")
        await it.hands.press("y")
        await quiet(it.pilot)
        assert it.desk.undone == []


async def test_nothing_to_undo_is_said() -> None:
    async with opened() as it:
        await it.hands.press("u")
        await shows(it.pilot, "there is no run to undo")


@pytest.mark.parametrize("size", [SMALLEST, *SIZES])
async def test_hostile_text_is_only_text(size: tuple[int, int]) -> None:
    one = watched(run(RunState.HOLDING, outcome=HOSTILE), RunState.REQUESTED, RunState.HOLDING, undo=HOSTILE)
    state = DeskState((one,), problem="")
    async with opened(FakeDesk(state=state), size=size) as it:
        await it.hands.press("R")
        it.desk.answer(notes=(HOSTILE,), undo=HOSTILE, guards=(LAST, COOLING), typed=HOSTILE)
        await it.hands.press("tab")
        it.app.post_message(Paste(HOSTILE))
        await it.pilot.pause()
        await it.hands.press("enter", "escape", "u", "escape")
        it.desk.publish(problem=HOSTILE)
        await it.pilot.pause()
        await it.hands.press("R")
        it.app.screen.refresh()
        await it.pilot.pause()
        text = screen_text(it.app)
        assert not any(character in text for character in "\x1b\x07\u202e\u202c")
        assert it.app.is_running


async def test_on_a_screen_too_small_for_the_plan_nothing_is_confirmed() -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.desk.answer()
        await it.pilot.resize_terminal(50, 12)
        await it.hands.press("y")
        await quiet(it.pilot)
        assert it.desk.submitted == []


async def test_on_a_screen_too_small_for_the_plan_nothing_is_opened() -> None:
    async with opened(size=(59, 14)) as it:
        await it.hands.press("R")
        await shows(it.pilot, "too small a screen for the plan")
        assert not it.in_dialog
        assert it.desk.plans == []


async def test_it_is_one_screen_and_stays_one() -> None:
    async with opened() as it:
        await it.hands.press("R")
        first = it.app.screen
        await it.hands.press("escape", "F")
        assert it.app.screen is first
        assert "Restart" not in screen_text(it.app)
        await it.hands.press("escape")
        await shows(it.pilot, "1 Regions")


async def test_the_world_stays_in_view_while_one_thinks() -> None:
    async with opened() as it:
        await it.hands.press("R")
        it.feed.publish(scene())
        await shows(it.pilot, "Restart service · us-east", "All is well in 3 regions")
