"""The time before the desk is there: the picture comes first, and no key is lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from npconsole.config.keymap import merge, provisional
from npconsole.errors import ConfigError, Problem
from npconsole.model.reading import Reading
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Thresholds
from npconsole.views.console.app import ConsoleApp
from npconsole.views.console.opening import Opened, is_live
from npconsole.views.theme import load_palette
from tests.views.console.desk import FakeDesk
from tests.views.console.dialog.hands import Hands
from tests.views.console.feed import FakeClock, FakeFeed, scene, trails
from tests.views.console.screen import screen_text, shows, until

WAITS = "the desk is being opened, and the key waits for it"


class Door:
    """Remembers who asked for the desk, and opens when a test says so."""

    def __init__(self) -> None:
        self.desk = FakeDesk()
        self.asked: list[Callable[[Opened | Exception], None]] = []

    def __call__(self, done: Callable[[Opened | Exception], None]) -> None:
        self.asked.append(done)

    def open(self) -> None:
        self.asked[0](Opened(self.desk, merge({}, self.desk.specs)))


def console(snapshot: Snapshot) -> tuple[ConsoleApp, Door, FakeClock]:
    door, clock = Door(), FakeClock()
    app = ConsoleApp(
        FakeFeed(snapshot, trails(snapshot)),
        door,
        palette=load_palette("dark", {}),
        keymap=provisional({}),
        thresholds=Thresholds(),
        utc=True,
        clock=clock,
    )
    return app, door, clock


def unread() -> Snapshot:
    """Nothing has been read of the second region."""
    base = scene()
    return replace(base, regions=(base.regions[0], replace(base.regions[1], vitals=Reading()), base.regions[2]))


def test_a_picture_is_live_when_every_region_was_read() -> None:
    assert is_live(scene())
    assert not is_live(unread())
    assert not is_live(replace(scene(), regions=()))


async def test_the_desk_is_asked_for_once_and_after_the_first_live_picture() -> None:
    app, door, _ = console(scene())
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "1 Regions", "us-east")
        await until(pilot, lambda: bool(door.asked))
        app.post_message(app.Arrived())
        await pilot.pause(0.05)
        assert len(door.asked) == 1
        assert not app.is_open


async def test_moving_and_leaving_need_no_desk() -> None:
    app, _, clock = console(scene())
    async with app.run_test(size=(80, 24)) as pilot:
        await Hands(pilot, clock).press("j", "3")
        assert app.overview.focused_name == "issues"
        await Hands(pilot, clock).press("q")
    assert app.return_code == 0


async def test_keys_wait_for_the_desk_in_their_order() -> None:
    app, door, clock = console(unread())
    async with app.run_test(size=(120, 40)) as pilot:
        hands = Hands(pilot, clock)
        await hands.press("x")
        await shows(pilot, WAITS)
        assert len(door.asked) == 1, "the key does not wait for the picture too"
        await hands.press("j", "enter")
        assert app.overview.regions.index == 0, "a key behind one that waits is not for the first screen"
        door.open()
        await shows(pilot, "Purge cache · edge")
        assert [request.action for request, _ in door.desk.plans] == ["purge"]


async def test_what_was_pressed_before_a_dialog_could_be_read_is_no_answer_to_it() -> None:
    app, door, clock = console(scene())
    async with app.run_test(size=(120, 40)) as pilot:
        hands = Hands(pilot, clock)
        await hands.press("R")
        await hands.burst("y")
        door.open()
        await shows(pilot, "Restart service · us-east")
        door.desk.answer()
        await pilot.pause(0.3)
        assert door.desk.submitted == []


async def test_leaving_does_not_wait() -> None:
    app, _, clock = console(scene())
    async with app.run_test(size=(80, 24)) as pilot:
        await Hands(pilot, clock).press("R", "q")
    assert app.return_code == 0


async def test_the_footer_gets_the_keys_of_the_actions() -> None:
    app, door, _ = console(scene())
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: bool(door.asked))
        assert "R restart" not in screen_text(app)
        door.open()
        await shows(pilot, "R restart", "P purge")


@pytest.mark.parametrize("error", [ConfigError((Problem("c.yaml", 3, "ui.keys.x", "is not an action"),)), OSError("x")])
async def test_a_desk_that_cannot_be_opened_ends_the_console_with_its_reason(error: Exception) -> None:
    app, door, _ = console(scene())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(door.asked))
        door.asked[0](error)
        await pilot.pause(0.05)
    assert app.failure is error
    assert app.return_code == 1
