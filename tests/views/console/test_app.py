"""The console as a person meets it: keys in, text out."""

from dataclasses import replace

import pytest

from npconsole.config.keymap import DEFAULTS, bindings
from npconsole.errors import LimitedError
from npconsole.model.estate import Tier
from npconsole.model.issue import Substatus
from npconsole.model.level import Level
from npconsole.model.reading import Freshness
from npconsole.model.snapshot import Judgement, Snapshot
from npconsole.views.console.overview import ORDER
from tests.views.console.desk import SPECS
from tests.views.console.feed import NOW, WALL, event, issue, many, scene, state, trouble
from tests.views.console.screen import at_desk, console, hides, screen_text, shows

SIZES = [(80, 24), (120, 40), (200, 60)]
HOSTILE = "[@click=app.quit]x[/] \x1b]52;c;aGk=\x07 [/b] \u202eevil\u202c a" + "\u0301" * 20_000


def title_line(text: str, number: int) -> str:
    """The heading of a pane."""
    return next(line for line in text.splitlines() if f" {number} " in line and ("━" in line or "──" in line))


@pytest.mark.parametrize("size", SIZES)
async def test_everything_is_on_the_first_screen(size: tuple[int, int]) -> None:
    app, _, _ = console(trouble())
    async with at_desk(app, size):
        text = screen_text(app)
    assert "PRODUCTION neuropilot" in text
    assert "✖ us-west is down" in text
    assert "since 14:03Z" in text
    assert "14:07:12Z" in text
    for part in ("1 Regions", "2 Latency", "3 Issues", "4 Activity", "✖ down", "▲ degraded", "→ us-east since 14:03Z"):
        assert part in text
    for part in ("512 ms", "TimeoutError: pool", "escalating", "12k", "400 ms", "p95 164 ms", "? help", "q quit"):
        assert part in text
    assert all(len(line) <= size[0] for line in text.splitlines())


async def test_all_is_well_says_since_when() -> None:
    app, _, _ = console(scene())
    async with at_desk(app, (120, 40)) as pilot:
        await shows(pilot, "● All is well in 3 regions, since 14:03Z (4 min)")


async def test_a_tiny_terminal_has_the_sentence_and_the_worst_region_and_nothing_else() -> None:
    app, _, _ = console(trouble())
    async with at_desk(app, (59, 14)):
        text = screen_text(app)
    assert "us-west is down" in text
    assert "✖ us-west down" in text
    assert "Regions" not in text
    assert "quit" not in text


@pytest.mark.parametrize("tier", list(Tier))
async def test_the_tier_is_a_word_not_only_a_colour(tier: Tier) -> None:
    app, _, _ = console(scene(tier=tier))
    async with at_desk(app, (80, 24)):
        assert tier.upper() in screen_text(app).splitlines()[0]


async def test_a_new_snapshot_is_drawn_and_the_cursor_stays_with_its_region() -> None:
    app, feed, _ = console(trouble())
    async with at_desk(app, (120, 40)) as pilot:
        await pilot.press("down")
        feed.publish(scene([state("eu-west"), state("us-west", Level.DOWN, reason="refused"), state("us-east")]))
        await pilot.pause()
        await shows(pilot, "› us-west")


async def test_sorting_puts_the_worst_first_and_back() -> None:
    app, _, _ = console(trouble())
    async with at_desk(app, (120, 40)) as pilot:
        await pilot.press("s")
        lines = screen_text(app).splitlines()
        assert [line.split()[0] for line in lines[4:7]] == ["›", "eu-west", "us-east"]
        assert "worst first" in title_line("\n".join(lines), 1)
        await pilot.press("s")
        assert screen_text(app).splitlines()[4].split()[:2] == ["us-east", "●"]


async def test_the_chart_follows_the_cursor_and_can_show_all() -> None:
    app, _, _ = console(trouble())
    async with at_desk(app, (120, 40)) as pilot:
        assert "us-east" in title_line(screen_text(app), 2)
        await pilot.press("j", "j")
        await shows(pilot, "Latency · eu-west  p50 179 ms")
        await pilot.press("a")
        await shows(pilot, "Latency · worst of all regions")
        await pilot.press("a")
        await shows(pilot, "Latency · eu-west")


async def test_freeze_holds_the_picture_and_says_so_while_the_feed_goes_on() -> None:
    app, feed, clock = console(scene())
    async with at_desk(app, (120, 40)) as pilot:
        await pilot.press("space")
        calls = feed.trail_calls
        clock.pass_time(40)
        feed.publish(replace(trouble(), now=clock.now(), wall=clock.wall()))
        await pilot.pause()
        await shows(pilot, "FROZEN 14:07:12Z, 40 s ago")
        text = screen_text(app)
        assert "All is well" in text
        assert "space release" in text
        assert feed.trail_calls == calls
        await pilot.press("space")
        await shows(pilot, "us-west is down")
        await hides(pilot, "FROZEN")


async def test_the_filter_works_while_typing_and_keys_do_not_act_meanwhile() -> None:
    app, _, _ = console(trouble())
    async with at_desk(app, (120, 40)) as pilot:
        await pilot.press("slash", *"EU-w")
        await shows(pilot, "Filter regions: EU-w", "eu-west")
        await hides(pilot, "us-east ●")
        await pilot.press("enter")
        await shows(pilot, "only “eu-w”")
        await shows(pilot, "q quit")
        await pilot.press("escape")
        await shows(pilot, "us-east ●")
        await pilot.press("slash", *"q zz")
        await pilot.pause()
        await shows(pilot, "No line contains “q zz”")
        await pilot.press("escape")
        await shows(pilot, "us-east ●")


async def test_zoom_shows_one_pane_and_numbers_choose_it() -> None:
    app, _, _ = console(trouble())
    async with at_desk(app, (80, 24)) as pilot:
        await pilot.press("3", "z")
        await hides(pilot, "1 Regions")
        await shows(pilot, "3 Issues", "Slow query on governance status")
        await pilot.press("4")
        await shows(pilot, "4 Activity")
        await pilot.press("escape")
        await shows(pilot, "1 Regions")


async def test_a_pane_without_room_is_zoomed_when_chosen() -> None:
    app, _, _ = console(trouble())
    async with at_desk(app, (80, 16)) as pilot:
        await hides(pilot, "2 Latency")
        await pilot.press("2")
        await shows(pilot, "2 Latency")
        await pilot.press("escape")
        await shows(pilot, "1 Regions")


async def test_tab_goes_round() -> None:
    app, _, _ = console(scene())
    async with at_desk(app, (80, 24)) as pilot:
        for name in ("latency", "issues", "activity", "regions"):
            await pilot.press("tab")
            assert app.overview.focused_name == name
            await shows(pilot, f"━ {ORDER.index(name) + 1} {name.title()}")
        await pilot.press("shift+tab")
        assert app.overview.focused_name == "activity"


async def test_region_detail_has_health_timings_thresholds_and_history() -> None:
    app, feed, _ = console(trouble())
    async with at_desk(app, (120, 60)) as pilot:
        await pilot.press("down", "enter")
        await shows(pilot, "Region us-west", "✖ down", "connection refused")
        await shows(pilot, "DNS 1.2 ms", "TLS 18 ms", "first byte 41 ms", "https://us-west.api.example.com")
        await shows(pilot, "p95 warn 400 ms, target 120 ms", "4.20 s", "last hour", "above 400 ms in")
        feed.publish(scene([state("us-west", Level.OK, p95_ms=77.0)]))
        await pilot.pause()
        await shows(pilot, "p95 77 ms")
        await pilot.press("escape")
        await shows(pilot, "1 Regions")


async def test_edge_detail_says_who_answers() -> None:
    app, _, _ = console(scene())
    async with at_desk(app, (100, 30)) as pilot:
        await pilot.press("G", "enter")
        await shows(pilot, "Edge edge", "us-east since 14:03:00Z")


async def test_issue_detail_waits_then_shows_the_stack_innermost_first() -> None:
    app, feed, _ = console(scene())
    async with at_desk(app, (120, 40)) as pilot:
        await pilot.press("3", "enter")
        await shows(pilot, "Fetching the last event …")
        feed.asked[0][1].set_result(event())
        text = await shows(pilot, "app/routes/items.py:41", "lib/server.py:88")
        assert text.index("app/routes/items.py:41") < text.index("lib/server.py:88")
        assert "rows = await pool.fetch(QUERY)" in text


async def test_issue_detail_shows_why_the_event_did_not_come() -> None:
    app, feed, _ = console(scene())
    async with at_desk(app, (120, 40)) as pilot:
        await pilot.press("3", "enter")
        feed.asked[0][1].set_exception(LimitedError("Sentry limits requests", 40.0))
        await shows(pilot, "could not be fetched: Sentry limits requests")


async def test_an_event_that_comes_late_for_another_issue_is_dropped() -> None:
    app, feed, _ = console(scene())
    async with at_desk(app, (120, 40)) as pilot:
        await pilot.press("3", "enter", "escape", "down", "enter")
        feed.asked[0][1].set_result(event())
        await pilot.pause()
        await shows(pilot, "Issue API-7", "Fetching the last event")


async def test_screens_are_reused() -> None:
    app, _, _ = console(scene())
    async with at_desk(app, (80, 24)) as pilot:
        await pilot.press("enter")
        first = app.screen
        await pilot.press("escape", "down", "enter")
        assert app.screen is first


async def test_help_lists_the_live_keys() -> None:
    app, _, _ = console(scene(), keys={"freeze": "f8"})
    async with at_desk(app, (120, 70)) as pilot:
        await shows(pilot, "f8 freeze")
        await pilot.press("question_mark")
        await shows(pilot, "f8", "never taken for ok", *(binding.help for binding in DEFAULTS))
        await pilot.press("escape", "space")
        await hides(pilot, "FROZEN")
        await pilot.press("f8")
        await shows(pilot, "FROZEN")


async def test_every_binding_has_an_action_and_every_action_a_binding() -> None:
    app, _, _ = console(scene())
    async with at_desk(app, (80, 24)):
        assert set(app._acts) == {binding.id for binding in bindings(SPECS)}


async def test_refresh_asks_the_feed() -> None:
    app, feed, _ = console(scene())
    async with at_desk(app, (80, 24)) as pilot:
        await pilot.press("ctrl+r")
        assert feed.refreshes == 1
        await shows(pilot, "every source is read now")


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_quit(key: str) -> None:
    app, feed, _ = console(scene())
    async with at_desk(app, (80, 24)) as pilot:
        await pilot.press(key)
        await pilot.pause()
    assert app.return_code == 0
    assert feed.listeners == []


@pytest.mark.parametrize("size", [(59, 14), *SIZES])
async def test_hostile_text_is_only_text(size: tuple[int, int]) -> None:
    bad = state("us-west", Level.DOWN, reason=HOSTILE)
    bad = replace(bad, vitals=replace(bad.vitals, error=HOSTILE, freshness=Freshness.STALE))
    snapshot = scene(
        [state("us-east"), bad],
        issues=[issue(1, HOSTILE, Substatus.NEW, culprit=HOSTILE, release=HOSTILE, region=HOSTILE)],
        notices=(HOSTILE,),
    )
    snapshot = replace(snapshot, activity=(replace(snapshot.activity[0], subject=HOSTILE, text=HOSTILE),))
    app, feed, _ = console(snapshot)
    async with at_desk(app, size) as pilot:
        for keys in (("down", "enter"), ("escape", "3", "enter")):
            text = screen_text(app)
            assert not any(character in text for character in "\x1b\x07\u202e\u202c")
            assert len(text) < 60_000
            await pilot.press(*keys)
            for _, future in feed.asked:
                future.set_result(replace(event(HOSTILE), message=HOSTILE, exception=HOSTILE))
            await pilot.pause()
        await hides(pilot, "\x1b")
        assert app.is_running
        if size[0] >= 60:
            assert "[@click=app.quit]x[/]" in screen_text(app)


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        (scene(issues=None), "Sentry is not configured: set sentry.organization"),
        (scene(issues=()), "No unresolved issues."),
        (replace(scene(), activity=()), "Nothing has changed since"),
        (replace(scene(), online=False, overall=Judgement(Level.UNKNOWN)), "This host is offline"),
        (
            replace(scene(), notices=("Prometheus is unreachable: reading the metrics pages",)),
            "Prometheus is unreachable",
        ),
    ],
)
async def test_nothing_is_empty_without_a_reason(snapshot: Snapshot, words: str) -> None:
    app, _, _ = console(snapshot)
    async with at_desk(app, (120, 40)):
        assert words in screen_text(app)


async def test_without_a_measurement_the_chart_says_why() -> None:
    app, feed, _ = console(scene([state("us-east", p95_ms=None)]))
    feed.trails = {}
    async with at_desk(app, (120, 40)) as pilot:
        await shows(pilot, "No requests in the last hour.")


async def test_a_limited_source_is_named_in_its_pane() -> None:
    snapshot = scene()
    assert snapshot.issues is not None
    limited = replace(snapshot.issues, freshness=Freshness.LIMITED, error="Sentry: 429", next_at=NOW + 40)
    app, _, _ = console(replace(snapshot, issues=limited))
    async with at_desk(app, (120, 40)) as pilot:
        await shows(pilot, "limited: Sentry: 429 · again in 40 s", "12 s old")


async def test_old_figures_are_marked() -> None:
    old = state("us-east", age_s=45)
    old = replace(old, vitals=replace(old.vitals, freshness=Freshness.STALE, error="no answer within 5 s"))
    app, _, _ = console(scene([old]))
    async with at_desk(app, (120, 40)) as pilot:
        await shows(pilot, "45 s!", "stale: no answer within 5 s")


async def test_a_screen_that_stood_still_is_told() -> None:
    app, _, clock = console(scene())
    async with at_desk(app, (120, 40)) as pilot:
        clock.pass_time(35)
        await shows(pilot, "this screen stood still for 34 s")


async def test_a_thousand_regions_scroll_and_draw_only_what_is_in_view() -> None:
    app, feed, _ = console(many(1000))
    async with at_desk(app, (120, 40)) as pilot:
        await shows(pilot, "of 1,001")
        assert feed.trail_calls < 60
        await pilot.press("G")
        await shows(pilot, "› edge")
        await pilot.press("up")
        await shows(pilot, "› region-0999")
        feed.publish(many(1000, factor=1.5, sequence=2))
        await pilot.pause()
        await shows(pilot, "› region-0999")
        await pilot.press("g")
        await shows(pilot, "› region-0000")


async def test_activity_follows_until_it_is_left() -> None:
    app, feed, _ = console(scene())
    entries = scene().activity
    async with at_desk(app, (80, 24)) as pilot:
        await pilot.press("4", "up")
        more = replace(entries[0], at=WALL, text="something new")
        feed.publish(scene(activity=(*entries, more)))
        await pilot.pause()
        await shows(pilot, "2 newer below")
        await pilot.press("G")
        await hides(pilot, "newer below")
        await shows(pilot, "› 14:07:12Z")


async def test_resizing_finds_a_layout_for_every_size() -> None:
    app, _, _ = console(trouble())
    async with at_desk(app, (120, 40)) as pilot:
        for size in [(1, 1), (59, 14), (60, 15), (80, 24), (400, 120), (10, 60), (300, 3), (120, 40)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await shows(pilot, "1 Regions")


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast", "colour-blind", "monochrome"])
async def test_every_theme_draws_the_same_words(theme: str) -> None:
    app, _, _ = console(trouble(), theme=theme)
    async with at_desk(app, (120, 40)) as pilot:
        await shows(pilot, "✖ down")


async def test_a_redraw_without_a_change_refreshes_nothing() -> None:
    app, _, _ = console(scene())
    async with at_desk(app, (120, 40)) as pilot:
        await pilot.pause()
        app._draw()
        assert all(not pane._repaint_regions for pane in app.overview.panes.values())
        assert not app.overview.status._repaint_regions


async def test_copy_takes_the_row_under_the_cursor() -> None:
    app, _, _ = console(trouble())
    async with at_desk(app, (120, 40)) as pilot:
        await pilot.press("down", "y")
        await shows(pilot, "sent to your terminal's clipboard: us-west primary down")


async def test_an_unreachable_feed_error_of_any_kind_is_a_sentence() -> None:
    app, feed, _ = console(scene())
    async with at_desk(app, (120, 40)) as pilot:
        await pilot.press("3", "enter")
        feed.asked[0][1].set_exception(ValueError(HOSTILE))
        await shows(pilot, "could not be fetched: ValueError")
