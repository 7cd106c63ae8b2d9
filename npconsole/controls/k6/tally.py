"""k6's stream of points, counted as it comes: percentiles, failures and thresholds in bounded memory.

Only lines of metrics that somebody reads are decoded; the first line that cannot be read is kept as the complaint.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from npconsole.controls.k6.errorkind import error_kind
from npconsole.controls.k6.histogram import LatencyHistogram
from npconsole.controls.k6.measure import Measure, RateMeasure, TrendMeasure
from npconsole.controls.k6.sample import NAME_FIRST, MetricData, Point, metric_of, to_declaration, to_point
from npconsole.controls.k6.threshold import Selector
from npconsole.controls.k6.timeline import Timeline
from npconsole.controls.k6.watch import ThresholdWatch
from npconsole.model.load import Latency, LoadFigures, Threshold
from npconsole.net.text import clean

MOST_NAMES = 50
MOST_KINDS = 20
MOST_LINE_BYTES = 1_000_000
OTHER = "other"
DURATION, FAILED = "http_req_duration", "http_req_failed"


class _Name:
    """The requests of one name."""

    __slots__ = ("failed", "histogram", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.histogram = LatencyHistogram()
        self.failed = 0


class Tally:
    """Feed it k6's JSON output in pieces of any size. `thresholds` are read beside those that the output declares."""

    def __init__(self, thresholds: Sequence[Threshold] = ()) -> None:
        self.complaint = ""
        self.lines = 0
        self.overall = LatencyHistogram()
        self.iterations = LatencyHistogram()
        self.timeline = Timeline()
        self.first_wall: float | None = None
        self._rest = b""
        self._names: dict[str, _Name] = {}
        self._failures = RateMeasure()
        self._checks = RateMeasure()
        self._errors: Counter[str] = Counter()
        self._sums = {b"data_sent": 0.0, b"data_received": 0.0, b"dropped_iterations": 0.0}
        self._users: int | None = None
        self.most_users: int | None = None
        self._begun: float | None = None
        self._ended = 0.0
        self._handlers: dict[bytes, Callable[[bytes], None]] = {
            b"http_req_duration": self._duration,
            b"http_req_failed": self._failure,
            b"iteration_duration": self._iteration,
            b"checks": self._check,
            b"vus": self._vus,
            **dict.fromkeys(self._sums, self._sum),
        }
        built_in: dict[Selector, Measure] = {
            Selector(DURATION): TrendMeasure(self.overall),
            Selector(FAILED): self._failures,
        }
        self._watch = ThresholdWatch(thresholds, built_in)
        for name in self._watch.metrics:
            self._handlers.setdefault(name, self._custom)

    def feed(self, chunk: bytes) -> None:
        """The next piece of the output."""
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > MOST_LINE_BYTES:
            self.lines += 1
            self._complain(f"a line of more than {MOST_LINE_BYTES} bytes", b"")
            self._rest = b""
        handlers = self._handlers
        for line in lines:
            self.lines += 1
            try:
                # Most lines are k6's own, and of metrics that nobody reads.
                metric = line[11 : line.find(b'"', 11)] if line.startswith(NAME_FIRST) else metric_of(line)
                handle = handlers.get(metric) if metric is not None else self._other
                if handle is not None:
                    handle(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                self._misfit(line, error)

    def finish(self, *, cut: bool = False) -> None:
        """There is no more. What is left of a line is a complaint, unless k6 was cut off in the middle (`cut`)."""
        rest, self._rest = self._rest, b""
        if rest:
            self.lines += 1
            if not cut:
                self._complain("it ends in the middle of a line", rest)

    def _misfit(self, line: bytes, error: Exception) -> None:
        """A line that is not the point it looked like: a declaration with its name first, or garbage."""
        try:
            self._declare(to_declaration(line).data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._complain(clean(error, limit=100), line)

    def _other(self, line: bytes) -> None:
        if line.strip():
            self._declare(to_declaration(line).data)

    def _complain(self, what: str, line: bytes) -> None:
        if not self.complaint:
            shown = f": {clean(line[:200], limit=80)}" if line.strip() else ""
            self.complaint = f"line {self.lines} of k6's output cannot be read ({what}){shown}"

    def _duration(self, line: bytes) -> None:
        point = to_point(line)
        wall, ms = self._at(point), point.data.value
        if self.first_wall is None:
            self.first_wall = wall
        self.overall.record(ms)
        named, tags = self._name(point), point.data.tags
        named.histogram.record(ms)
        succeeded = tags is None or tags.expected_response != "false"
        self.timeline.record(wall - self.first_wall, ms, named.name, succeeded=succeeded)
        self._watch.record(b"http_req_duration", line, ms)

    def _failure(self, line: bytes) -> None:
        failures = self._failures
        failures.total += 1
        if b'"value":0,' not in line:
            point = to_point(line)
            if point.data.value != 0:
                failures.hits += 1
                self._failed(point)
        if self._watch.has_tags(b"http_req_failed"):
            self._watch.record(b"http_req_failed", line, None)

    def _failed(self, point: Point) -> None:
        tags = point.data.tags
        kind = error_kind(tags) if tags is not None else "failed"
        self._errors[kind if kind in self._errors or len(self._errors) < MOST_KINDS else OTHER] += 1
        self._name(point).failed += 1
        wall = self._at(point)
        self.timeline.record_failure(wall - (wall if self.first_wall is None else self.first_wall))

    def _iteration(self, line: bytes) -> None:
        point = to_point(line)
        self._at(point)
        self.iterations.record(point.data.value)
        self._watch.record(b"iteration_duration", line, point.data.value)

    def _check(self, line: bytes) -> None:
        value = to_point(line).data.value
        self._checks.record(value)
        self._watch.record(b"checks", line, value)

    def _vus(self, line: bytes) -> None:
        point = to_point(line)
        self._at(point)
        self._users = int(point.data.value)
        self.most_users = max(self._users, self.most_users or 0)
        self._watch.record(b"vus", line, point.data.value)

    def _sum(self, line: bytes) -> None:
        value, metric = to_point(line).data.value, metric_of(line)
        if metric is not None:
            self._sums[metric] += value
            self._watch.record(metric, line, value)

    def _custom(self, line: bytes) -> None:
        """A metric that only thresholds read."""
        metric = metric_of(line)
        if metric is not None:
            self._watch.record(metric, line, to_point(line).data.value)

    def _at(self, point: Point) -> float:
        """The time of a point in epoch seconds; all of them together say how long the load has lasted."""
        wall = _wall(point.data.time)
        if self._begun is None or wall < self._begun:
            self._begun = wall
        self._ended = max(self._ended, wall)
        return wall

    def _name(self, point: Point) -> _Name:
        tags = point.data.tags
        name = tags.name if tags is not None and tags.name else OTHER
        found = self._names.get(name)
        if found is None:
            name = name if len(self._names) < MOST_NAMES else OTHER
            found = self._names.setdefault(name, _Name(name))
        return found

    def _declare(self, metric: MetricData) -> None:
        """A metric is about to come: the thresholds on it can be measured from now on."""
        self._watch.declare(metric)
        for name in self._watch.metrics:
            self._handlers.setdefault(name, self._custom)

    @property
    def elapsed_s(self) -> float:
        """From the first point to the latest."""
        return max(0.0, self._ended - self._begun) if self._begun is not None else 0.0

    @property
    def has_samples(self) -> bool:
        """Whether anything at all was measured."""
        return self._begun is not None

    def figures(self, *, elapsed_s: float | None = None) -> LoadFigures:
        """All of it so far; phase, plan and processor are added by who knows them."""
        elapsed = self.elapsed_s if elapsed_s is None else elapsed_s
        count = self.overall.count
        p50, p95, p99 = self.overall.percentiles((50, 95, 99))
        return LoadFigures(
            elapsed_s=elapsed,
            requests=count,
            request_rate=count / elapsed if count and elapsed > 0 else None,
            p50_ms=p50,
            p95_ms=p95,
            p99_ms=p99,
            error_ratio=min(1.0, self._failures.hits / count) if count else None,
            users=self._users,
            iterations=self.iterations.count,
            dropped=int(self._sums[b"dropped_iterations"]),
            failed=self._failures.hits,
            errors=tuple(self._errors.most_common()),
            bytes_sent=self._sums[b"data_sent"],
            bytes_received=self._sums[b"data_received"],
            checks=self._checks.total,
            checks_failed=self._checks.total - self._checks.hits,
            thresholds=self._watch.states(elapsed),
        )

    def latency(self) -> Latency:
        """Of all requests."""
        return self.overall.latency(self._failures.hits)

    def corrected(self) -> Latency | None:
        """What users who do not wait would have seen; None when no iteration has ended.

        The interval is the typical one of a user: the median iteration, by its requests. So a target that is slow
        throughout is taken as it is, and the stalls that held requests back are put in.
        """
        iterations, requests = self.iterations.count, self.overall.count
        if not iterations or not requests:
            return None
        median_ms = self.iterations.percentiles((50,))[0] or 0.0
        interval_ms = median_ms * iterations / requests
        if interval_ms < 1:
            return None
        return self.overall.corrected(interval_ms).latency(self._failures.hits)

    def names(self) -> tuple[tuple[str, Latency], ...]:
        """Of the requests of each name, most requests first."""
        found = sorted(self._names.items(), key=lambda item: -item[1].histogram.count)
        return tuple((clean(name, limit=100), each.histogram.latency(each.failed)) for name, each in found)

    @property
    def last_s(self) -> float:
        """When the latest point came, after the first request."""
        return self._ended - self.first_wall if self.first_wall is not None else 0.0


def _wall(time: datetime) -> float:
    return time.timestamp()
