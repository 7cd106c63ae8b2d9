"""One region on the wall: its head, why, its figures, and the course of its p95.

A tile is made of blocks. When they do not all fit, the least pressing ones go, whole.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from npconsole.model import quantity
from npconsole.model.snapshot import RegionState
from npconsole.views.wallboard import chart
from npconsole.views.wallboard.gauge import Gauge, gauges, large, large_height, small
from npconsole.views.wallboard.head import BAD, head, lasting
from npconsole.views.wallboard.letters import height
from npconsole.views.wallboard.row import Row, blank, drawing, fitted, part, row, wrapped
from npconsole.views.wallboard.view import View

_CHART_S = 1800.0
_CHART_ROWS = 6
_GAP_FROM = 4


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. `rank` 0 is the last to go."""

    rank: int
    lines: list[Row]


def tile(state: RegionState, view: View, width: int, rows: int, scale: int) -> list[Row]:
    """The tile of a region in exactly `rows` lines of `width` cells, the last column and (if high enough) row blank."""
    inner = width - 3
    used = rows - 1 if rows >= _GAP_FROM else rows
    blocks = [Block(0, head(state, view, inner, used, scale)), *_body(state, view, inner, used, scale)]
    lines = _chosen(blocks, used)
    course = _chart(state, view, inner, used - len(lines))
    lines += [*([blank(inner)] * (used - len(lines) - len(course))), *course]
    bar = drawing("▌" if state.level not in BAD else "█", _bar_style(state, view))
    framed = [[bar, drawing(" "), *line, drawing(" ")] for line in lines]
    return framed + [blank(width)] * (rows - used)


def _bar_style(state: RegionState, view: View) -> str:
    return "" if view.palette.monochrome else view.palette.level(state.level)


def _chosen(blocks: Sequence[Block], rows: int) -> list[Row]:
    """The lines of the blocks that fit, in their order, chosen by rank."""
    kept: set[int] = set()
    left = rows
    for index, block in sorted(enumerate(blocks), key=lambda item: item[1].rank):
        if len(block.lines) <= left:
            kept.add(index)
            left -= len(block.lines)
    return [line for index, block in enumerate(blocks) if index in kept for line in block.lines]


def _body(state: RegionState, view: View, width: int, rows: int, scale: int) -> list[Block]:
    palette = view.palette
    found = gauges(state, view.thresholds)
    blocks: list[Block] = []
    if state.level in BAD:
        words = [part(line, palette.style("text")) for line in _why(state, view, width, rows)]
        blocks.append(Block(2, [row(width, [word]) for word in words]))
    stale_s = view.tile_stale_s(state)
    if stale_s is not None:
        told = fitted(f" data {quantity.duration(stale_s)} old ", width)
        blocks.append(Block(1, [row(width, [part(told, palette.chip("unknown"))])]))
    return [*blocks, *_figures(found, state, view, width, rows, scale)]


def _why(state: RegionState, view: View, width: int, rows: int) -> list[str]:
    judgement = state.judgement
    since = ", ".join(filter(None, (lasting(state, view), judgement.pending)))
    reason = wrapped(judgement.reason, width, 1 if rows < 8 else 3) if judgement.reason else []
    return [*reason, *(wrapped(since, width, 1) if since else [])]


def _figures(found: Sequence[Gauge], state: RegionState, view: View, width: int, rows: int, scale: int) -> list[Block]:
    """Digits as large as the name where there is room for them, then the others in lines."""
    palette = view.palette
    version = state.health.value.version if state.health.value else ""
    named = [*found, *([Gauge("version", version, "")] if version else [])]
    if rows < 4 + large_height(1):
        return _lines(named, width, view, 3)
    most = max(1, scale)
    across = max(1, min(3, width // (17 * most)))
    room = rows - 2 * height(scale) - _CHART_ROWS - 6
    bands = max(1, min(3, len(found) // across, room // (large_height(most) + 1)))
    blocks = [
        Block(4 + band, [blank(width), *large(found[band * across :][:across], width, most, palette)])
        for band in range(bands)
    ]
    return [*blocks, Block(7, [blank(width)]), *_lines(named[bands * across :], width, view, 8)]


def _lines(shown: Sequence[Gauge], width: int, view: View, rank: int) -> list[Block]:
    return [Block(rank + index, [line]) for index, line in enumerate(small(shown, width, view.palette))]


def _chart(state: RegionState, view: View, width: int, rows: int) -> list[Row]:
    """The p95 of the last half hour in the lines that are left, columns above the threshold in its colour."""
    if rows < 3:
        return []
    # Columns begin at whole steps of the clock, so that they stand still until the next one begins.
    step_s = _CHART_S / width
    end = math.ceil(view.snapshot.wall / step_s) * step_s
    values = chart.columns(view.trail(state.region.id, end - _CHART_S, end), end - _CHART_S, end, width)
    known = [value for value in values if value is not None]
    if not known:
        return []
    warn = view.thresholds.p95_warn_ms
    lines = chart.bars(values, min(max(_CHART_ROWS, rows // 5), rows - 2), max(warn * 1.25, *known))
    label = f"p95 of 30 min, up to {quantity.latency(max(known))}"
    over = [value is not None and value > warn for value in values]
    return [
        blank(width),
        *(_coloured(line, over, view) for line in lines),
        row(width, [part(fitted(label, width), view.palette.style("text_muted"))]),
    ]


def _coloured(line: str, over: Sequence[bool], view: View) -> Row:
    """Runs of columns below and above the threshold. Without colour those above are bold."""
    styles = {True: view.palette.style("degraded"), False: view.palette.style("p95")}
    if view.palette.monochrome:
        styles = {True: "bold", False: "dim"}
    runs: Row = []
    start = 0
    for index in range(1, len(line) + 1):
        if index == len(line) or over[index] is not over[start]:
            runs.append(drawing(line[start:index], styles[over[start]]))
            start = index
    return runs
