"""The pure parts of drawing: lines, changed cells, columns, bars, plots, places, bytes."""

import io
import math
from itertools import pairwise

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from textual.strip import Strip

from npconsole.views.console.arrangement import LARGEST, SMALLEST, arrange
from npconsole.views.console.clipboard import osc52
from npconsole.views.console.columns import GAP, Column, fitting
from npconsole.views.console.line import Line, fit
from npconsole.views.console.plot import ceiling, curve, framed
from npconsole.views.console.spans import changed
from npconsole.views.console.sparkline import ABOVE, bars
from npconsole.views.update import CellsUpdate, Pen

BASE = Style(color="#c0c0c0", bgcolor="#101010")
STYLES = [
    BASE,
    Style(color="#ff0000", bgcolor="#101010", bold=True),
    Style(color="#00ff00", bgcolor="#202020"),
    Style(reverse=True),
]
texts = st.text(st.sampled_from("ab 1.é漢字▁█●e\u0301"), max_size=14)
pieces = st.lists(st.tuples(texts, st.sampled_from(STYLES)), max_size=6)
WIDTH = 24


def line(parts: list[tuple[str, Style]], width: int = WIDTH) -> Strip:
    built = Line(width, BASE)
    for text, style in parts:
        built.put(text, style)
    return built.strip()


def painted(*writes: tuple[int, Strip]) -> list[tuple[str, str, bool, str]]:
    """What a terminal shows after strips were written at columns: (character, colour, bold, background)."""
    console = Console(file=io.StringIO(), color_system="truecolor", force_terminal=True)
    screen = pyte.Screen(WIDTH + 1, 1)  # pyte wraps before a combining mark behind the last column; terminals do not
    stream = pyte.Stream(screen)
    pen = Pen(console)
    for x, strip in writes:
        pen.move(x, 0)
        pen.write(strip)
    stream.feed(pen.done())
    row = screen.buffer[0]
    return [(row[x].data, row[x].fg, row[x].bold, row[x].bg) for x in range(WIDTH)]


@given(pieces)
def test_a_line_is_exactly_as_wide_as_said(parts: list[tuple[str, Style]]) -> None:
    assert sum(cell_len(segment.text) for segment in line(parts)) == WIDTH


@given(st.text(max_size=40), st.integers(0, 20), st.sampled_from(["left", "right"]))
def test_fit_is_exact(text: str, width: int, align: str) -> None:
    from npconsole.net.text import clean

    assert cell_len(fit(clean(text), width, "left" if align == "left" else "right")) == width


def test_fit_cuts_with_an_ellipsis_and_pads_at_the_far_side() -> None:
    assert fit("abcdef", 4) == "abc…"
    assert fit("ab", 4, "right") == "  ab"
    assert fit("漢字漢字", 4) == "漢 …"


@given(pieces, pieces)
def test_sending_the_changed_cells_gives_the_new_line(
    old: list[tuple[str, Style]], new: list[tuple[str, Style]]
) -> None:
    before, after = line(old), line(new)
    spans = changed(before, after)
    writes = [(start, after.crop(start, end)) for start, end in spans]
    assert painted((0, before), *writes) == painted((0, after))
    assert all(left[1] < right[0] for left, right in pairwise(spans))


def test_nothing_changed_sends_nothing_and_one_figure_only_itself() -> None:
    assert changed(line([("p95 164 ms", BASE)]), line([("p95 164 ms", BASE)])) == []
    assert changed(line([("p95 164 ms", BASE)]), line([("p95 169 ms", BASE)])) == [(6, 7)]


def test_near_changes_are_joined_and_far_ones_are_not() -> None:
    assert changed(line([("1 2", BASE)]), line([("3 4", BASE)])) == [(0, 3)]
    assert len(changed(line([("1" + " " * 20 + "2", BASE)]), line([("3" + " " * 20 + "4", BASE)]))) == 2


def test_an_update_sends_only_its_span_and_few_bytes() -> None:
    console = Console(file=io.StringIO(), color_system="truecolor", force_terminal=True)
    strip = line([("region us-east 164 ms", BASE)])
    sent = CellsUpdate([{0: strip}], [(0, 15, 18)], [[WIDTH]]).render_segments(console)
    assert "164" in sent
    assert "us-east" not in sent
    assert len(sent) < 60


COLUMNS = (Column("a", "a", 8, 0), Column("b", "b", 6, 2), Column("c", "c", 5, 1, grow=30), Column("d", "d", 9, 3))


@given(st.integers(0, 120))
def test_columns_fit_and_the_important_stay(width: int) -> None:
    kept = fitting(COLUMNS, width)
    assert sum(column.width for column in kept) + GAP * max(0, len(kept) - 1) <= width
    assert [column.id for column in kept] == sorted(column.id for column in kept)
    if width >= 8:
        assert "a" in {column.id for column in kept}


def test_a_growing_column_takes_what_is_left() -> None:
    assert [(column.id, column.width) for column in fitting(COLUMNS, 40)] == [("a", 8), ("b", 6), ("c", 14), ("d", 9)]


def test_bars_mark_what_is_above_the_threshold_by_shape() -> None:
    points = [(0.0, 0.0), (30.0, 100.0), (60.0, None), (90.0, 400.0), (120.0, 401.0)]
    assert bars(points, end=140, bucket_s=30, count=6, threshold=400).text == " ▁▂ ▆█"


@given(st.lists(st.tuples(st.floats(0, 1e6), st.none() | st.floats(0, 1e9)), max_size=50), st.floats(0.1, 1e6))
def test_a_full_block_is_above_the_threshold_and_nothing_else_is(
    points: list[tuple[float, float | None]], limit: float
) -> None:
    drawn = bars(points, end=1e6, bucket_s=1e5, count=12, threshold=limit).text
    assert len(drawn) == 12
    assert (ABOVE in drawn) == any(value is not None and value > limit for _, value in points)


@given(st.floats(0.001, 1e9))
def test_ceiling_is_a_round_figure_not_far_above(value: float) -> None:
    assert value * 0.999 <= ceiling(value) <= value * 2.0001 or math.isclose(ceiling(value), value, rel_tol=1)


def test_a_plot_stands_still_within_a_cell_of_time() -> None:
    first = framed(60, 10, end=1000.0, window_s=600.0, top=500.0)
    assert framed(60, 10, end=1009.0, window_s=600.0, top=500.0) == first
    assert framed(60, 10, end=1010.0, window_s=600.0, top=500.0) != first


def test_a_gap_in_the_points_is_a_gap_in_the_curve() -> None:
    frame = framed(60, 5, end=600.0, window_s=600.0, top=100.0)
    steady = [(float(wall), 50.0) for wall in range(0, 200, 10)] + [(float(wall), 50.0) for wall in range(400, 600, 10)]
    columns = {column for _, column in curve(frame, steady)}
    assert not any(22 < column < 38 for column in columns)
    broken = curve(frame, [(300.0, 50.0), (310.0, None), (320.0, 50.0)])
    assert len(broken) == 2


@given(st.lists(st.tuples(st.floats(0, 600), st.none() | st.floats(0, 1e6)), max_size=60))
def test_curves_stay_inside(points: list[tuple[float, float | None]]) -> None:
    frame = framed(30, 6, end=600.0, window_s=600.0, top=400.0)
    cells = curve(frame, sorted(points, key=lambda point: point[0]))
    assert all(0 <= row < 6 and 0 <= column < 30 and 0 < bits < 256 for (row, column), bits in cells.items())


@given(st.integers(1, 400), st.integers(1, 150), st.integers(1, 2000))
def test_every_size_has_a_plan_without_overlap(width: int, height: int, rows: int) -> None:
    plan = arrange(width, height, rows=rows)
    cells: set[tuple[int, int]] = set()
    for rect in plan.values():
        assert rect.width > 0
        assert rect.height > 0
        assert rect.x + rect.width <= min(width, LARGEST[0])
        assert rect.y + rect.height <= min(height, LARGEST[1])
        own = {(x, y) for x in (rect.x, rect.x + rect.width - 1) for y in range(rect.y, rect.y + rect.height)}
        assert not own & cells
        cells |= own
    small = width < SMALLEST[0] or height < SMALLEST[1]
    assert set(plan) == {"summary"} if small else {"status", "regions", "issues", "activity", "footer"} <= set(plan)


def test_zoom_leaves_the_status_and_the_keys() -> None:
    assert set(arrange(80, 24, rows=4, zoomed="issues")) == {"status", "issues", "footer"}


@pytest.mark.parametrize("tmux", [False, True])
def test_the_clipboard_sequence(tmux: bool) -> None:
    sent = osc52("hé", tmux=tmux)
    assert sent.startswith("\x1b]52;c;aMOp\x07")
    assert ("\x1bPtmux;\x1b\x1b]52;c;aMOp\x07\x1b\\" in sent) is tmux
