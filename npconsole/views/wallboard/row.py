"""Lines of exactly so many cells: what the wallboard is put together from."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from textwrap import wrap

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from npconsole.net.text import clean

Row = list[Segment]


def part(value: object, style: str = "") -> Segment:
    """Cleaned text in a Rich style."""
    return Segment(clean(value), _parsed(style))


def drawing(text: str, style: str = "") -> Segment:
    """Block characters of our own in a Rich style; no data comes this way."""
    return Segment(text, _parsed(style))


def fitted(text: str, width: int) -> str:
    """At most `width` cells of `text`; what was cut is told by an ellipsis."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1) + "…" if width > 0 else ""


def row(width: int, left: Sequence[Segment], right: Sequence[Segment] = (), style: str = "") -> Row:
    """Both ends of a line of `width` cells, the gap in `style`. What does not fit is cut from the left part."""
    kept = _cut(right, width)
    room = width - _width(kept)
    first = _cut(left, room - 1 if kept and room > 1 else room)
    gap = room - _width(first)
    return [*first, *([drawing(" " * gap, style)] if gap else []), *kept]


def centred(width: int, text: str, style: str) -> Row:
    """`text` in the middle of a line that is filled with its style."""
    shown = fitted(text, width)
    left = (width - cell_len(shown)) // 2
    return [drawing(" " * left + shown + " " * (width - left - cell_len(shown)), style)]


def blank(width: int, style: str = "") -> Row:
    """An empty line."""
    return [drawing(" " * width, style)] if width > 0 else []


def wrapped(text: str, width: int, lines: int) -> list[str]:
    """`text` in at most `lines` lines; the last tells by an ellipsis that more was cut."""
    if width < 1 or lines < 1:
        return []
    found = wrap(clean(text), width, max_lines=lines, placeholder="…", break_on_hyphens=False) or [""]
    return [fitted(line, width) for line in found]


def beside(blocks: Iterable[Sequence[Row]]) -> list[Row]:
    """Blocks of the same height side by side."""
    return [list(chain.from_iterable(lines)) for lines in zip(*blocks, strict=True)]


def _width(segments: Sequence[Segment]) -> int:
    return sum(segment.cell_length for segment in segments)


def _cut(segments: Sequence[Segment], width: int) -> Row:
    kept: Row = []
    for text, style, _ in segments:
        room = width - _width(kept)
        if room <= 0:
            break
        kept.append(Segment(fitted(text, room), style))
    return kept


@lru_cache(512)
def _parsed(style: str) -> Style:
    return Style.parse(style)
