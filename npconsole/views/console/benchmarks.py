"""Past benchmarks: a chart of those that are alike, and the list of all."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from textual.strip import Strip

from npconsole.config.keymap import Binding, shown
from npconsole.model.benchmark import Benchmark
from npconsole.model.desk import Desk
from npconsole.views.console.arrangement import Plan, Rect, arrange
from npconsole.views.console.dialog.outcome import outcome
from npconsole.views.console.ink import Ink
from npconsole.views.console.pane import Note, Pane
from npconsole.views.console.past import Baselines, Past
from npconsole.views.console.picture import Picture
from npconsole.views.console.stage import Stage
from npconsole.views.console.trend import SMALLEST, Trend

MOST = 200
CHART_SHARE = 50


class Chart(Pane):
    """p95 by run, of those that are alike the one under the cursor."""

    def __init__(self, ink: Ink, past: Past) -> None:
        super().__init__(ink, name="trend", number=None, title="p95 by run")
        self._past = past

    def notes(self, picture: Picture) -> list[Note]:
        """Which runs, and what the line across is."""
        chosen = self._past.chosen
        if chosen is None:
            return []
        notes = [(f"{chosen.load.target}, {chosen.fingerprint.load}", self.ink.bold("text"))]
        if baseline := self._baseline(chosen):
            notes.append((f"┄ baseline {baseline[0]}", self.ink("accent")))
        others = len(self._past.known or ()) - len(self._alike(chosen))
        if others:
            notes.append((f"{others} of another kind are not in it", self.ink("text_muted")))
        return notes

    def body(self, picture: Picture, width: int, height: int) -> list[Strip]:
        """The chart."""
        chosen = self._past.chosen
        if chosen is None:
            return self.said(width, "Nothing to draw yet.")
        if width < SMALLEST[0] or height < SMALLEST[1]:
            return self.said(width, "No room for the chart.")
        trend = Trend(self.ink, picture.thresholds.p95_warn_ms, self._baseline(chosen))
        return trend.lines(self._alike(chosen), width, height, chosen=chosen.id)

    def _alike(self, chosen: Benchmark) -> list[Benchmark]:
        """Those that may be compared with it, oldest first."""
        return [each for each in reversed(self._past.known or ()) if each.fingerprint == chosen.fingerprint]

    def _baseline(self, chosen: Benchmark) -> tuple[str, float] | None:
        names = {benchmark_id: name for name, benchmark_id in self._past.baselines}
        for each in self._alike(chosen):
            if each.id in names and each.result.overall.p95_ms is not None:
                return names[each.id], each.result.overall.p95_ms
        return None


class Benchmarks(Stage):
    """`aim` reads them anew."""

    def __init__(
        self, ink: Ink, keymap: Sequence[Binding], desk: Desk, deliver: Callable[[Callable[[], None]], None]
    ) -> None:
        """`deliver` runs a call on the screen's thread; it is called from the desk's."""
        key = next((shown(binding.keys[0]) for binding in keymap if binding.id == "benchmark"), "")
        self.past = Past(ink, f"{key} starts one" if key else "`npconsole run benchmark` makes one")
        self.chart = Chart(ink, self.past)
        self._desk = desk
        self._deliver = deliver
        self._ended = ""
        super().__init__(ink, keymap, ("back", "open", "refresh", "copy"), (self.chart, self.past))

    @property
    def target(self) -> Pane:
        """The list."""
        return self.past

    def plan(self, width: int, height: int) -> Plan:
        """The chart above, the list below it."""
        plan = arrange(width, height, rows=0, zoomed="past")
        if "past" in plan:
            x, y, wide, high = plan["past"]
            chart = high * CHART_SHARE // 100
            plan |= {"trend": Rect(x, y, wide, chart), "past": Rect(x, y + chart, wide, high - chart)}
        return plan

    def aim(self, picture: Picture) -> None:
        """Show what is known, and read it anew."""
        self.show(picture)
        self.lay_out()
        self._read()

    def show(self, picture: Picture) -> None:
        """Draw; a benchmark that has ended meanwhile belongs on the page."""
        super().show(picture)
        load = picture.deeds.load
        if load is not None and load.is_over and load.run.id != self._ended:
            self._ended = load.run.id
            self._read()

    def _read(self) -> None:
        read, named = self._desk.benchmarks("", MOST), self._desk.baselines()
        read.add_done_callback(lambda future: self._deliver(lambda: self._arrived(future)))
        named.add_done_callback(lambda future: self._deliver(lambda: self._named(future)))

    def move(self, by: int) -> None:
        """Another run, and perhaps other runs that are alike."""
        super().move(by)
        self.chart.redraw()

    def move_page(self, direction: int) -> None:
        """As `move`, by a page."""
        super().move_page(direction)
        self.chart.redraw()

    def _arrived(self, future: "Future[Sequence[Benchmark]]") -> None:
        came = outcome(future)
        self.past.problem = came[1]
        if came[0] is not None:
            self.past.known = came[0]
        self._again()

    def _named(self, future: "Future[Baselines]") -> None:
        came = outcome(future)
        self.past.baselines = came[0] if came[0] is not None else ()
        self._again()

    def _again(self) -> None:
        if self.picture is not None:
            self.past.show(self.picture)
            self.chart.show(self.picture)
