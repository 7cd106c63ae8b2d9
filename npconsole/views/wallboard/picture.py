"""The whole wall for one size of terminal: banner, tiles, foot. Pure: same view, same picture.

From five metres one should know what is wrong, where and since when: those are in letters wherever they fit.
"""

from npconsole.views.wallboard.banner import banner
from npconsole.views.wallboard.foot import foot, last_line
from npconsole.views.wallboard.grid import Page, page
from npconsole.views.wallboard.head import head_scale
from npconsole.views.wallboard.row import Row, beside, blank
from npconsole.views.wallboard.tile import tile
from npconsole.views.wallboard.view import View

LARGEST = (300, 100)
_NARROWEST = 12


def picture(view: View, columns: int, rows: int) -> list[Row]:
    """Exactly `rows` lines of `columns` cells; beyond 300 x 100 the rest stays empty."""
    width, tall = min(columns, LARGEST[0]), min(rows, LARGEST[1])
    above, below = banner(view, width, tall), foot(view, width, tall)
    area = max(0, tall - len(above) - len(below) - 1)
    shown = page(view.snapshot.regions, width, area, view.turn) if area and width >= _NARROWEST else None
    tiles = _tiles(shown, view) if shown else []
    spare = [blank(width)] * max(0, area - len(tiles))
    framed = [*above, *tiles, *spare, *below, last_line(view, shown, width)][:tall]
    return [*([*line, *blank(columns - width)] for line in framed), *([blank(columns)] * (rows - tall))]


def _tiles(shown: Page, view: View) -> list[Row]:
    """The tiles of a page, row by row. Letters are as large on all of them."""
    grid = shown.grid
    scale = head_scale([state.region.id for state in shown.regions], min(grid.widths), min(grid.heights))
    lines: list[Row] = []
    for index, tall in enumerate(grid.heights):
        across = len(grid.widths)
        states = shown.regions[index * across : (index + 1) * across]
        blocks = [tile(state, view, wide, tall, scale) for state, wide in zip(states, grid.widths, strict=False)]
        blocks += [[blank(wide)] * tall for wide in grid.widths[len(states) :]]
        lines += beside(blocks)
    return lines
