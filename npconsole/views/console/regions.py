"""Pane 1: every region and edge with its level, figures and the recent past. Only rows in view are drawn."""

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache

from rich.style import Style
from textual.strip import Strip

from npconsole.model import quantity
from npconsole.model.level import Level
from npconsole.model.mute import Mute
from npconsole.model.ports import Feed
from npconsole.model.reading import Freshness
from npconsole.model.snapshot import EdgeState, RegionState
from npconsole.model.vitals import Vitals
from npconsole.views.console.columns import Column, fitting
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line
from npconsole.views.console.listing import Listing
from npconsole.views.console.pane import Note
from npconsole.views.console.picture import Picture
from npconsole.views.console.sparkline import Bars, bars

Row = RegionState | EdgeState

BUCKET_S = 30.0
STEADY_ROWS = 12
"""With more rows than this ages move in steps of 5 s: each step of each row is bytes on a slow line."""


class Regions(Listing[Row]):
    """The regions in the order of the configuration, or worst first; the edges after them."""

    def __init__(self, ink: Ink, feed: Feed) -> None:
        super().__init__(ink, name="regions", number=1, title="Regions")
        self.worst_first = False
        self._feed = feed
        self._past: dict[str, tuple[object, Bars]] = {}

    def all_rows(self, picture: Picture) -> Sequence[Row]:
        """Regions and edges."""
        rows: list[Row] = [*picture.snapshot.regions, *picture.snapshot.edges]
        return sorted(rows, key=_urgency) if self.worst_first else rows

    def key(self, row: Row) -> Hashable:
        """The id from the configuration."""
        return row.region.id if isinstance(row, RegionState) else row.edge.id

    def words(self, row: Row) -> str:
        """Name, level, figures and reason."""
        if isinstance(row, EdgeState):
            answered = f"answered by {row.answered_by or 'nobody'}"
            return f"{row.edge.id} {row.level} {answered} {row.judgement.reason} {row.edge.url}"
        vitals = row.vitals.value or Vitals()
        return (
            f"{row.region.id} {row.region.role} {row.level} p50 {quantity.latency(vitals.p50_ms)} "
            f"p95 {quantity.latency(vitals.p95_ms)} p99 {quantity.latency(vitals.p99_ms)} "
            f"errors {quantity.percent(vitals.error_ratio)} {quantity.rate(vitals.request_rate)} "
            f"{row.health.value.version if row.health.value else ''} {row.judgement.reason}"
        )

    def notes(self, picture: Picture) -> list[Note]:
        """Order and filter, and how many are not well."""
        notes = self.filter_note()
        if self.worst_first:
            notes.append(("worst first", self.ink("text_muted")))
        muted = sum(_mute(picture, row) is not None for row in self.rows) if picture.deeds.mutes else 0
        if muted:
            notes.append((f"{muted} muted", self.ink.level(Level.MUTED)))
        bad = [state.level for state in picture.snapshot.regions if state.level not in (Level.OK, Level.MUTED)]
        for level in (Level.DOWN, Level.DEGRADED, Level.UNKNOWN):
            if number := bad.count(level):
                notes.append((f"{number} {level}", self.ink.level(level)))
        return notes

    def empty(self, picture: Picture) -> Sequence[str]:
        """A configuration always has a region, so this is before the first snapshot."""
        return ["Waiting for the first snapshot."]

    def head(self, picture: Picture, width: int) -> Strip:
        """Column names; the one of the bars says what they mean."""
        line = Line(width, self.ink.base).gap(2)
        warn = quantity.latency(picture.thresholds.p95_warn_ms)
        for place, column in enumerate(self._columns(picture, width)):
            title = column.title
            if column.id == "past":
                title = _past_title(column.width, warn)
            line.gap(1 if place else 0).put(title, self.ink("text_muted"), width=column.width, align=column.align)
        return line.strip()

    def draw(self, picture: Picture, row: Row, width: int, *, chosen: bool) -> Strip:
        """A region's figures, or who answers at an edge."""
        over = self.over(chosen)
        line = Line(width, over(self.ink.base))
        line.put("› " if chosen else "  ", over(self.ink("accent")))
        columns = self._columns(picture, width)
        if isinstance(row, EdgeState):
            self._edge(line, picture, row, columns, over)
        else:
            for place, column in enumerate(columns):
                line.gap(1 if place else 0)
                if column.id == "past":
                    self._bars(line, picture, row, column.width, over)
                else:
                    text, style = self._cell(picture, row, column.id)
                    line.put(text, over(style), width=column.width, align=column.align)
        return line.strip()

    def _columns(self, picture: Picture, width: int) -> tuple[Column, ...]:
        regions = picture.snapshot.estate.regions
        names = [region.id for region in regions] + [edge.id for edge in picture.snapshot.estate.edges]
        return _columns(
            width - 2,
            min(32, max(map(len, names), default=8)),
            any(region.measures_lag for region in regions),
        )

    def _cell(self, picture: Picture, row: RegionState, column: str) -> tuple[str, Style]:
        ink, limits = self.ink, picture.thresholds
        vitals = row.vitals.value or Vitals()
        plain = ink.base if row.vitals.freshness is Freshness.FRESH else ink("text_muted")
        match column:
            case "region":
                return row.region.id, ink.bold("text") if row.level in (Level.DOWN, Level.DEGRADED) else ink.base
            case "level":
                return self._level(row.level, muted=_mute(picture, row) is not None)
            case "p50":
                return quantity.latency(vitals.p50_ms), plain
            case "p95":
                return quantity.latency(vitals.p95_ms), self._over(vitals.p95_ms, limits.p95_warn_ms, "degraded", plain)
            case "p99":
                return quantity.latency(vitals.p99_ms), plain
            case "errors":
                ratio = vitals.error_ratio
                return quantity.percent(ratio), self._over(ratio, limits.error_ratio_critical, "down", plain)
            case "rate":
                return quantity.rate(vitals.request_rate), plain
            case "lag":
                return self._lag(picture, row)
            case "version":
                return (row.health.value.version if row.health.value else "") or quantity.NOTHING, ink("text_muted")
            case "age":
                return self._age(picture, row)
            case "role":
                return row.region.role, ink("text_muted")
            case _:
                return _why(picture, row), ink("text_muted")

    def _level(self, level: Level, *, muted: bool) -> tuple[str, Style]:
        """The level; of what is muted the glyph says so, and the word still says how it is."""
        if not muted:
            return f"{level.glyph} {level}", self.ink.level(level)
        if level is Level.OK:
            return f"{Level.MUTED.glyph} {Level.MUTED}", self.ink.level(Level.MUTED)
        return f"{Level.MUTED.glyph} {level}", self.ink(level)

    def _over(self, value: float | None, limit: float, role: str, plain: Style) -> Style:
        return self.ink.bold(role) if value is not None and value > limit else plain

    def _lag(self, picture: Picture, row: RegionState) -> tuple[str, Style]:
        if row.lag is None or row.lag.value is None:
            return quantity.NOTHING, self.ink("text_muted")
        seconds, limits = row.lag.value.seconds, picture.thresholds
        role = "down" if seconds > limits.lag_page_s else "degraded"
        plain = self.ink.base if row.lag.freshness is Freshness.FRESH else self.ink("text_muted")
        return quantity.lag(seconds), self._over(seconds, limits.lag_warn_s, role, plain)

    def _age(self, picture: Picture, row: RegionState) -> tuple[str, Style]:
        """The age of the oldest reading of the row; `!` marks what is no longer fresh."""
        readings = [reading for reading in (row.health, row.vitals) if reading.at is not None]
        if not readings:
            return quantity.NOTHING, self.ink("text_muted")
        age_s = max(reading.age_s(picture.now) or 0.0 for reading in readings)
        if len(self.rows) > STEADY_ROWS and age_s < 100:
            age_s -= age_s % 5
        stale = any(reading.freshness in (Freshness.STALE, Freshness.UNKNOWN) for reading in readings)
        return f"{quantity.brief(age_s)}{'!' if stale else ''}", self.ink.bold("unknown") if stale else self.ink(
            "text_muted"
        )

    def _bars(self, line: Line, picture: Picture, row: RegionState, width: int, over: Callable[[Style], Style]) -> None:
        for text, above in self._recent(picture, row, width).runs():
            line.put(text, over(self.ink("degraded" if above else "p95")))

    def _recent(self, picture: Picture, row: RegionState, width: int) -> Bars:
        """The bars of the last minutes; the trail is asked only when there is something new in it."""
        end = picture.wall
        state = (row.vitals.at, int(end // BUCKET_S), width, picture.thresholds.p95_warn_ms)
        known = self._past.get(row.region.id)
        if known is None or known[0] != state:
            trail = self._feed.trail(row.region.id, end - (width + 1) * BUCKET_S, end)
            points = [(sample.wall, sample.p95_ms) for sample in trail]
            limit = picture.thresholds.p95_warn_ms
            known = (state, bars(points, end=end, bucket_s=BUCKET_S, count=width, threshold=limit))
            self._past[row.region.id] = known
        return known[1]

    def _edge(
        self,
        line: Line,
        picture: Picture,
        row: EdgeState,
        columns: Sequence[Column],
        over: Callable[[Style], Style],
    ) -> None:
        widths = {column.id: column.width for column in columns}
        line.put(row.edge.id, over(self.ink.base), width=widths.get("region", 8)).gap()
        level, style = self._level(row.level, muted=_mute(picture, row) is not None)
        line.put(level, over(style), width=widths.get("level", 10)).gap()
        if row.answered_by:
            line.put("→ ", over(self.ink("text_muted"))).put(row.answered_by, over(self.ink.bold("text")))
            if row.answered_since is not None:
                since = picture.clock(picture.snapshot.wall_of(row.answered_since), seconds=False)
                line.put(f" since {since}", over(self.ink("text_muted")))
        if row.level is not Level.OK:
            line.put(f"  {row.judgement.reason}", over(self.ink("text_muted")))
        age_s = row.health.age_s(picture.now)
        timings = row.health.value.timings if row.health.value else None
        if timings and timings.total_ms is not None and age_s is not None and row.level is Level.OK:
            line.put(f" · answers in {quantity.latency(timings.total_ms)}", over(self.ink("text_muted")))


@lru_cache(64)
def _columns(width: int, name: int, lag: bool) -> tuple[Column, ...]:
    columns = [
        Column("region", "region", max(6, name), 0),
        Column("level", "level", 10, 1),
        Column("role", "role", 7, 12),
        Column("p50", "p50", 7, 6, "right"),
        Column("p95", "p95", 7, 2, "right"),
        Column("p99", "p99", 7, 5, "right"),
        Column("errors", "errors", 7, 3, "right"),
        Column("rate", "req/s", 6, 7, "right"),
        *([Column("lag", "lag", 7, 9, "right")] if lag else []),
        Column("age", "age", 6, 4, "right"),
        Column("past", "", 8, 8, grow=24),
        Column("version", "version", 10, 10),
        Column("why", "why", 24, 13, grow=80),
    ]
    return fitting(columns, width)


def _past_title(width: int, warn: str) -> str:
    span = quantity.duration(width * BUCKET_S)
    titles = (f"p95 {span}  █ >{warn}", f"{span} █>{warn}", f"█ >{warn}", span)
    return next((title for title in titles if len(title) <= width), "")


def _urgency(row: Row) -> tuple[int, float]:
    vitals = row.vitals.value if isinstance(row, RegionState) else None
    return -row.level.severity, -((vitals.p95_ms if vitals else None) or 0.0)


def _why(picture: Picture, row: RegionState) -> str:
    if mute := _mute(picture, row):
        until = quantity.moment(mute.until_wall, picture.host_wall, utc=picture.utc)
        return f"muted until {until} by {mute.actor}: {mute.reason}"
    if row.judgement.pending:
        return row.judgement.pending
    return row.judgement.reason if row.level is not Level.OK else ""


def _mute(picture: Picture, row: Row) -> Mute | None:
    """The mute of a row, of its service, or of everything."""
    if not picture.deeds.mutes:
        return None
    place = row.region if isinstance(row, RegionState) else row.edge
    return picture.deeds.mute_of(place.id, place.service, picture.snapshot.estate.name)
