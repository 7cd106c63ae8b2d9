"""The list of past benchmarks, latest first."""

from collections.abc import Hashable, Sequence

from rich.style import Style
from textual.strip import Strip

from npconsole.model import quantity
from npconsole.model.benchmark import Benchmark
from npconsole.views.console.columns import Column, fitting
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line
from npconsole.views.console.listing import Listing
from npconsole.views.console.load_prose import status_mark
from npconsole.views.console.pane import Note
from npconsole.views.console.picture import Picture

Baselines = Sequence[tuple[str, str]]
"""(name, benchmark id)."""


class Past(Listing[Benchmark]):
    """One line for each benchmark, latest first. `problem` is why they could not be read."""

    stays_at = "first"

    def __init__(self, ink: Ink, how: str) -> None:
        super().__init__(ink, name="past", number=None, title="Benchmarks")
        self.focused = True
        self.known: Sequence[Benchmark] | None = None
        self.baselines: Baselines = ()
        self.problem = ""
        self._how = how

    def all_rows(self, picture: Picture) -> Sequence[Benchmark]:
        """As they were read."""
        return self.known or ()

    def key(self, row: Benchmark) -> Hashable:
        """Its id."""
        return row.id

    def words(self, row: Benchmark) -> str:
        """All that a line says."""
        overall = row.result.overall
        return (
            f"{row.id} {row.load.target} {row.status} p95 {quantity.latency(overall.p95_ms)} "
            f"{quantity.rate(row.result.figures.request_rate)} {row.fingerprint.load} {'; '.join(row.reasons)}"
        )

    def notes(self, picture: Picture) -> list[Note]:
        """How many there are."""
        return [(f"{len(self.rows)} kept", self.ink("text_muted"))] if self.rows else []

    def warning(self, picture: Picture) -> str:
        """Why they could not be read."""
        return self.problem

    def empty(self, picture: Picture) -> Sequence[str]:
        """Waiting, unreadable and none are three things."""
        if self.problem:
            return ["The benchmarks could not be read."]
        return ["Reading the benchmarks …"] if self.known is None else [f"No benchmark was kept yet: {self._how}."]

    def head(self, picture: Picture, width: int) -> Strip:
        """The names of the columns."""
        line = Line(width, self.ink.base).gap(2)
        for place, column in enumerate(_columns(width - 2)):
            line.gap(1 if place else 0)
            line.put(column.title, self.ink("text_muted"), width=column.width, align=column.align)
        return line.strip()

    def draw(self, picture: Picture, row: Benchmark, width: int, *, chosen: bool) -> Strip:
        """One benchmark."""
        over = self.over(chosen)
        line = Line(width, over(self.ink.base)).put("› " if chosen else "  ", over(self.ink("accent")))
        for place, column in enumerate(_columns(width - 2)):
            text, style = self._cell(picture, row, column.id)
            line.gap(1 if place else 0).put(text, over(style), width=column.width, align=column.align)
        return line.strip()

    def _cell(self, picture: Picture, row: Benchmark, column: str) -> tuple[str, Style]:
        muted, plain, figures = self.ink("text_muted"), self.ink.base, row.result.figures
        glyph, role = status_mark(row.status.value)
        cells = {
            "when": (quantity.moment(row.wall, picture.host_wall, utc=picture.utc), muted),
            "target": (row.load.target, plain),
            "status": (f"{glyph} {row.status.value}", self.ink.bold(role)),
            "p95": (quantity.latency(row.result.overall.p95_ms), self.ink.bold("p95")),
            "p50": (quantity.latency(row.result.overall.p50_ms), plain),
            "rate": (quantity.rate(figures.request_rate), plain),
            "errors": (quantity.percent(figures.error_ratio), plain),
            "load": (row.fingerprint.load, muted),
            "baseline": (", ".join(name for name, each in self.baselines if each == row.id), self.ink("accent")),
            "release": (row.release or quantity.NOTHING, muted),
        }
        return cells[column]


def _columns(width: int) -> tuple[Column, ...]:
    return fitting(
        (
            Column("when", "when", 13, 3),
            Column("target", "target", 12, 1),
            Column("status", "status", 10, 0),
            Column("p50", "p50", 7, 6, "right"),
            Column("p95", "p95", 7, 2, "right"),
            Column("rate", "req/s", 7, 4, "right"),
            Column("errors", "errors", 7, 5, "right"),
            Column("baseline", "baseline", 10, 7),
            Column("load", "load", 20, 8, grow=36),
            Column("release", "release", 10, 9),
        ),
        width,
    )
