"""Which cells of a line changed, in the fewest bytes.

Two changed stretches are joined when sending what lies between them is cheaper than a cursor move and a new style.
"""

from itertools import pairwise

from rich.cells import get_character_cell_size
from rich.style import Style
from textual.strip import Strip

MOVE_BYTES = 8
"""A cursor address."""
STYLE_BYTES = 19
"""Another foreground in 24-bit colour."""

Cell = tuple[str, Style | None]


def changed(old: Strip, new: Strip) -> list[tuple[int, int]]:
    """The stretches (first column, end column) in which two lines of one width differ, from left to right."""
    if old == new:
        return []
    before, after = _cells(old), _cells(new)
    if len(before) != len(after):
        return [(0, len(after))]
    spans: list[tuple[int, int]] = []
    for column in [column for column, cell in enumerate(after) if cell != before[column]]:
        start = _whole(before, after, column)
        if spans and (start <= spans[-1][1] or _joined_is_less(after, spans[-1][1], column)):
            spans[-1] = (spans[-1][0], column + 1)
        else:
            spans.append((start, column + 1))
    return [(start, _end(before, after, end)) for start, end in spans]


def _joined_is_less(cells: list[Cell], end: int, start: int) -> bool:
    """Whether sending the cells from `end` to `start` too costs less than going on after them."""
    text = sum(len(character.encode()) for character, _ in cells[end:start])
    styles = [style for _, style in cells[end - 1 : start + 1]]
    joined = text + STYLE_BYTES * sum(left != right for left, right in pairwise(styles))
    return joined <= MOVE_BYTES + STYLE_BYTES * (styles[0] != styles[-1])


def _whole(before: list[Cell], after: list[Cell], column: int) -> int:
    """The column, or an earlier one: not in a wide character, nor after marks, which a crop would take along."""
    while column > 0 and (len(after[column - 1][0]) > 1 or not (before[column][0] and after[column][0])):
        column -= 1
    return column


def _end(before: list[Cell], after: list[Cell], column: int) -> int:
    """The column, or a later one: a wide character is not cut in two, nor are marks cut off the cell they belong to."""
    while column < len(after) and (len(after[column - 1][0]) > 1 or not (before[column][0] and after[column][0])):
        column += 1
    return column


def _cells(strip: Strip) -> list[Cell]:
    """One entry per cell; the second cell of a wide character is empty, marks belong to the cell before."""
    cells: list[Cell] = []
    for text, style, _ in strip:
        if text.isascii():
            cells += [(character, style) for character in text]
            continue
        for character in text:
            size = get_character_cell_size(character)
            if size == 0 and cells:
                cells[-1] = (cells[-1][0] + character, cells[-1][1])
            elif size:
                cells += [(character, style), *[("", style)] * (size - 1)]
    return cells
