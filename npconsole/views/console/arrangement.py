"""Where everything stands on a screen of any size. A pure plan, and the Textual layout that carries it out."""

from collections.abc import Callable
from typing import NamedTuple

from textual.geometry import NULL_OFFSET, Region, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

SMALLEST = (60, 15)
"""Below this many columns or lines there is one summary instead of panes."""
LARGEST = (300, 100)
SIDE_BY_SIDE = 110
THREE_PARTS = 170
BETWEEN = 2


class Rect(NamedTuple):
    """A place on the screen, in cells."""

    x: int
    y: int
    width: int
    height: int


Plan = dict[str, Rect]


def arrange(width: int, height: int, *, rows: int, zoomed: str | None = None, load: bool = False) -> Plan:
    """The places of status, panes and footer. `rows` is how many lines the regions would like.

    A pane that is missing has no room: it can still be zoomed. Too small a screen has only a `summary`. While a `load`
    is on, its pane takes the place of the issues.
    """
    width, height = min(width, LARGEST[0]), min(height, LARGEST[1])
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return {"summary": Rect(0, 0, width, height)}
    status = 2 if height >= 20 else 1
    plan = {"status": Rect(0, 0, width, status), "footer": Rect(0, height - 1, width, 1)}
    body = Rect(0, status, width, height - status - 1)
    if zoomed:
        return plan | {zoomed: body}
    panes = _panes(body, rows)
    return plan | (_with_load(panes) if load else panes)


def _with_load(panes: Plan) -> Plan:
    """The load instead of the issues; where these are low, it takes the chart's place too."""
    place = panes.pop("issues")
    chart = panes.get("latency")
    if chart is not None and chart.x == place.x:
        place = Rect(place.x, chart.y, place.width, chart.height + place.height)
        del panes["latency"]
    return panes | {"load": place}


def _panes(body: Rect, rows: int) -> Plan:
    top = min(rows + 2, max(6, body.height * 45 // 100))
    regions = Rect(0, body.y, body.width, top)
    rest = Rect(0, body.y + top, body.width, body.height - top)
    return {"regions": regions} | (_wide(rest) if body.width >= SIDE_BY_SIDE else _stacked(rest))


def _stacked(rest: Rect) -> Plan:
    """One below the other; without room for all three the chart goes first: its figures are in the table."""
    if rest.height < 11:
        activity = max(2, rest.height * 2 // 5)
        issues = rest.height - activity
        return {
            "issues": Rect(0, rest.y, rest.width, issues),
            "activity": Rect(0, rest.y + issues, rest.width, activity),
        }
    chart = max(5, rest.height * 40 // 100)
    issues = max(4, (rest.height - chart) * 55 // 100)
    return {
        "latency": Rect(0, rest.y, rest.width, chart),
        "issues": Rect(0, rest.y + chart, rest.width, issues),
        "activity": Rect(0, rest.y + chart + issues, rest.width, rest.height - chart - issues),
    }


def _wide(rest: Rect) -> Plan:
    left = (rest.width - BETWEEN) // 2
    x, right = left + BETWEEN, rest.width - left - BETWEEN
    if rest.width >= THREE_PARTS:
        issues = rest.height * 60 // 100
        return {
            "latency": Rect(0, rest.y, left, rest.height),
            "issues": Rect(x, rest.y, right, issues),
            "activity": Rect(x, rest.y + issues, right, rest.height - issues),
        }
    upper = rest.height - max(4, rest.height * 30 // 100)
    return {
        "latency": Rect(0, rest.y, left, upper),
        "issues": Rect(x, rest.y, right, upper),
        "activity": Rect(0, rest.y + upper, rest.width, rest.height - upper),
    }


class Arrangement(Layout):
    """Puts each child where the plan has its id; what is not in the plan is not drawn."""

    name = "arrangement"

    def __init__(self, plan: Callable[[int, int], Plan]) -> None:
        self._plan = plan

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """The placements of the children."""
        plan = self._plan(size.width, size.height)
        return [
            WidgetPlacement(Region(*plan[child.id]), NULL_OFFSET, Spacing(), child)
            for child in children
            if child.id in plan
        ]
