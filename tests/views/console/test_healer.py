"""The healer and the mutes on the screen, and the keys that switch and pause."""

from dataclasses import replace

import pytest

from npconsole.errors import RefusedError
from npconsole.model.action import AccessRole
from npconsole.model.desk import DeskState
from npconsole.model.heal import HealMode, HealView, ReportCard
from npconsole.model.run import Actor
from npconsole.views.console.dialog.answer import ALONE_S
from npconsole.views.console.healer import report
from npconsole.views.console.healing import told_healer
from tests.views.console.desk import FakeDesk
from tests.views.console.dialog.hands import Hands
from tests.views.console.feed import WALL, scene, trouble
from tests.views.console.heal import CARD, MUTE, view
from tests.views.console.screen import at_desk, console, screen_text, shows, until
from tests.views.console.test_app import SIZES


@pytest.mark.parametrize(
    ("seen", "words", "role"),
    [
        (None, "", ""),
        (view(brakes=()), "heal enforce", "text_muted"),
        (view(mode=HealMode.SHADOW), "heal shadow, 1 brake closed", "text_muted"),
        (view(mode=HealMode.OFF, brakes=()), "heal off (heal.mode)", "text_muted"),
        (view(off="deploy at 14:00"), "heal OFF: deploy at 14:00", "degraded"),
        (view(latched="3 heals in an hour"), "heal LATCHED: 3 heals in an hour", "down"),
        (view(checked_wall=WALL - 181), "heal is DEAD: no check for 3 min, nothing heals", "down"),
        (view(checked_wall=WALL - 179, brakes=()), "heal enforce", "text_muted"),
        (view(brakes=(), undelivered=("slack: 403",)), "heal enforce; not delivered: slack: 403", "degraded"),
        (view(problem="it cannot be read"), "heal: it cannot be read", "unknown"),
    ],
)
def test_what_stands_in_the_way_is_said_first(seen: HealView | None, words: str, role: str) -> None:
    assert told_healer(seen, WALL) == (words, role)


def test_a_report_says_how_sure_it_is() -> None:
    said = "acted 7: helped 5 (36 % to 92 % of all, 95 %), no effect 2"
    assert report(CARD) == f"{said} · would have acted 3 · recovered alone 12 · held 4"
    assert report(ReportCard("x")) == "acted 0"


@pytest.mark.parametrize("size", SIZES)
async def test_the_status_line_has_the_healer_and_the_table_the_mutes(size: tuple[int, int]) -> None:
    desk = FakeDesk(state=DeskState(heal=view(latched="3 heals in an hour"), mutes=(MUTE,)))
    app, _, _ = console(trouble(), desk=desk)
    async with at_desk(app, size) as pilot:
        await shows(pilot, "heal LATCHED: 3 heals", "◌ down", "1 muted", "A acknowledge")


async def test_a_muted_region_that_is_well_is_muted_and_says_until_when() -> None:
    app, _, _ = console(scene(), desk=FakeDesk(state=DeskState(mutes=(replace(MUTE, target="api"),))))
    async with at_desk(app, (200, 60)) as pilot:
        text = await shows(pilot, "◌ muted", "muted until 14:32Z by bob: planned failover test", "4 muted")
        assert "● ok" not in text


@pytest.mark.parametrize("size", SIZES)
async def test_the_page_has_rules_brakes_decisions_and_evidence(size: tuple[int, int]) -> None:
    desk = FakeDesk(state=DeskState(heal=view(), mutes=(MUTE,)))
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, size) as pilot:
        hands = Hands(pilot, clock)
        await hands.press("5")
        await shows(pilot, "Healer · led by bastion pid 4711", "closed: 12 min left", "us-east 2 of 5 checks", "1 of 3")
        await hands.press("G")
        said = ("Last decisions", "✖ benchmark-lease: alice's benchmark is on", "helped: p95 612 ms to 140 ms")
        await shows(pilot, *said, "25 min left) by bob")
        desk.publish(heal=view(checked_wall=WALL - 4000))
        await hands.press("g")
        await shows(pilot, "heal is DEAD", "its daemon does not check any more")


async def test_where_none_ever_ran_the_page_says_so() -> None:
    app, _, clock = console(scene())
    async with at_desk(app, (80, 24)) as pilot:
        await Hands(pilot, clock).press("5")
        await shows(pilot, "no healer has run here: `npconsole heal run` starts one")
        await Hands(pilot, clock).press("H")
        await shows(pilot, "Healer", "no healer has run here")


async def test_switching_off_takes_a_reason_and_a_yes() -> None:
    desk = FakeDesk(state=DeskState(heal=view()))
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        hands = Hands(pilot, clock)
        await hands.press("H")
        await shows(pilot, "Switch the healer off", "this needs a reason", "npconsole heal off --reason")
        await hands.press("enter", "y")
        assert desk.switched == []
        await hands.press("tab", *"deploy", "enter", "y")
        await until(pilot, lambda: bool(desk.switched))
        assert desk.switched[0][0] == "deploy"
        desk.switched[0][1].set_result(None)
        await shows(pilot, "1 Regions", "Switch the healer off: done")


async def test_switching_on_says_why_it_is_off() -> None:
    desk = FakeDesk(state=DeskState(heal=view(off="deploy at 14:00")))
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        await Hands(pilot, clock).press("H")
        await shows(pilot, "Switch the healer on", "off: deploy at 14:00")
        await Hands(pilot, clock).press("y")
        await until(pilot, lambda: bool(desk.switched))
        assert desk.switched[0][0] == ""


async def test_acknowledging() -> None:
    desk = FakeDesk(state=DeskState(heal=view(latched="3 heals in an hour")))
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        await Hands(pilot, clock).press("A", *"db was full", "enter", "y")
        await until(pilot, lambda: bool(desk.acknowledged))
        assert desk.acknowledged[0][0] == "db was full"
        desk.acknowledged[0][1].set_exception(RefusedError("that needs the role operator"))
        await shows(pilot, "✖ that needs the role operator")
        desk.publish(heal=view())
        await Hands(pilot, clock).press("escape", "escape", "A")
        await shows(pilot, "nothing has latched the healer")


async def test_muting_the_region_under_the_cursor() -> None:
    desk = FakeDesk()
    app, _, clock = console(trouble(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        hands = Hands(pilot, clock)
        await hands.press("down", "m")
        await shows(pilot, "Mute us-west", "✖ down: connection refused", "a mute needs a reason")
        await hands.press(*"planned", "tab", "tab", "ctrl+u", *"2x")
        await shows(pilot, "say for how long, such as 30m or 2h")
        await hands.press("ctrl+u", *"2h", "enter")
        await shows(pilot, "Yes, mute us-west for 2 h")
        await hands.press("y")
        await until(pilot, lambda: bool(desk.muted))
        assert desk.muted[0][:3] == ("us-west", 7200.0, "planned")


async def test_a_mute_in_force_is_shown_and_ended() -> None:
    desk = FakeDesk(state=DeskState(mutes=(MUTE,)))
    app, _, clock = console(trouble(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        await Hands(pilot, clock).press("down", "m")
        await shows(pilot, "muted until 14:32Z by bob: planned failover test", "or 0 to end it now")
        await Hands(pilot, clock).press("ctrl+u", "0", "enter", "y")
        await until(pilot, lambda: bool(desk.unmuted))
        assert desk.unmuted[0][0] == "us-west"


@pytest.mark.parametrize("key", ["m", "H", "A"])
async def test_who_may_not_act_is_told_why(key: str) -> None:
    heal = view(latched="3 heals in an hour")
    desk = FakeDesk(
        actor=Actor("eve", AccessRole.VIEWER, "console"), read_only="eve is viewer", state=DeskState(heal=heal)
    )
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        assert "mute" not in screen_text(app).splitlines()[-1]
        await Hands(pilot, clock).press(key)
        await shows(pilot, "✖ eve is viewer")
        await Hands(pilot, clock).press("tab", "x", "y")
        await pilot.pause(ALONE_S * 2)
        assert (desk.muted, desk.switched, desk.acknowledged) == ([], [], [])


async def test_a_pasted_key_opens_nothing() -> None:
    desk = FakeDesk(state=DeskState(heal=view()))
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        await Hands(pilot, clock).burst("j", "H", "y")
        assert app.stage is app.overview
