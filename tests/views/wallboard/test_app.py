"""The wallboard as an app: what arrives, what turns, what is drawn again, and that no key does anything."""

import json
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from rich.segment import Segment
from textual.pilot import Pilot
from textual.strip import Strip

from npconsole.model.level import Level
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Thresholds
from npconsole.views.theme import load_palette
from npconsole.views.wallboard.app import WallboardApp
from npconsole.views.wallboard.wall import Wall, difference
from tests.views.wallboard.feed import NOW, StillClock, StillFeed, estate_of, state, three, trail


class Stage:
    """A wallboard on a feed and a clock that the test moves."""

    def __init__(self, snapshot: Snapshot, theme: str = "dark") -> None:
        self.clock = StillClock()
        self.feed = StillFeed(snapshot, trail())
        self.app = WallboardApp(
            self.feed,
            palette=load_palette(theme, {}),
            thresholds=Thresholds(),
            rotate_s=15,
            utc=True,
            clock=self.clock,
        )

    def text(self) -> str:
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def pass_time(self, pilot: Pilot[None], seconds: float) -> None:
        self.clock.passed_s += seconds
        self.app.redraw()
        await pilot.pause()


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast", "colour-blind", "monochrome"])
@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 40), (300, 100)])
async def test_it_fills_the_terminal_in_every_theme(size: tuple[int, int], theme: str) -> None:
    stage = Stage(three(), theme)
    async with stage.app.run_test(size=size):
        assert "PRODUCTION" in stage.text()
        assert "14:03:07Z" in stage.text()
        assert stage.app.query_one(Wall).size == size


async def test_a_snapshot_of_the_engines_thread_is_on_the_wall_when_it_has_arrived() -> None:
    stage = Stage(estate_of(state("us-east")))
    async with stage.app.run_test(size=(80, 24)) as pilot:
        assert "DOWN" not in stage.text()
        bad = estate_of(state("us-east", Level.DOWN))
        engine = threading.Thread(target=stage.feed.publish, args=(bad,))
        engine.start()
        engine.join(5)
        await pilot.pause()
        await pilot.pause()
        assert "connection refused" in stage.text()


async def test_the_clock_goes_on_and_the_pages_turn() -> None:
    stage = Stage(estate_of(*(state(f"r{index}", Level.DOWN if index == 55 else Level.OK) for index in range(60))))
    async with stage.app.run_test(size=(80, 24)) as pilot:
        assert "page 1 of" in stage.text()
        assert "r55" in stage.text()
        await stage.pass_time(pilot, 14)
        assert "page 1 of" in stage.text()
        assert "14:03:21Z" in stage.text()
        stage.feed.publish(replace(stage.feed.snapshot, now=NOW + 15))
        await stage.pass_time(pilot, 1)
        assert "page 2 of" in stage.text()
        assert "✖ r55" not in stage.text()


async def test_silence_of_the_engine_is_told_and_ends_with_the_next_snapshot() -> None:
    stage = Stage(three())
    async with stage.app.run_test(size=(40, 10)) as pilot:
        await stage.pass_time(pilot, 9)
        assert "OLD" not in stage.text()
        await stage.pass_time(pilot, 31)
        assert "DATA 42 S OLD" in stage.text()
        fresh = three()
        readings = [replace(each, health=replace(each.health, at=NOW + 40)) for each in fresh.regions]
        stage.feed.publish(replace(fresh, regions=tuple(readings), now=NOW + 40, wall=fresh.wall + 40))
        await pilot.pause()
        await pilot.pause()
        assert "OLD" not in stage.text()


async def test_only_q_and_ctrl_c_are_keys() -> None:
    stage = Stage(three())
    async with stage.app.run_test(size=(80, 24)) as pilot:
        before = stage.text()
        for key in "abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:/?@":
            await pilot.press(key)
        await pilot.press("enter", "escape", "tab", "ctrl+p", "ctrl+q", "ctrl+z", "f1", "space")
        await pilot.click(offset=(5, 8))
        assert stage.text() == before
        assert stage.app.is_running
        assert [binding.action for binding in stage.app.BINDINGS if not isinstance(binding, tuple)] == ["quit"]


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_quit_ends_with_0_and_leaves_the_feed(key: str) -> None:
    stage = Stage(three())
    async with stage.app.run_test(size=(80, 24)) as pilot:
        assert len(stage.feed.listeners) == 1
        await pilot.press(key)
        await pilot.pause()
    assert stage.app.return_code == 0
    assert stage.feed.listeners == []


async def test_it_survives_every_size() -> None:
    stage = Stage(three())
    async with stage.app.run_test(size=(80, 24)) as pilot:
        for size in ((1, 1), (3, 2), (300, 100), (400, 150), (20, 60), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert "connection refused" in stage.text()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [("abcdef", "abXdef", (2, 3)), ("abcdef", "aXcdYf", (1, 5)), ("ab日c", "ab日d", (0, 5)), ("abc", "abcd", (0, 4))],
)
def test_only_the_cells_that_differ_are_sent(old: str, new: str, expected: tuple[int, int]) -> None:
    assert difference(Strip([Segment(old)]), Strip([Segment(new)])) == expected


def test_nothing_that_acts_is_even_loaded() -> None:
    program = (
        "import json, sys; import npconsole.views.wallboard, npconsole.views.wallboard.web, npconsole.cli.wallboard;"
        "print(json.dumps([name for name in sys.modules if name.startswith('npconsole.')]))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    loaded = json.loads(ended.stdout)
    assert "npconsole.views.wallboard" in loaded
    rooms = {name.split(".")[1] for name in loaded}
    assert rooms.isdisjoint({"controls", "actions", "healer", "store", "sim"})
