"""Pane 2: p50, p95 and p99 over time of the region under the cursor, or the worst of all regions."""

from collections.abc import Sequence

from textual.strip import Strip

from npconsole.model import quantity
from npconsole.model.ports import Feed
from npconsole.model.snapshot import RegionState
from npconsole.model.vitals import Sample, Vitals
from npconsole.views.console.chart import SMALLEST, WINDOWS_S, Chart, window
from npconsole.views.console.ink import Ink
from npconsole.views.console.pane import Note, Pane
from npconsole.views.console.picture import Picture

ROOMY = 70
MANY = 50
MANY_PAUSE_S = 10.0
"""The worst of more than MANY regions is worked out at most this often."""


class Latency(Pane):
    """The chart. `region_id` None stands for all regions."""

    def __init__(self, ink: Ink, feed: Feed, *, number: int | None = 2) -> None:
        super().__init__(ink, name="latency", number=number, title="Latency")
        self.region_id: str | None = None
        self._feed = feed
        self._step_s = 1.0
        self._chart: tuple[tuple[object, ...], list[Strip]] = ((), [])

    def follow(self, region_id: str | None) -> None:
        """Chart a region, or with None all of them."""
        if region_id != self.region_id:
            self.region_id = region_id
            self.redraw()

    def notes(self, picture: Picture) -> list[Note]:
        """Whose latency, and its figures now in the colours of the lines."""
        name = "worst of all regions" if self.region_id is None else self.region_id
        notes: list[Note] = [(name, self.ink.bold("text"))]
        vitals = _now(picture, self.region_id)
        return notes + [
            (f"  {series} {quantity.latency(getattr(vitals, f'{series}_ms'))}", self.ink(series))
            for series in ("p50", "p95", "p99")
        ]

    def warning(self, picture: Picture) -> str:
        """What is wrong with the figures."""
        state = None if self.region_id is None else picture.snapshot.region(self.region_id)
        return "" if state is None else picture.trouble_of(state.vitals)

    def aside(self) -> str:
        """The age of the figures; without room for it the regions pane has it."""
        state = self.picture.snapshot.region(self.region_id) if self.picture and self.region_id else None
        return self.picture.age(state.vitals) if self.picture and state is not None and self.size.width > ROOMY else ""

    def copied(self) -> str:
        """The figures now."""
        if self.picture is None:
            return ""
        vitals = _now(self.picture, self.region_id)
        figures = (f"{name} {quantity.latency(getattr(vitals, f'{name}_ms'))}" for name in ("p50", "p95", "p99"))
        return f"{self.region_id or 'worst of all regions'} {' '.join(figures)}"

    def body(self, picture: Picture, width: int, height: int) -> list[Strip]:
        """The chart. It is drawn again only when there is something new in it."""
        if width < SMALLEST[0] or height < SMALLEST[1]:
            return self.said(width, "No room for the chart: z shows it alone.")
        state = None if self.region_id is None else picture.snapshot.region(self.region_id)
        newest = state.vitals.at if state is not None else _newest(picture)
        instant = int(picture.wall // self._step_s)
        of = (self.region_id, newest, instant, width, height, picture.thresholds.p95_warn_ms)
        if self._chart[0] != of:
            self._chart = (of, self._draw(picture, width, height))
        return self._chart[1] or self.said(width, *self._nothing(picture))

    def _draw(self, picture: Picture, width: int, height: int) -> list[Strip]:
        chart = Chart(
            self.ink, picture.thresholds.p95_warn_ms, lambda wall, seconds: picture.clock(wall, seconds=seconds)
        )
        samples = self._samples(picture, picture.wall - WINDOWS_S[-1], picture.wall)
        self._step_s = window(samples, picture.wall) / width
        return chart.lines(samples, width, height, end=picture.wall)

    def _samples(self, picture: Picture, start: float, end: float) -> Sequence[Sample]:
        if self.region_id is not None:
            return self._feed.trail(self.region_id, start, end)
        return _worst([self._feed.trail(state.region.id, start, end) for state in picture.snapshot.regions])

    def _nothing(self, picture: Picture) -> tuple[str, ...]:
        state = None if self.region_id is None else picture.snapshot.region(self.region_id)
        if self.region_id is not None and state is None:
            return (f"{self.region_id} is not in the configuration any more.",)
        if state is None or (state.vitals.value is None and not state.vitals.error):
            return ("No latency measured yet: percentiles need two readings.",)
        said = state.vitals.error or (state.vitals.value.notice if state.vitals.value else "")
        return ("No latency was measured in the last hour.", said) if said else ("No requests in the last hour.",)


def _now(picture: Picture, region_id: str | None) -> Vitals:
    if region_id is not None:
        state = picture.snapshot.region(region_id)
        return (state.vitals.value if state else None) or Vitals()
    values = [state.vitals.value for state in picture.snapshot.regions if state.vitals.value is not None]
    return Vitals(
        p50_ms=_largest([value.p50_ms for value in values]),
        p95_ms=_largest([value.p95_ms for value in values]),
        p99_ms=_largest([value.p99_ms for value in values]),
    )


def _newest(picture: Picture) -> float:
    regions: Sequence[RegionState] = picture.snapshot.regions
    newest = max((state.vitals.at or 0.0 for state in regions), default=0.0)
    return newest if len(regions) <= MANY else newest - newest % MANY_PAUSE_S


def _worst(trails: Sequence[Sequence[Sample]]) -> list[Sample]:
    """For each quarter of a minute the largest of each percentile over all trails."""
    slots: dict[int, Sample] = {}
    for trail in trails:
        for sample in trail:
            slot = int(sample.wall // 15)
            other = slots.get(slot)
            slots[slot] = sample if other is None else _larger(other, sample)
    return [slots[slot] for slot in sorted(slots)]


def _larger(a: Sample, b: Sample) -> Sample:
    return Sample(
        wall=max(a.wall, b.wall),
        p50_ms=_largest([a.p50_ms, b.p50_ms]),
        p95_ms=_largest([a.p95_ms, b.p95_ms]),
        p99_ms=_largest([a.p99_ms, b.p99_ms]),
    )


def _largest(values: Sequence[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)
