"""The head of a tile: which region, and how it is. What is not well fills it with the colour of its level."""

from collections.abc import Sequence

from npconsole.model import quantity
from npconsole.model.level import Level
from npconsole.model.snapshot import RegionState
from npconsole.views.wallboard.letters import drawn, height, scale_that_fits
from npconsole.views.wallboard.row import Row, drawing, part, row
from npconsole.views.wallboard.view import View

BAD = frozenset({Level.DOWN, Level.DEGRADED, Level.UNKNOWN})
"""The levels that are to be seen from across the room."""

_WORDS = sorted(level.value for level in BAD)


def head_scale(names: Sequence[str], width: int, rows: int) -> int:
    """The scale of all heads of a page, 0 for plain text: equal on all tiles, so that only colour shouts."""
    room = width - 4
    scales = (scale_that_fits(text, room, max(1, rows // 5), 3) for text in (*names, *_WORDS))
    return min(scales)


def head(state: RegionState, view: View, width: int, rows: int, scale: int) -> list[Row]:
    """The name and the level in `width` cells: in letters of a scale, or in one line at scale 0."""
    bad = state.level in BAD
    style = view.palette.chip(state.level.value) if bad else f"bold {view.palette.style('text')}".strip()
    if not scale:
        return [_plain(state, view, width, style, bad=bad)]
    words = (state.region.id, state.level.value) if bad else (state.region.id,)
    if not bad:
        lines = [row(width, [drawing(line, style)]) for line in _lettered(words, scale)]
        return [*lines, _calm(state, view, width)]
    edge = [""] if rows >= 16 else []
    lettered = [*edge, *_lettered(words, scale), *(edge if height(scale) * 2 == 5 * scale else [])]
    return [row(width, [drawing(f" {line}", style)], style=style) for line in lettered]


def _lettered(words: Sequence[str], scale: int) -> list[str]:
    """Words below one another, a blank line between them when the letters fill their last row."""
    lines: list[str] = []
    for word in words:
        if lines and height(scale) * 2 == 5 * scale:
            lines.append("")
        lines += drawn(word, scale)
    return lines


def _calm(state: RegionState, view: View, width: int) -> Row:
    style = view.palette.level(state.level)
    left = [part(f"{state.level.glyph} {state.level.value}", style)]
    return row(width, [*left, part(f"  {lasting(state, view)}", view.palette.style("text_muted"))])


def _plain(state: RegionState, view: View, width: int, style: str, *, bad: bool) -> Row:
    level = state.level
    word = level.value.upper() if bad else level.value
    right = [part(f"{word} ", style if bad else view.palette.level(level))]
    duration = f"{_duration(state, view)} "
    if bad and len(state.region.id) + len(word) + len(duration) + 4 <= width:
        right.append(part(duration, style))
    glyph = part(f"{level.glyph} ", style if bad else view.palette.level(level))
    return row(width, [glyph, part(state.region.id, style)], right, style if bad else "")


def _duration(state: RegionState, view: View) -> str:
    since = state.judgement.since
    return "" if since is None else quantity.duration(view.now - since)


def lasting(state: RegionState, view: View) -> str:
    """`since 14:03 (4 min)`, or nothing when it was never otherwise."""
    since = state.judgement.since
    if since is None:
        return ""
    when = quantity.moment(view.snapshot.wall_of(since), view.wall, utc=view.utc)
    return f"since {when} ({quantity.duration(view.now - since)})"
