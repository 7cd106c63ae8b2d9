"""One past benchmark: what it proved, why, what it advises, and its figures by request name."""

from collections.abc import Sequence

from npconsole.config.keymap import Binding
from npconsole.model import quantity
from npconsole.model.benchmark import Benchmark
from npconsole.model.load import Latency
from npconsole.views.console.arrangement import Plan, arrange
from npconsole.views.console.document import Document, Prose
from npconsole.views.console.ink import Ink
from npconsole.views.console.load_prose import status_mark
from npconsole.views.console.pane import Pane
from npconsole.views.console.picture import Picture
from npconsole.views.console.stage import Stage

LABEL, NAME, CELL = 11, 22, 8


class BenchmarkDetail(Stage):
    """`aim` says which."""

    def __init__(self, ink: Ink, keymap: Sequence[Binding]) -> None:
        self.text = Document(ink, name="benchmark", title="Benchmark")
        super().__init__(ink, keymap, ("back", "copy"), (self.text,))

    @property
    def target(self) -> Pane:
        """The page."""
        return self.text

    def plan(self, width: int, height: int) -> Plan:
        """The page alone."""
        return arrange(width, height, rows=0, zoomed="benchmark")

    def aim(self, benchmark: Benchmark, picture: Picture) -> None:
        """Show another one."""
        self.text.top = 0
        self.text.write(f"Benchmark {benchmark.load.target}", self._lines(benchmark, picture))
        self.show(picture)

    def _lines(self, benchmark: Benchmark, picture: Picture) -> list[Prose]:
        result, mark = benchmark.result, benchmark.fingerprint
        glyph, role = status_mark(benchmark.status.value)
        lines: list[Prose] = [[(f"{glyph} {benchmark.status.value}", self.ink.bold(role))]]
        lines += [self._fact("because", reason) for reason in benchmark.reasons]
        lines += [self._fact("advice", f"{each.text} ({each.because})") for each in benchmark.advice]
        at = quantity.moment(benchmark.wall, picture.host_wall, utc=picture.utc)
        facts = (
            ("run", f"{benchmark.id}, ended {at}{f', by {benchmark.actor}' if benchmark.actor else ''}"),
            ("load", f"{mark.load} on {mark.address}"),
            ("from", f"{mark.host}, {result.tool or mark.tool}, script {mark.script[:12]}"),
            ("release", benchmark.release),
            ("imported", benchmark.imported),
            ("complaint", result.complaint),
        )
        lines += [[], *(self._fact(label, value) for label, value in facts if value)]
        lines += [self._fact("note", note) for note in result.notes]
        figures = result.figures
        words = f"{quantity.count(figures.requests)}, {quantity.rate(figures.request_rate)}"
        lines.append(self._fact("requests", f"{words}, errors {quantity.percent(figures.error_ratio)}"))
        lines += [self._fact("error", f"{kind} ×{quantity.count(count)}") for kind, count in figures.errors]
        for state in figures.thresholds:
            said = {None: "no samples", True: "crossed", False: "kept"}[state.crossed]
            lines.append(self._fact("threshold", f"{said}: {state.threshold}"))
        return [*lines, [], *self._latencies(benchmark)]

    def _latencies(self, benchmark: Benchmark) -> list[Prose]:
        names = ("p50", "p90", "p95", "p99", "max")
        head = f"{'latency':<{NAME}}" + "".join(f"{name:>{CELL}}" for name in (*names, "count"))
        result = benchmark.result
        lines: list[Prose] = [[(head, self.ink("text_muted"))], self._latency("all", result.overall)]
        if result.corrected is not None:
            lines.append(self._latency("all, corrected", result.corrected))
        return lines + [self._latency(name, latency) for name, latency in result.names]

    def _latency(self, name: str, latency: Latency) -> Prose:
        values = (latency.p50_ms, latency.p90_ms, latency.p95_ms, latency.p99_ms, latency.max_ms)
        cells = "".join(f"{quantity.latency(value):>{CELL}}" for value in values)
        return [(f"{name[: NAME - 1]:<{NAME}}{cells}{quantity.count(latency.count):>{CELL}}", self.ink.base)]

    def _fact(self, label: str, value: str) -> Prose:
        return [(f"{label:<{LABEL}} ", self.ink("text_muted")), (value, self.ink.base)]
