"""Keys that act, the list of actions, the command line, who is here, and a console that nobody sits at."""

import pytest

from npconsole.actions.registry import ACTIONS
from npconsole.actions.takeback import TakeBack
from npconsole.config.keymap import DEFAULTS
from npconsole.model.action import ACTION_IDS, AccessRole
from npconsole.model.desk import DeskState
from npconsole.model.run import HELD_UNTIL, Actor, Run, RunRequest, RunState, Step, StepState
from tests.views.console.desk import SPECS, FakeDesk, present, run, watched
from tests.views.console.dialog.hands import Hands
from tests.views.console.feed import WALL, scene, trouble
from tests.views.console.screen import at_desk, console, hides, screen_text, shows, until

READ_ONLY = "this console is read-only"


def resolved(*steps: Step) -> Run:
    """An ended run of an action that can be undone on request."""
    request = RunRequest("resolve", "API-3", FakeDesk().actor, confirmed=True)
    return run(RunState.SUCCEEDED, request=request, steps=steps)


def footer(text: str) -> str:
    """The last line."""
    return text.splitlines()[-1]


def test_the_ids_that_a_configuration_may_name_are_those_that_there_are() -> None:
    known = {*ACTION_IDS, *(binding.id for binding in DEFAULTS)}
    assert {action.spec.id for action in ACTIONS} <= known
    assert set(ACTION_IDS) <= {action.spec.id for action in ACTIONS}


async def test_the_footer_has_the_keys_of_the_actions() -> None:
    app, _, _ = console(scene())
    async with at_desk(app, (80, 24)):
        text = footer(screen_text(app))
        assert "x actions" in text
        assert "R restart" in text
        assert "resolve" not in text, "it has no key"
        assert "undo" not in text, "there is no run to undo"
        assert text.endswith("q quit")


async def test_the_undo_key_is_shown_when_it_does_something() -> None:
    desk = FakeDesk(state=DeskState((watched(run(RunState.HOLDING), undo="enable the pool"),)))
    app, _, _ = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)):
        assert "u undo" in footer(screen_text(app))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_footer_says_why_nothing_acts(size: tuple[int, int]) -> None:
    app, _, _ = console(scene(), desk=FakeDesk(read_only=READ_ONLY))
    async with at_desk(app, size):
        text = footer(screen_text(app))
        assert f"off: {READ_ONLY}" in text
        assert "restart" not in text
        assert "x actions" in text


async def test_keys_follow_the_key_map() -> None:
    desk = FakeDesk()
    app, _, clock = console(scene(), desk=desk, keys={"restart": "f2"})
    async with at_desk(app, (120, 40)) as pilot:
        assert "f2 restart" in footer(screen_text(app))
        await Hands(pilot, clock).press("R")
        assert desk.plans == []
        await Hands(pilot, clock).press("f2")
        await shows(pilot, "Restart service · us-east")


async def test_the_target_is_that_of_the_cursor() -> None:
    desk = FakeDesk()
    app, _, clock = console(trouble(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        hands = Hands(pilot, clock)
        await hands.press("down", "R", "escape", "enter", "R", "escape", "escape", "P", "escape", "G", "R")
        assert [(each.action, each.target) for each, _ in desk.plans] == [
            ("restart", "us-west"),
            ("restart", "us-west"),
            ("purge", "edge"),
        ]
        await shows(pilot, "restart: put the cursor on a region")


async def test_the_list_has_every_action_with_its_reason() -> None:
    desk = FakeDesk(actor=Actor("bob", AccessRole.OPERATOR, "console"))
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        hands = Hands(pilot, clock)
        await hands.press("x")
        text = await shows(pilot, "Actions · bob is operator", "off: failover needs the role admin", "enter plan it")
        lines = text.splitlines()
        assert [line.split()[1] for line in lines[4:7]] == ["R", "purge", "failover"]
        assert "off: put the cursor on an issue" in lines[7]
        await shows(pilot, "Restart service: Restart a region's service, once")
        await hands.press("down", "enter")
        await shows(pilot, "Purge cache · edge")
        await hands.press("escape")
        await shows(pilot, "Actions · bob is operator")
        await hands.press("G", "enter")
        await shows(pilot, "resolve: put the cursor on an issue")
        await hands.press("escape")
        await shows(pilot, "1 Regions")


async def test_a_reason_that_is_cut_in_its_line_is_whole_below_the_list() -> None:
    desk = FakeDesk(state=DeskState(problem="the disk of /var/lib/npconsole is full, and nothing can be written"))
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (80, 24)) as pilot:
        await Hands(pilot, clock).press("x")
        text = await shows(pilot, "Restart service: nothing acts without a journal")
        assert "nothing can be written" in " ".join(text.split())


async def test_among_the_issues_the_list_has_theirs() -> None:
    desk = FakeDesk()
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        hands = Hands(pilot, clock)
        await hands.press("3", "x", "G", "enter")
        await shows(pilot, "Resolve issue · API-3")
        desk.answer()
        await hands.press("y")
        await until(pilot, lambda: bool(desk.submitted))
        desk.submitted[0][1].set_result("run-9")
        await shows(pilot, "1 Regions", "resolve API-3: asked for, run run-9")


async def test_a_typed_command_opens_the_same_dialog() -> None:
    desk = FakeDesk()
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        hands = Hands(pilot, clock)
        await hands.press("enter", "colon", *"restrat us-west", "enter")
        await shows(pilot, "no action 'restrat'; did you mean `restart`?")
        assert desk.plans == []
        await hands.press("ctrl+u", *"failover us-west hold=9s", "enter")
        await shows(pilot, "Rehearse a failover · us-west")
        assert desk.plans[0][0].parameters == {"hold": ("9s",)}
        await hands.press("escape")
        await shows(pilot, "1 Regions", "q quit")
        await hands.press("colon", "r", "escape", "q")
    assert app.return_code == 0


async def test_a_run_that_has_ended_is_undone_by_a_run_of_its_own() -> None:
    step = Step(1, "resolve API-3", StepState.APPLIED, undo="{}")
    ended = watched(resolved(step), RunState.SUCCEEDED)
    desk = FakeDesk(specs=(*SPECS, TakeBack.spec), state=DeskState((ended,)))
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        assert "u undo" in footer(screen_text(app))
        await Hands(pilot, clock).press("u")
        await shows(pilot, "Undo a run · run-1")
        assert [(each.action, each.target) for each, _ in desk.plans] == [("undo", "run-1")]


async def test_what_is_typed_ahead_goes_into_the_prompt() -> None:
    desk = FakeDesk()
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        await Hands(pilot, clock).burst("colon", *"purge edge tag=squall")
        await shows(pilot, ": purge edge tag=squall▏")
        assert "worst first" not in screen_text(app).splitlines()[2]
        await Hands(pilot, clock).press("enter")
        await shows(pilot, "Purge cache · edge", "squall")


@pytest.mark.parametrize("text", ["jRq", "kq", "jxq", "ju"])
async def test_in_the_middle_of_a_burst_no_key_acts_or_ends_the_console(text: str) -> None:
    desk = FakeDesk()
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        clock.pass_time(5)
        await Hands(pilot, clock).burst(*text)
        await shows(pilot, "1 Regions")
        assert app.is_running
        assert desk.plans == []


async def test_who_is_here_and_what_is_under_way() -> None:
    desk = FakeDesk()
    app, _, _ = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        await hides(pilot, "here")
        holding = watched(
            run(RunState.HOLDING, result={HELD_UNTIL: WALL + 190}), RunState.REQUESTED, undo="enable the pool"
        )
        people = (present("alice"), present("bob", doing="purge edge"))
        desk.publish(runs=(holding,), present=people)
        await shows(pilot, "▶ restart us-east holds, 3:10 left · u ends it now", "2 here, bob acting: purge edge")


async def test_a_run_is_in_the_activity_beside_what_else_happened() -> None:
    desk = FakeDesk()
    app, _, clock = console(trouble(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        await Hands(pilot, clock).press("4", "z", "space")
        desk.publish(runs=(watched(run(RunState.FAILED), RunState.REQUESTED, RunState.SENT, RunState.FAILED),))
        text = await shows(pilot, "restart us-east requested by alice · npconsole run restart us-east --yes")
        assert text.index("answered by us-east") < text.index("requested by alice") < text.index("✖ restart us-east")


async def test_a_journal_that_fails_is_told_and_the_console_keeps_showing() -> None:
    desk = FakeDesk()
    app, feed, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        desk.publish(problem="the disk is full")
        await shows(pilot, "journal: the disk is full", "off: nothing acts without a journal")
        feed.publish(trouble())
        await shows(pilot, "us-west is down")
        await Hands(pilot, clock).press("R")
        await shows(pilot, "✖ nothing acts without a journal: the disk is full")
        assert desk.plans == []
        await Hands(pilot, clock).press("escape")
        desk.publish(problem="")
        await hides(pilot, "journal: the disk is full")


async def test_the_desk_hears_that_this_console_lives() -> None:
    desk = FakeDesk()
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (80, 24)) as pilot:
        await until(pilot, lambda: desk.beats == [("", ())])
        clock.pass_time(5)
        await until(pilot, lambda: len(desk.beats) == 2)
    assert desk.listeners == []


async def test_a_console_that_nobody_sits_at_is_locked_until_a_key() -> None:
    desk = FakeDesk()
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        hands = Hands(pilot, clock)
        await hands.press("R")
        desk.answer()
        await hands.press("y")
        await until(pilot, lambda: bool(desk.submitted))
        desk.submitted[0][1].set_result("run-1")
        await until(pilot, lambda: desk.beats[-1:] == [("", ("run-1",))])
        await hands.press("R")
        clock.pass_time(901)
        await until(pilot, lambda: desk.beats[-1:] == [("", ())])
        await shows(pilot, "locked after 15 min without a key: any key unlocks", "1 Regions")
        await pilot.press("R")
        await shows(pilot, "unlocked")
        assert len(desk.plans) == 2
        await hides(pilot, "any key unlocks")
        await hands.press("R")
        await shows(pilot, "Restart service · us-east")


async def test_it_ends_after_half_a_day_without_a_key() -> None:
    app, _, clock = console(scene())
    async with at_desk(app, (80, 24)) as pilot:
        clock.pass_time(43_200)
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 0
