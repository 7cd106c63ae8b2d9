"""The picture of the wall as text, at every size."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.segment import Segment

from npconsole.errors import Failure
from npconsole.model.estate import Tier
from npconsole.model.level import Level
from npconsole.model.reading import Freshness, Reading
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Thresholds
from npconsole.model.vitals import Health
from npconsole.views.theme import load_palette
from npconsole.views.wallboard.letters import drawn
from npconsole.views.wallboard.picture import picture
from npconsole.views.wallboard.view import View
from tests.views.wallboard.feed import NOW, WALL, StillFeed, estate_of, state, three, trail

DARK = load_palette("dark", {})
T = TypeVar("T")
PLAIN = load_palette("monochrome", {})
HOSTILE = "[@click=app.quit]x[/] \x1b]52;c;aGk=\x07 [/b] \u202e" + "e\u0301" * 20_000


def view(snapshot: Snapshot, later_s: float = 0.0, **changes: object) -> View:
    built = View(
        snapshot=snapshot,
        now=NOW + later_s,
        wall=WALL + later_s,
        turn=0,
        silent=False,
        palette=DARK,
        thresholds=Thresholds(),
        utc=True,
        trail=StillFeed(snapshot, trail()).trail,
    )
    return replace(built, **changes)  # type: ignore[arg-type]  # fields by name, as the tests need them


def lines(seen: View, columns: int, rows: int) -> list[str]:
    return ["".join(segment.text for segment in line) for line in picture(seen, columns, rows)]


def text(seen: View, columns: int, rows: int) -> str:
    return "\n".join(lines(seen, columns, rows))


def shows_letters(found: Sequence[str], word: str, scale: int = 1) -> bool:
    first, *rest = drawn(word, scale)
    return any(
        first in line and all(part in below for part, below in zip(rest, found[index + 1 :], strict=False))
        for index, line in enumerate(found)
    )


@given(
    st.lists(st.sampled_from(list(Level)), min_size=1, max_size=12),
    st.integers(1, 310),
    st.integers(1, 105),
    st.booleans(),
    st.integers(0, 5),
)
@settings(max_examples=60, deadline=None)
def test_a_picture_has_exactly_the_size_of_the_terminal(
    levels: list[Level], columns: int, rows: int, silent: bool, turn: int
) -> None:
    snapshot = estate_of(*(state(f"region-{index}", level) for index, level in enumerate(levels)))
    found = picture(view(snapshot, silent=silent, turn=turn), columns, rows)
    assert len(found) == rows
    assert {sum(segment.cell_length for segment in line) for line in found} == {columns}


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (300, 100)])
def test_what_is_wrong_where_and_how_long_is_in_letters(columns: int, rows: int) -> None:
    found = lines(view(three()), columns, rows)
    scale = 1 if columns == 120 else 4
    assert shows_letters(found, "us-east is down", scale)
    assert shows_letters(found, "degraded", 1 if columns == 120 else 3)
    if columns == 120:
        assert shows_letters(found, "4 min")
    assert "since 13:59Z (4 min)" in "\n".join(found)
    assert "connection refused" in "\n".join(found)


@pytest.mark.parametrize(("columns", "rows"), [(40, 10), (59, 14), (80, 24), (120, 40), (300, 100)])
def test_every_size_tells_each_region_and_its_level_the_installation_and_the_time(columns: int, rows: int) -> None:
    found = lines(view(three()), columns, rows)
    whole = "\n".join(found)
    assert "PRODUCTION" in whole
    assert "neuropilot" in whole
    assert "14:03:07Z" in whole
    for name, word in (("us-east", "down"), ("us-west", "degraded"), ("eu-west", "ok")):
        assert name in whole or any(shows_letters(found, name, scale) for scale in (1, 2, 3))
        assert word in whole.lower() or any(shows_letters(found, word, scale) for scale in (1, 2, 3))


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40), (300, 100)])
def test_who_answers_at_the_edge_and_what_sentry_has(columns: int, rows: int) -> None:
    whole = text(view(three()), columns, rows)
    assert "edge → us-west since 13:59Z" in whole
    assert "7 issues  2 new  1 regressed" in whole


def test_all_is_well_and_since_when() -> None:
    snapshot = estate_of(state("us-east"), state("us-west"), tier=Tier.STAGING)
    found = lines(view(snapshot), 120, 40)
    assert shows_letters(found, "all is well in 2 regions")
    assert "since 11:33Z (2 h 30 min)" in "\n".join(found)
    assert "STAGING" in found[0]


def test_production_is_a_filled_label_and_staging_is_not() -> None:
    def label(tier: Tier) -> Segment:
        return picture(view(estate_of(state("a"), tier=tier)), 80, 24)[0][0]

    production, staging = label(Tier.PRODUCTION).style, label(Tier.STAGING).style
    assert production is not None
    assert staging is not None
    assert production.bgcolor is not None
    assert staging.bgcolor is None


def test_figures_have_the_colour_of_their_threshold_while_they_are_fresh() -> None:
    def colour_of_p95(freshness: Freshness) -> str | None:
        slow = state("us-west", Level.DEGRADED)
        reading = replace(slow.vitals, freshness=freshness)
        for line in picture(view(estate_of(replace(slow, vitals=reading))), 40, 10):
            for segment in line:
                if segment.text == "612 ms":
                    return segment.style.color.name if segment.style and segment.style.color else None
        raise AssertionError("no p95 on the wall")

    assert colour_of_p95(Freshness.FRESH) == DARK.degraded
    assert colour_of_p95(Freshness.STALE) == DARK.text_muted


def stale(snapshot: Snapshot, age_s: float) -> Snapshot:
    def aged(reading: Reading[T]) -> Reading[T]:
        return replace(reading, freshness=Freshness.STALE, at=NOW - age_s)

    return replace(
        snapshot,
        regions=tuple(replace(each, health=aged(each.health), vitals=aged(each.vitals)) for each in snapshot.regions),
        edges=tuple(replace(each, health=aged(each.health)) for each in snapshot.edges),
    )


def test_old_data_is_told_across_the_wall_and_on_each_tile() -> None:
    found = lines(view(stale(three(), 45)), 120, 40)
    assert shows_letters(found, "data 45 s old", 2)
    assert "\n".join(found).count(" data 45 s old ") == 3
    small = text(view(stale(three(), 45)), 40, 10)
    assert "DATA 45 S OLD" in small


def test_one_stale_region_is_told_on_its_own_tile_only() -> None:
    fresh = three()
    mixed = replace(fresh, regions=(*stale(fresh, 45).regions[:1], *fresh.regions[1:]))
    found = lines(view(mixed), 120, 40)
    assert not shows_letters(found, "data 45 s old", 2)
    assert "\n".join(found).count(" data 45 s old ") == 1


def test_an_engine_that_fell_silent_is_old_data_too() -> None:
    found = lines(view(three(), later_s=60, silent=True), 120, 40)
    assert shows_letters(found, "data 62 s old", 2)


def test_nothing_is_old_before_the_first_answer() -> None:
    empty = replace(state("us-east", Level.UNKNOWN), health=Reading(), vitals=Reading())
    waiting = replace(estate_of(empty), edges=(), issues=Reading())
    whole = text(view(waiting), 120, 40)
    assert "OLD" not in whole.upper()
    assert "Sentry: no answer yet" in whole


def test_a_host_that_is_offline_says_so_and_never_that_all_is_well() -> None:
    unknown = estate_of(*(state(name, Level.UNKNOWN) for name in ("us-east", "us-west")))
    whole = text(view(replace(unknown, online=False)), 300, 60)
    assert "is offline" in whole.lower() or shows_letters(whole.splitlines(), "this host is offline", 3)
    assert "All is well" not in whole


def test_why_sentry_is_not_known() -> None:
    snapshot = replace(three(), issues=Reading(error="401 Unauthorized: check sentry.token", freshness=Freshness.AUTH))
    assert "Sentry: 401 Unauthorized: check sentry.token" in text(view(snapshot), 120, 40)
    assert "Sentry is not configured" in text(view(replace(three(), issues=None)), 120, 40)


@pytest.mark.parametrize(
    ("count", "columns", "rows", "pages"),
    [(1, 40, 10, 1), (3, 40, 10, 1), (30, 40, 10, 10), (30, 120, 40, 1), (300, 80, 24, 17), (300, 300, 100, 1)],
)
def test_pages_turn_when_not_all_fit(count: int, columns: int, rows: int, pages: int) -> None:
    snapshot = estate_of(*(state(f"region-{index}") for index in range(count)))
    turns = [text(view(snapshot, turn=turn), columns, rows) for turn in range(pages)]
    if count > 3:  # fewer have their names in letters where there is room
        assert all(any(f"region-{index} " in turn for turn in turns) for index in range(count))
    assert (f"page {pages} of {pages}" in turns[-1]) is (pages > 1)
    assert len(set(turns)) == pages


def test_many_bad_regions_are_counted_in_letters() -> None:
    bad = [state(f"somewhere-far-{index}", Level.DOWN if index < 2 else Level.DEGRADED) for index in range(12)]
    found = lines(view(estate_of(*bad)), 120, 40)
    assert shows_letters(found, "2 down, 10 degraded")
    assert "somewhere-far-0 and somewhere-far-1 are down" in "\n".join(found)


@pytest.mark.parametrize(("columns", "rows"), [(40, 10), (80, 24), (120, 40), (300, 100)])
@pytest.mark.parametrize("palette", [DARK, PLAIN])
def test_hostile_text_is_harmless_text(columns: int, rows: int, palette: object) -> None:
    bad = state("us-east", Level.DOWN)
    bad = replace(bad, judgement=replace(bad.judgement, reason=HOSTILE, pending=HOSTILE))
    assert bad.health.value is not None
    bad = replace(bad, health=replace(bad.health, value=replace(bad.health.value, version=HOSTILE)))
    snapshot = replace(
        estate_of(bad, answered_by=HOSTILE), notices=(HOSTILE,), issues=Reading(error=HOSTILE, freshness=Freshness.AUTH)
    )
    found = picture(view(snapshot, palette=palette), columns, rows)
    assert all(segment.text.isprintable() for line in found for segment in line)
    assert all(not segment.style or not segment.style.meta for line in found for segment in line)
    assert "[@click=app.quit]x[/]" in text(view(snapshot), 120, 40)


def test_without_colour_nothing_is_told_by_colour() -> None:
    found = picture(view(three(), palette=PLAIN), 120, 40)
    for line in found:
        for segment in line:
            assert segment.style is None or (segment.style.color or segment.style.bgcolor) is None


def test_a_cut_off_host_shows_how_old_its_knowledge_is_though_its_probes_fail_freshly() -> None:
    refused = Health(failure=Failure.CONNECT, detail="connection refused")
    aged = stale(three(), 40)
    probed = tuple(
        replace(each, health=Reading(refused, NOW - 1, NOW - 1, "", Freshness.FRESH)) for each in aged.regions
    )
    edges = tuple(replace(each, health=Reading(refused, NOW - 1, NOW - 1, "", Freshness.FRESH)) for each in aged.edges)
    offline = replace(aged, regions=probed, edges=edges, online=False)
    assert shows_letters(lines(view(offline), 120, 40), "data 40 s old", 2)
    outage = replace(offline, online=True)
    assert not shows_letters(lines(view(outage), 120, 40), "data 40 s old", 2)


@given(st.sampled_from(list(Level)), st.integers(12, 300), st.integers(5, 100), st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_letters_are_never_cut(level: Level, columns: int, rows: int, count: int) -> None:
    snapshot = estate_of(*(state(f"r{index}", level) for index in range(count)))
    for line in lines(view(snapshot, trail=lambda *_: ()), columns, rows):
        assert "…" not in line or not re.search("[█▀▄]{2}", line)
