"""Which tiles are on the wall at once, and where. Pure arithmetic in cells.

When all fit they keep the order of the configuration, so that a place on the wall always means the same region; only
when they do not, the worst come first and the pages turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from npconsole.model.snapshot import RegionState

# The smallest tiles, columns by rows: whenever they all fit, and when pages turn, where larger is better than more.
_SMALLEST = (26, 2)
_PAGED = (26, 3)
_SHAPE = 3.2
_TALL = 8
_LOW = 12


@dataclass(frozen=True, slots=True)
class Grid:
    """Tiles by rows: `heights[i]` is the height of row i, `widths[j]` the width of column j; they fill the
    area, but for a rest below when the tiles are so low that one line more would change their look.
    """

    widths: tuple[int, ...]
    heights: tuple[int, ...]

    @property
    def places(self) -> int:
        return len(self.widths) * len(self.heights)


@dataclass(frozen=True, slots=True)
class Page:
    """The regions of one page. `number` counts from 1."""

    grid: Grid
    regions: tuple[RegionState, ...]
    number: int
    pages: int


def page(regions: Sequence[RegionState], width: int, height: int, turn: int) -> Page:
    """The page that is shown at a `turn` of the rotation (0, 1, 2, ...), on an area of the given size."""
    total = len(regions)
    if total <= _capacity(width, height, _SMALLEST):
        return Page(grid(total, width, height), tuple(regions), 1, 1)
    capacity = max(1, _capacity(width, height, _PAGED if height >= _LOW else _SMALLEST))
    pages = -(-total // capacity)
    at = turn % pages
    ordered = sorted(regions, key=lambda state: -state.level.severity)
    shown = tuple(ordered[at * capacity : (at + 1) * capacity])
    return Page(grid(capacity, width, height), shown, at + 1, pages)


def grid(count: int, width: int, height: int) -> Grid:
    """The grid with a place for each of `count` tiles whose tiles come nearest to a pleasant shape."""

    def score(columns: int) -> float:
        rows = -(-count // columns)
        return min(width / columns / _SHAPE, height / rows) * count / (columns * rows)

    most = max(1, min(count, width // _SMALLEST[0]))
    fitting = [columns for columns in range(1, most + 1) if -(-count // columns) <= height]
    columns = max(fitting or [most], key=score)
    rows = -(-count // columns)
    heights = _shares(height, rows)
    return Grid(_shares(width, columns), heights if heights[-1] >= _TALL else (heights[-1],) * rows)


def _capacity(width: int, height: int, size: tuple[int, int]) -> int:
    return (width // size[0]) * (height // size[1])


def _shares(total: int, parts: int) -> tuple[int, ...]:
    each, rest = divmod(max(0, total), parts)
    return tuple(each + (1 if index < rest else 0) for index in range(parts))
