"""The page of past benchmarks."""

import pytest

from npconsole.errors import StoreError
from npconsole.model.benchmark import Fingerprint
from npconsole.model.desk import DeskState
from npconsole.views.console.ink import Ink
from npconsole.views.console.trend import Trend
from npconsole.views.theme import load_palette
from tests.views.console.desk import FakeDesk
from tests.views.console.dialog.hands import Hands
from tests.views.console.feed import scene
from tests.views.console.loads import ended_run, load_run, past, series
from tests.views.console.screen import at_desk, console, screen_text, shows, until
from tests.views.console.test_app import SIZES

INK = Ink(load_palette("dark", {}))
OTHER = Fingerprint("9999", "us-west", "https://us-west.example", "open 50/s 5m", "k6 v1.1", "bastion")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("count", [1, 2, 14, 200])
def test_the_chart_has_a_mark_for_each_run_and_its_lines_fit(size: tuple[int, int], count: int) -> None:
    width, height = size
    runs = series(count)
    lines = Trend(INK, 400.0, ("release", 208.0)).lines(runs[::-1], width, height, chosen=runs[0].id)
    assert len(lines) == height
    assert all(line.cell_length == width for line in lines)
    drawn = "".join(line.text for line in lines)
    marks = sum(drawn.count(glyph) for glyph in "✔✖?")
    assert marks == min(count, (width - 10) // 2)
    assert drawn.count("▲") == 1
    assert "208 ms ┤" in drawn
    assert "400 ms ┤" in drawn


@pytest.mark.parametrize("size", SIZES)
async def test_the_page_reads_them_and_shows_chart_and_list(size: tuple[int, int]) -> None:
    desk = FakeDesk()
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, size) as pilot:
        await Hands(pilot, clock).press("b")
        await shows(pilot, "Reading the benchmarks …")
        desk.read[0][2].set_result([past(0, fingerprint=OTHER), *series(6)])
        desk.named[0].set_result([("release-7", "b4")])
        await shows(pilot, "7 kept", "open 50/s 5m", "6 of another kind")
        await Hands(pilot, clock).press("j")
        text = await shows(pilot, "closed 100 users 1m", "baseline release-7", "✖ failed", "? invalid")
        assert text.count("✔") >= 4
        await Hands(pilot, clock).press("j", "j", "enter")
        await shows(pilot, "Benchmark us-east", "http_req_duration p(95)<400 was 480 ms", "GET /health", "cache more")
        await Hands(pilot, clock).press("escape", "escape")
        await shows(pilot, "1 Regions")


async def test_none_and_unreadable_are_two_things() -> None:
    desk = FakeDesk()
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        await Hands(pilot, clock).press("b")
        desk.named[0].set_result([])
        desk.read[0][2].set_result([])
        await shows(pilot, "No benchmark was kept yet", "Nothing to draw yet")
        await Hands(pilot, clock).press("escape", "b")
        desk.read[1][2].set_exception(StoreError("the disk is full"))
        desk.named[1].set_result([])
        await shows(pilot, "the disk is full", "could not be read")


async def test_the_key_is_in_footer_and_help() -> None:
    app, _, clock = console(scene(), keys={"benchmarks": "f7"})
    async with at_desk(app, (200, 80)) as pilot:
        assert "f7 benchmarks" in screen_text(app)
        await Hands(pilot, clock).press("?")
        await shows(pilot, "f7", "Past benchmarks: p95 by run")


async def test_one_that_ends_while_the_page_is_open_is_read_once() -> None:
    desk = FakeDesk(state=DeskState((load_run(),)))
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        await Hands(pilot, clock).press("b")
        desk.read[0][2].set_result([])
        await shows(pilot, "No benchmark was kept yet")
        desk.publish(runs=(ended_run(),))
        await until(pilot, lambda: len(desk.read) == 2)
        desk.read[1][2].set_result([past(0, id="run-b")])
        await shows(pilot, "1 kept")
        desk.publish(present=())
        await pilot.pause(0.05)
        assert len(desk.read) == 2
