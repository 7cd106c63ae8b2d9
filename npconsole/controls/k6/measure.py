"""The samples of a metric, as far as thresholds read them, by the kind of the metric."""

from collections.abc import Callable, Mapping
from typing import Protocol

from npconsole.controls.k6.histogram import LatencyHistogram
from npconsole.controls.k6.threshold import Expression, to_expression
from npconsole.model.load import Threshold, ThresholdState


class Measure(Protocol):
    """The samples of a metric, as far as thresholds need them."""

    def record(self, value: float) -> None:
        """One more sample."""
        ...

    def read(self, expression: Expression, elapsed_s: float) -> float | None:
        """What the expression compares; None while nothing is known. `elapsed_s` is for rates per second."""
        ...


class CounterMeasure:
    """A sum: `count`, and `rate` per second. What never came is 0."""

    def __init__(self) -> None:
        self.sum = 0.0

    def record(self, value: float) -> None:
        self.sum += value

    def read(self, expression: Expression, elapsed_s: float) -> float | None:
        if expression.method == "count":
            return self.sum
        return self.sum / elapsed_s if expression.method == "rate" and elapsed_s > 0 else None


class GaugeMeasure:
    """The latest: `value`."""

    def __init__(self) -> None:
        self.value: float | None = None

    def record(self, value: float) -> None:
        self.value = value

    def read(self, expression: Expression, elapsed_s: float) -> float | None:
        return self.value if expression.method == "value" else None


class RateMeasure:
    """The share of samples that are not 0: `rate`."""

    def __init__(self) -> None:
        self.total = 0
        self.hits = 0

    def record(self, value: float) -> None:
        self.total += 1
        self.hits += value != 0

    def read(self, expression: Expression, elapsed_s: float) -> float | None:
        return self.hits / self.total if expression.method == "rate" and self.total else None


class TrendMeasure:
    """A distribution: `avg`, `min`, `max`, `med` and `p(N)`; the last two only of what can be a latency in ms."""

    def __init__(self, histogram: LatencyHistogram | None = None) -> None:
        self._histogram = LatencyHistogram() if histogram is None else histogram

    def record(self, value: float) -> None:
        self._histogram.record(value)

    def read(self, expression: Expression, elapsed_s: float) -> float | None:
        histogram = self._histogram
        if not histogram.count:
            return None
        match expression.method:
            case "avg":
                return histogram.sum_ms / histogram.count
            case "min":
                return histogram.min_ms
            case "max":
                return histogram.max_ms
            case "med" | "p" if not histogram.outside:
                return histogram.percentiles((50.0 if expression.method == "med" else expression.rank,))[0]
        return None


_MEASURES: Mapping[str, Callable[[], Measure]] = {
    "counter": CounterMeasure,
    "gauge": GaugeMeasure,
    "rate": RateMeasure,
    "trend": TrendMeasure,
}


def to_measure(kind: str) -> Measure | None:
    """A measure for a kind of metric in k6's words; None for a kind that is not known."""
    make = _MEASURES.get(kind)
    return make() if make is not None else None


def judge(threshold: Threshold, measure: Measure | None, elapsed_s: float) -> ThresholdState:
    """Where a threshold stands. Raises ValueError for an expression that cannot be read."""
    expression = to_expression(threshold.expression)
    value = measure.read(expression, elapsed_s) if measure is not None else None
    return ThresholdState(threshold, None if value is None else not expression.holds(value), value)
