"""The latency chart as lines of the screen: three curves, the threshold, values at the left, times of day below."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.style import Style
from textual.strip import Strip

from npconsole.model import quantity
from npconsole.model.vitals import Sample
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line
from npconsole.views.console.plot import Cell, Frame, Point, ceiling, character, curve, framed

WINDOWS_S = (120.0, 300.0, 600.0, 1800.0, 3600.0)
"""The chart takes the shortest of these that holds what is known."""
LABELS = 8
SMALLEST = (17, 3)
TALL = 12
SERIES = ("p50", "p99", "p95")
"""In the order of drawing: where lines cross, the last one's colour stays."""
_STEPS_S = (10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0)


@dataclass(frozen=True, slots=True)
class Chart:
    """What the chart is drawn with. `limit_ms` is the threshold, `clock` writes a time of day."""

    ink: Ink
    limit_ms: float
    clock: Callable[[float, bool], str]

    def lines(self, samples: Sequence[Sample], width: int, height: int, *, end: float) -> list[Strip]:
        """`height` lines for the samples up to `end`, the last being the axis; none when nothing was measured."""
        window_s = window(samples, end)
        shown = [sample for sample in samples if sample.wall >= end - window_s]
        if all(sample.p95_ms is None and sample.p50_ms is None for sample in shown):
            return []
        top = _top(shown, self.limit_ms)
        frame = framed(width - LABELS - 1, height - 1, end=end, window_s=window_s, top=top)
        cells = self._cells(frame, shown)
        return [*(self._row(frame, cells, y, width) for y in range(frame.height)), self._axis(frame, width)]

    def _cells(self, frame: Frame, samples: Sequence[Sample]) -> Mapping[Cell, tuple[int, str]]:
        """The dots of each cell and the series that owns its colour."""
        cells: dict[Cell, tuple[int, str]] = {}
        for series in SERIES:
            for place, bits in curve(frame, _points(samples, series)).items():
                cells[place] = (bits | cells.get(place, (0, ""))[0], series)
        return cells

    def _row(self, frame: Frame, cells: Mapping[Cell, tuple[int, str]], y: int, width: int) -> Strip:
        at_limit = frame.row(self.limit_ms) == y
        label = self._label(frame, y)
        line = Line(width, self.ink.base)
        line.put(label, self.ink("threshold" if at_limit else "text_muted"), width=LABELS, align="right")
        line.put("┤" if label else "│", self.ink("border"))
        empty = ("╌", self.ink("threshold")) if at_limit else (" ", self.ink.base)
        drawn: list[tuple[str, Style]] = []
        for column in range(frame.width):
            bits, series = cells.get((y, column), (0, ""))
            drawn.append((character(bits), self.ink(series)) if bits else empty)
        for style, run in groupby(drawn, key=lambda piece: piece[1]):
            line.put("".join(text for text, _ in run), style)
        return line.strip()

    def _label(self, frame: Frame, y: int) -> str:
        """The threshold's, the ends', and on a tall chart those of the quarters that are not beside the threshold."""
        limit_row = frame.row(self.limit_ms)
        if y == limit_row:
            return f"{quantity.latency(self.limit_ms)} "
        if y == frame.height - 1:
            return "0 ms "
        quarters = (0.25, 0.5, 0.75) if frame.height >= TALL else ()
        for value in (frame.top, *(share * frame.top for share in quarters)):
            if frame.row(value) == y and (y == 0 or abs(y - limit_row) > 1):
                return f"{quantity.latency(value)} "
        return ""

    def _axis(self, frame: Frame, width: int) -> Strip:
        """Times of day below the chart, and at the right end how long it is."""
        line = Line(width, self.ink.base)
        line.to(LABELS).put("└", self.ink("border"))
        muted = self.ink("text_muted")
        span = f"last {quantity.duration(round(frame.end - frame.start))}"
        step_s = next((step for step in _STEPS_S if step >= frame.cell_s * 12), 3600.0)
        tick = (frame.start // step_s + 1) * step_s
        while tick < frame.end:
            column = LABELS + 1 + frame.column(tick)
            label = "╵" + self.clock(tick, step_s < 60)
            if column >= line.used and column + len(label) + len(span) + 2 < width:
                line.to(column).put(label, muted)
            tick += step_s
        return line.to(width - len(span)).put(span, muted).strip()


def window(samples: Sequence[Sample], end: float) -> float:
    """Seconds that a chart of these samples shows."""
    known_s = end - samples[0].wall if samples else 0.0
    return next((window_s for window_s in WINDOWS_S if known_s <= window_s * 1.02), WINDOWS_S[-1])


def _points(samples: Sequence[Sample], series: str) -> list[Point]:
    return [(sample.wall, getattr(sample, f"{series}_ms")) for sample in samples]


def _top(samples: Sequence[Sample], limit: float) -> float:
    """Room for the threshold and p95; a p99 far above leaves through the top rather than flatten the rest."""
    p95 = max((sample.p95_ms or 0.0 for sample in samples), default=0.0)
    p99 = max((sample.p99_ms or 0.0 for sample in samples), default=0.0)
    base = max(limit * 1.1, p95 * 1.05)
    return ceiling(min(max(base, p99 * 1.02), base * 2))
