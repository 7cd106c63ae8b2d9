"""Lines over time in braille: two by four dots in a cell. Pure: points in, characters and owners out.

A gap in the points is a gap in the line. Nothing moves until a whole new cell of time begins.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float | None]
Cell = tuple[int, int]

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_NICE = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True, slots=True)
class Frame:
    """The plotted area: `width` by `height` cells for `end - start` seconds and values from 0 to `top`."""

    width: int
    height: int
    start: float
    end: float
    top: float

    @property
    def cell_s(self) -> float:
        """Seconds in one cell."""
        return (self.end - self.start) / self.width

    def row(self, value: float) -> int:
        """The line of cells in which a value lies; 0 is the top one."""
        return min(self.height - 1, max(0, self._dot_row(value) // 4))

    def column(self, wall: float) -> int:
        """The cell in which an instant lies; may be outside."""
        return math.floor((wall - self.start) / self.cell_s)

    def _dot_row(self, value: float) -> int:
        dots = self.height * 4
        return min(dots - 1, max(0, dots - 1 - round(value / self.top * (dots - 1))))

    def dot(self, wall: float, value: float) -> tuple[int, int]:
        """The dot of a point: column (may be outside) and row."""
        return math.floor((wall - self.start) / self.cell_s * 2), self._dot_row(value)


def framed(width: int, height: int, *, end: float, window_s: float, top: float) -> Frame:
    """A frame whose end is the next whole cell, so that it stands still while time runs within a cell."""
    cell_s = window_s / width
    last = math.floor(end / cell_s) + 1
    return Frame(width, height, (last - width) * cell_s, last * cell_s, top)


def ceiling(value: float) -> float:
    """The next round figure at or above a value: 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten."""
    if value <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in _NICE if step * power >= value * 0.9999), 10.0 * power)


def curve(frame: Frame, points: Sequence[Point]) -> dict[Cell, int]:
    """The dots of one line, as braille bits by (row, column). `points` are in order of time.

    Neighbours are joined when they are no further apart than three and a half usual steps; None breaks the line.
    """
    longest = _longest(points)
    cells: dict[Cell, int] = {}
    before: tuple[float, float] | None = None
    for wall, value in points:
        if value is None:
            before = None
            continue
        here = frame.dot(wall, value)
        there = frame.dot(*before) if before and wall - before[0] <= longest else here
        for x, y in _between(there, here):
            if 0 <= x < frame.width * 2:
                place = (y // 4, x // 2)
                cells[place] = cells.get(place, 0) | _DOTS[y % 4][x % 2]
        before = (wall, value)
    return cells


def character(bits: int) -> str:
    """The braille character of a cell's dots."""
    return chr(0x2800 + bits)


def _longest(points: Sequence[Point]) -> float:
    steps = sorted(b[0] - a[0] for a, b in pairwise(points) if b[0] > a[0])
    return 3.5 * steps[len(steps) // 2] if steps else 0.0


def _between(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    (x0, y0), (x1, y1) = start, end
    steps = max(abs(x1 - x0), abs(y1 - y0))
    if steps == 0:
        return [end]
    return [(x0 + round((x1 - x0) * step / steps), y0 + round((y1 - y0) * step / steps)) for step in range(steps + 1)]
