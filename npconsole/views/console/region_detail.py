"""All that is known of one region or edge, with its chart."""

from collections.abc import Sequence

from npconsole.config.keymap import Binding, acting
from npconsole.model import quantity
from npconsole.model.ports import Feed
from npconsole.model.reading import Reading
from npconsole.model.snapshot import EdgeState, Judgement, RegionState
from npconsole.model.vitals import Health, Sample, Vitals
from npconsole.views.console.arrangement import SMALLEST, Plan, Rect, arrange
from npconsole.views.console.chart import WINDOWS_S
from npconsole.views.console.document import Document, Prose
from npconsole.views.console.ink import Ink
from npconsole.views.console.latency import Latency
from npconsole.views.console.pane import Pane
from npconsole.views.console.picture import Picture
from npconsole.views.console.stage import Stage
from npconsole.views.console.subject import Subject

LABEL = 15
CHART_SHARE = 45


class RegionDetail(Stage):
    """`aim` says which region or edge; the same stage serves them all."""

    def __init__(self, ink: Ink, keymap: Sequence[Binding], feed: Feed) -> None:
        self.facts = Document(ink, name="facts", title="")
        self.chart = Latency(ink, feed, number=None)
        self.id_shown = ""
        self._feed = feed
        self._history: tuple[object, Sequence[Sample]] = (None, ())
        super().__init__(ink, keymap, ("back", *acting(keymap), "freeze", "refresh", "copy"), (self.facts, self.chart))

    @property
    def target(self) -> Pane:
        """The facts scroll; the chart does not."""
        return self.facts

    @property
    def subject(self) -> Subject:
        """The region or edge."""
        return Subject(None if self.picture is None else self._row(self.picture))

    def aim(self, row: RegionState | EdgeState, picture: Picture) -> None:
        """Show another region or edge."""
        self.id_shown = row.region.id if isinstance(row, RegionState) else row.edge.id
        self.facts.top = 0
        self.chart.region_id = row.region.id if isinstance(row, RegionState) else None
        self.show(picture)
        self.lay_out()

    def plan(self, width: int, height: int) -> Plan:
        """Facts above, the chart below when there is room for it and the subject has one."""
        plan = arrange(width, height, rows=0, zoomed="facts")
        if "facts" in plan and self.chart.region_id is not None and height >= SMALLEST[1] + 5:
            x, y, wide, high = plan["facts"]
            chart = high * CHART_SHARE // 100
            plan |= {"facts": Rect(x, y, wide, high - chart), "latency": Rect(x, y + high - chart, wide, chart)}
        return plan

    def show(self, picture: Picture) -> None:
        """Write the facts anew and draw."""
        row = self._row(picture)
        if isinstance(row, RegionState):
            self.facts.write(f"Region {self.id_shown}", self._region(picture, row))
        elif row is not None:
            self.facts.write(f"Edge {self.id_shown}", self._edge(picture, row))
        super().show(picture)

    def _row(self, picture: Picture) -> RegionState | EdgeState | None:
        edge = next((state for state in picture.snapshot.edges if state.edge.id == self.id_shown), None)
        return picture.snapshot.region(self.id_shown) or edge

    def _region(self, picture: Picture, state: RegionState) -> list[Prose]:
        lines = self._judgement(picture, state.judgement)
        lines += [[], *self._figures(picture, state)]
        if state.lag is not None:
            lag = state.lag.value.seconds if state.lag.value else None
            limits = picture.thresholds
            lines.append(
                self._fact(
                    "replication lag",
                    f"{quantity.lag(lag)}  (target {quantity.lag(limits.lag_target_s)}, "
                    f"warn {quantity.lag(limits.lag_warn_s)}, page {quantity.lag(limits.lag_page_s)})"
                    f" · {picture.state_of(state.lag)}",
                )
            )
        lines += [self._fact("last hour", self._past(picture, state)), []]
        lines.append(self._fact("role", f"{state.region.role} of {state.region.service}"))
        lines.append(self._fact("origin", state.region.origin))
        return lines + self._health(picture, state.health)

    def _edge(self, picture: Picture, state: EdgeState) -> list[Prose]:
        lines = self._judgement(picture, state.judgement)
        since = "" if state.answered_since is None else picture.clock(picture.snapshot.wall_of(state.answered_since))
        answered = f"{state.answered_by}{f' since {since}' if since else ''}" if state.answered_by else "nobody yet"
        ray = state.health.value.cf_ray if state.health.value else ""
        lines += [[], self._fact("answered by", answered), self._fact("address", state.edge.url)]
        return lines + ([self._fact("cf-ray", ray)] if ray else []) + self._health(picture, state.health)

    def _judgement(self, picture: Picture, judgement: Judgement) -> list[Prose]:
        level = judgement.level
        since = ""
        if judgement.since is not None:
            wall = picture.snapshot.wall_of(judgement.since)
            ago = quantity.duration(picture.wall - wall)
            since = f" since {quantity.moment(wall, picture.wall, utc=picture.utc)} ({ago})"
        lines: list[Prose] = [[(f"{level.glyph} {level}", self.ink.level(level)), (since, self.ink.base)]]
        if judgement.reason:
            lines.append(self._fact("because", judgement.reason))
        if judgement.pending:
            lines.append(self._fact("changing", judgement.pending))
        return lines

    def _figures(self, picture: Picture, state: RegionState) -> list[Prose]:
        limits, vitals = picture.thresholds, state.vitals.value or Vitals()
        latency = quantity.latency
        critical, target = limits.error_ratio_critical, limits.error_ratio_target
        warn = f"p95 warn {latency(limits.p95_warn_ms)}, target {latency(limits.p95_target_ms)}"
        errors = f"errors critical {quantity.percent(critical)}, target {quantity.percent(target)}"
        memory = quantity.size(vitals.memory_bytes)
        if vitals.memory_ratio is not None:
            memory += f", {quantity.percent(vitals.memory_ratio)} of the limit"
        lines = [
            self._fact(
                "latency",
                f"p50 {latency(vitals.p50_ms)} · p95 {latency(vitals.p95_ms)} · p99 {latency(vitals.p99_ms)}",
            ),
            self._fact("errors", quantity.percent(vitals.error_ratio)),
            self._fact("thresholds", f"{warn} · {errors}"),
            self._fact("requests", f"{quantity.rate(vitals.request_rate)}{self._window(vitals)}"),
            self._fact("cache hits", quantity.percent(vitals.cache_hit_ratio)),
            self._fact("memory", memory),
        ]
        if vitals.started_at is not None:
            running = quantity.duration(picture.wall - vitals.started_at)
            lines.append(
                self._fact(
                    "process",
                    f"started {quantity.moment(vitals.started_at, picture.wall, utc=picture.utc)}, {running} ago",
                )
            )
        source = " · ".join(
            filter(None, (vitals.source, vitals.generation, vitals.notice, picture.state_of(state.vitals)))
        )
        return [*lines, self._fact("measured", source)]

    def _window(self, vitals: Vitals) -> str:
        if vitals.requests is None or vitals.window_s is None:
            return ""
        return f", {quantity.count(vitals.requests)} requests in {quantity.duration(vitals.window_s)}"

    def _health(self, picture: Picture, reading: Reading[Health]) -> list[Prose]:
        health = reading.value
        lines = [[], self._fact("health check", picture.state_of(reading))]
        if health is None:
            return lines
        answer = (
            f"{health.status} {health.word}".strip() if health.status is not None else f"no answer ({health.failure})"
        )
        lines.append(self._fact("answer", f"{answer}{f' · {health.detail}' if health.detail else ''}"))
        times = health.timings
        steps = (
            ("DNS", times.dns_ms),
            ("connect", times.connect_ms),
            ("TLS", times.tls_ms),
            ("first byte", times.first_byte_ms),
            ("total", times.total_ms),
        )
        lines.append(self._fact("timings", " · ".join(f"{name} {quantity.latency(ms)}" for name, ms in steps)))
        lines.append(self._fact("version", health.version or quantity.NOTHING))
        if health.uptime_s is not None:
            lines.append(self._fact("uptime", quantity.duration(health.uptime_s)))
        return lines + [self._fact(name, value) for name, value in health.fields]

    def _past(self, picture: Picture, state: RegionState) -> str:
        """The last hour in one line; the trail is asked only when there is something new in it."""
        of = (state.region.id, state.vitals.at, int(picture.wall // 15))
        if self._history[0] != of:
            start = picture.wall - WINDOWS_S[-1]
            self._history = (of, self._feed.trail(state.region.id, start, picture.wall))
        return _summed(self._history[1], picture.thresholds.p95_warn_ms)

    def _fact(self, label: str, value: str) -> Prose:
        return [(f"{label:<{LABEL}} ", self.ink("text_muted")), (value or quantity.NOTHING, self.ink.base)]


def _summed(samples: Sequence[Sample], limit: float) -> str:
    p95 = [sample.p95_ms for sample in samples if sample.p95_ms is not None]
    if not p95:
        return "nothing measured"
    over = sum(value > limit for value in p95) / len(p95)
    errors = max((sample.error_ratio for sample in samples if sample.error_ratio is not None), default=None)
    return (
        f"p95 {quantity.latency(min(p95))} to {quantity.latency(max(p95))}, above {quantity.latency(limit)} in "
        f"{quantity.percent(over)} of {len(p95)} samples · errors at most {quantity.percent(errors)}"
    )
