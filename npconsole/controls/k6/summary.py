"""What k6 says of a load at its end, whatever the shape of the file that it says it in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from npconsole.controls.k6.threshold import Expression, to_expression, to_selector
from npconsole.model.load import Latency, LoadEnd, LoadFigures, LoadResult, Threshold, ThresholdState
from npconsole.net.text import clean


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric's figures by their name (`p(95)`, `rate`), and its thresholds with whether they are crossed."""

    values: Mapping[str, float] = field(default_factory=dict)
    thresholds: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What k6 said. `judged` is whether this shape says anything of thresholds; `shape` is its name for people."""

    shape: str
    metrics: Mapping[str, Metric]
    duration_s: float | None = None
    judged: bool = True
    tool: str = ""

    def value(self, metric: str, *names: str) -> float | None:
        """The first of these figures that the metric has."""
        values = self.metrics.get(metric, Metric()).values
        return next((values[name] for name in names if name in values), None)

    @property
    def elapsed_s(self) -> float | None:
        """How long the load lasted by k6's own clock: stated, or from a count and its rate per second."""
        if self.duration_s is not None:
            return self.duration_s
        for metric in ("http_reqs", "iterations", "data_sent", "data_received"):
            count, rate = self.value(metric, "count"), self.value(metric, "rate")
            if count and rate:
                return count / rate
        return None

    @property
    def crossed(self) -> tuple[Threshold, ...] | None:
        """The thresholds that k6 called crossed, by name; None when this shape does not say."""
        if not self.judged:
            return None
        found = [threshold for threshold, crossed in self._thresholds() if crossed]
        return tuple(sorted(found, key=str))

    def _thresholds(self) -> Iterator[tuple[Threshold, bool]]:
        for name, metric in self.metrics.items():
            for expression, crossed in metric.thresholds:
                yield Threshold(name, expression), crossed

    def result(self) -> LoadResult:
        """All that the summary holds, as the result of a load."""
        requests = int(self.value("http_reqs", "count") or 0)
        failed = self._failed(requests)
        elapsed_s = self.elapsed_s or 0.0
        overall = self._latency("http_req_duration", requests, failed)
        figures = LoadFigures(
            elapsed_s=elapsed_s,
            requests=requests,
            request_rate=self.value("http_reqs", "rate") or (requests / elapsed_s if elapsed_s and requests else None),
            p50_ms=overall.p50_ms,
            p95_ms=overall.p95_ms,
            p99_ms=overall.p99_ms,
            error_ratio=failed / requests if requests else None,
            users=_whole(self.value("vus_max", "max", "value")),
            iterations=int(self.value("iterations", "count") or 0),
            dropped=int(self.value("dropped_iterations", "count") or 0),
            failed=failed,
            bytes_sent=self.value("data_sent", "count") or 0.0,
            bytes_received=self.value("data_received", "count") or 0.0,
            checks=self._checks()[0],
            checks_failed=self._checks()[1],
            thresholds=tuple(self._state(each, crossed) for each, crossed in self._thresholds()),
        )
        return LoadResult(
            end=LoadEnd.COMPLETE,
            figures=figures,
            overall=overall,
            names=tuple(self._names()),
            tool=self.tool,
            crossed=self.crossed,
        )

    def _failed(self, requests: int) -> int:
        hits = self.value("http_req_failed", "passes", "matches")
        share = self.value("http_req_failed", "rate", "value")
        return int(hits if hits is not None else (share or 0.0) * requests)

    def _checks(self) -> tuple[int, int]:
        passes = self.value("checks", "passes", "matches") or self.value("checks_succeeded", "matches") or 0.0
        total = self.value("checks", "total") or self.value("checks_succeeded", "total")
        fails = self.value("checks", "fails") or 0.0
        whole = int(total if total is not None else passes + fails)
        return whole, whole - int(passes)

    def _latency(self, metric: str, count: int, failed: int) -> Latency:
        return Latency(
            count=int(self.value(metric, "count") or count),
            failed=failed,
            min_ms=self.value(metric, "min"),
            mean_ms=self.value(metric, "avg"),
            p50_ms=self.value(metric, "med", "p(50)"),
            p90_ms=self.value(metric, "p(90)"),
            p95_ms=self.value(metric, "p(95)"),
            p99_ms=self.value(metric, "p(99)"),
            max_ms=self.value(metric, "max"),
        )

    def _names(self) -> Iterator[tuple[str, Latency]]:
        """The requests of one name, where a threshold on that name made k6 keep them apart."""
        for key in self.metrics:
            try:
                selector = to_selector(key)
            except ValueError:
                continue
            if selector.metric == "http_req_duration" and [name for name, _ in selector.tags] == ["name"]:
                requests = int(self.value(key.replace("http_req_duration", "http_reqs", 1), "count") or 0)
                failed = self.value(key.replace("http_req_duration", "http_req_failed", 1), "passes") or 0
                yield clean(selector.tags[0][1], limit=100), self._latency(key, requests, int(failed))

    def _state(self, threshold: Threshold, crossed: bool) -> ThresholdState:
        """A metric without samples counts as passed for k6; here nobody knows."""
        try:
            expression = to_expression(threshold.expression)
        except ValueError:
            return ThresholdState(threshold, crossed)
        value = self.value(threshold.metric, *_figure_names(expression))
        empty = expression.method not in ("count", "value") and self._samples(threshold.metric) == 0
        return ThresholdState(threshold, None if empty and not crossed else crossed, value)

    def _samples(self, metric: str) -> float | None:
        """How many samples a trend or rate has; None for what does not say."""
        passes, fails = self.value(metric, "passes", "matches"), self.value(metric, "fails")
        if passes is not None and fails is not None:
            return passes + fails
        return self.value(metric, "total") if passes is not None else self.value(metric, "count")


def _figure_names(expression: Expression) -> tuple[str, ...]:
    """What the figure of an expression is called: a rate's is `value` in one shape and `rate` in the other."""
    match expression.method:
        case "p":
            names = (f"p({expression.rank:g})",)
            return (*names, "med") if expression.rank == 50 else names
        case "rate":
            return ("rate", "value")
    return (expression.method,)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
