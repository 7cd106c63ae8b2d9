"""Past benchmarks as a chart: p95 by run, oldest at the left, each run with the mark of its status. Pure drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.style import Style
from textual.strip import Strip

from npconsole.model import quantity
from npconsole.model.benchmark import Benchmark
from npconsole.views.console.chart import LABELS
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line
from npconsole.views.console.load_prose import status_mark
from npconsole.views.console.plot import Frame, ceiling, character, curve

SMALLEST = (30, 4)
STEP = 4
"""Cells between two runs, when there is room for it."""


@dataclass(frozen=True, slots=True)
class Trend:
    """What the chart is drawn with. `limit_ms` is the threshold; `baseline` (name, p95 in ms) is a line across."""

    ink: Ink
    limit_ms: float
    baseline: tuple[str, float] | None = None

    def lines(self, runs: Sequence[Benchmark], width: int, height: int, *, chosen: str) -> list[Strip]:
        """`height` lines for runs that are alike, oldest first; the last line points at the run of the id `chosen`."""
        room = width - LABELS - 2
        shown = list(runs)[-max(1, room // 2) :]
        values = [benchmark.result.overall.p95_ms for benchmark in shown]
        known = [value for value in (*values, self.limit_ms, self.baseline and self.baseline[1]) if value is not None]
        step = max(2, min(STEP * 3, room // max(1, len(shown))))
        frame = Frame(room, height - 1, 0.0, float(room), ceiling(max(known) * 1.05))
        places = [step * index + step // 2 for index in range(len(shown))]
        dots = curve(frame, [(place + 0.5, value) for place, value in zip(places, values, strict=True)])
        marks = self._marks(frame, shown, places)
        body = [self._row(frame, dots, marks, y, width) for y in range(frame.height)]
        at = next((place for place, each in zip(places, shown, strict=True) if each.id == chosen), None)
        return [*body, self._foot(at, width)]

    def _marks(
        self, frame: Frame, runs: Sequence[Benchmark], places: Sequence[int]
    ) -> Mapping[tuple[int, int], tuple[str, Style]]:
        """The status of each run where its p95 is; at the bottom when it has none."""
        found = {}
        for benchmark, place in zip(runs, places, strict=True):
            value = benchmark.result.overall.p95_ms
            glyph, role = status_mark(benchmark.status.value)
            found[frame.row(value) if value is not None else frame.height - 1, place] = (glyph, self.ink.bold(role))
        return found

    def _row(
        self,
        frame: Frame,
        dots: Mapping[tuple[int, int], int],
        marks: Mapping[tuple[int, int], tuple[str, Style]],
        y: int,
        width: int,
    ) -> Strip:
        label, across, style = self._level(frame, y)
        line = Line(width, self.ink.base).put(label, style, width=LABELS, align="right")
        line.put("┤" if label else "│", self.ink("border"))
        for column in range(frame.width):
            bits = dots.get((y, column), 0)
            text, drawn = (character(bits), self.ink("p95")) if bits else (across, style)
            line.put(*marks.get((y, column), (text, drawn)))
        return line.strip()

    def _level(self, frame: Frame, y: int) -> tuple[str, str, Style]:
        """(label, what is drawn across, style): the baseline's line, the threshold's, the ends, or nothing."""
        if self.baseline is not None and frame.row(self.baseline[1]) == y:
            return f"{quantity.latency(self.baseline[1])} ", "┄", self.ink("accent")
        if frame.row(self.limit_ms) == y:
            return f"{quantity.latency(self.limit_ms)} ", "╌", self.ink("threshold")
        ends = {0: quantity.latency(frame.top), frame.height - 1: "0 ms"}
        return f"{ends[y]} " if y in ends else "", " ", self.ink("text_muted")

    def _foot(self, at: int | None, width: int) -> Strip:
        line = Line(width, self.ink.base).to(LABELS).put("└", self.ink("border"))
        if at is not None:
            line.to(LABELS + 1 + at).put("▲", self.ink.bold("accent"))
        said = "one mark a run, latest at the right"
        if line.used + len(said) + 2 < width:
            line.to(width - len(said) - 1).put(said, self.ink("text_muted"))
        return line.strip()
