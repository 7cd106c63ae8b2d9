"""A benchmark on the screen, whoever started it."""

from dataclasses import replace

import pytest

from npconsole.model.desk import DeskState, WatchedRun
from npconsole.model.load import LoadFigures, Threshold, ThresholdState
from npconsole.model.run import RunState
from npconsole.views.console.arrangement import arrange
from npconsole.views.console.load import LINGERS_S, latest_load, live_load, milestones
from npconsole.views.console.load_prose import _value
from tests.views.console.desk import FakeDesk, run, watched
from tests.views.console.dialog.hands import Hands
from tests.views.console.feed import WALL, scene
from tests.views.console.loads import ended_run, load_run
from tests.views.console.screen import at_desk, console, hides, screen_text, shows
from tests.views.console.test_app import SIZES


def test_the_latest_figures_and_those_of_the_regions_are_read() -> None:
    load = live_load(load_run())
    assert load is not None
    assert isinstance(load.figures, LoadFigures)
    assert load.figures.p95_ms == 437
    assert load.figures.thresholds[0].crossed is True
    assert load.regions["us-east"]["p95_ms"] == 455


def test_a_run_of_another_action_is_no_load() -> None:
    assert live_load(watched(run(), RunState.SENT)) is None


def test_data_of_another_version_is_no_reason_to_fail() -> None:
    known = load_run()
    strange = replace(known.events[-1], data={"elapsed_s": "long", "regions": {"us-east": 5, "x": {"p95_ms": "?"}}})
    load = live_load(WatchedRun(known.run, (strange,)))
    assert load is not None
    assert load.figures is None
    assert load.regions == {"x": {"p95_ms": None}}


def test_the_load_that_is_on_comes_before_one_that_has_ended() -> None:
    on, ended = load_run(), ended_run()
    assert latest_load((ended, on), WALL) is on
    assert latest_load((ended,), WALL + LINGERS_S - 1) is ended
    assert latest_load((ended,), WALL + LINGERS_S) is None
    refused = replace(ended, run=replace(ended.run, fence=0, state=RunState.REFUSED))
    assert latest_load((refused,), WALL) is None, "what was never begun is only a line of the activity"


@pytest.mark.parametrize(
    ("metric", "expression", "value", "words"),
    [
        ("http_req_duration", "p(95)<400", 437.2, "437 ms"),
        ("http_req_duration{name:items}", "p(95)<400", 1437.0, "1.44 s"),
        ("http_req_failed", "rate<0.05", 0.0042, "0.42 %"),
        ("http_reqs", "rate>=50", 312.0, "312/s"),
        ("iterations", "count>100", 512.0, "512"),
    ],
)
def test_a_threshold_has_the_unit_of_its_metric(metric: str, expression: str, value: float, words: str) -> None:
    assert _value(ThresholdState(Threshold(metric, expression), crossed=False, value=value)) == words


@pytest.mark.parametrize("size", SIZES)
def test_the_load_has_a_place_on_every_screen(size: tuple[int, int]) -> None:
    plan = arrange(*size, rows=4, load=True)
    assert plan["load"].height >= 8
    assert "issues" not in plan
    assert {"regions", "activity"} <= set(plan)


@pytest.mark.parametrize("size", SIZES)
async def test_all_of_it_is_in_view_while_it_is_on(size: tuple[int, int]) -> None:
    desk = FakeDesk(state=DeskState((load_run(),)))
    app, _, _ = console(scene(), desk=desk)
    async with at_desk(app, size) as pilot:
        said = ("34 s of 60 s", "ramp to 100", "87 users", "312/s", "status 503 ×20", "p50 41 ms", "p99 810 ms")
        await shows(pilot, "Benchmark", *said, "✖ crossed", "now 437 ms", "✔ kept", "455 ms", "benchmark us-east")


async def test_it_moves_with_each_event_and_ends_with_the_verdict() -> None:
    desk = FakeDesk(state=DeskState((load_run(elapsed_s=12),)))
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        await shows(pilot, "12 s of 60 s")
        desk.publish(runs=(load_run(elapsed_s=48),))
        await shows(pilot, "48 s of 60 s")
        desk.publish(runs=(ended_run(),))
        text = await shows(pilot, "✖ failed", "p(95)<400 was 437 ms", "worse: typical latency is up by 31 %")
        assert "of 60 s ·" not in text
        await Hands(pilot, clock).press("escape")
        await shows(pilot, "3 Issues")
        await hides(pilot, "✖ failed")


async def test_a_load_that_is_on_is_not_put_away() -> None:
    app, _, clock = console(scene(), desk=FakeDesk(state=DeskState((load_run(),))))
    async with at_desk(app, (120, 40)) as pilot:
        await Hands(pilot, clock).press("escape")
        await shows(pilot, "34 s of 60 s")


async def test_the_issues_are_a_key_away_meanwhile() -> None:
    app, _, clock = console(scene(), desk=FakeDesk(state=DeskState((load_run(),))))
    async with at_desk(app, (80, 24)) as pilot:
        await Hands(pilot, clock).press("3")
        await shows(pilot, "3 Issues", "API-3")


async def test_the_page_of_the_run_opens_from_its_pane_and_from_its_line() -> None:
    desk = FakeDesk(state=DeskState((ended_run(),)))
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 60)) as pilot:
        hands = Hands(pilot, clock)
        await hands.press("shift+tab", "enter")
        said = ("Run benchmark us-east", "before the sale", "an incident is open", "k6 run -", "cache more")
        await shows(pilot, *said, "What happened", "plan: 100 users")
        await hands.press("escape", "4", "G", "enter")
        await shows(pilot, *said)


async def test_the_page_goes_on_while_it_is_looked_at_and_says_when_the_run_is_gone() -> None:
    desk = FakeDesk(state=DeskState((watched(run(), RunState.REQUESTED, RunState.SENT),)))
    app, _, clock = console(scene(), desk=desk)
    async with at_desk(app, (120, 40)) as pilot:
        await Hands(pilot, clock).press("4", "G", "enter")
        await shows(pilot, "Run restart us-east", "text of sent")
        desk.publish(runs=(watched(run(), RunState.REQUESTED, RunState.SENT, RunState.APPLIED),))
        await shows(pilot, "text of applied")
        desk.publish(runs=())
        await shows(pilot, "npconsole runs show run-1")


async def test_a_line_that_is_no_run_has_no_page() -> None:
    app, _, clock = console(scene())
    async with at_desk(app, (120, 40)) as pilot:
        await Hands(pilot, clock).press("4", "enter")
        assert "lines of runs have a page" in screen_text(app)


def test_figures_of_every_second_are_one_line_each_only_while_they_are_the_latest() -> None:
    known = load_run()
    first, planned, figures = known.events
    later = replace(figures, sequence=4, state=RunState.VERIFYING)
    ended = replace(planned, sequence=5, state=RunState.SUCCEEDED, data={})
    assert milestones((first, planned, figures, later)) == [first, planned, later]
    assert milestones((first, planned, figures, later, ended)) == [first, planned, ended]
    assert milestones(()) == []
