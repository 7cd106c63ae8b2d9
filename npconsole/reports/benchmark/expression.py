"""A threshold in k6's words taken apart, so that a report can say `p95 612 ms, must be below 400 ms`.

Grammar and aggregations: https://grafana.com/docs/k6/latest/using-k6/thresholds/
"""

import re
from dataclasses import dataclass

from npconsole.model import quantity
from npconsole.model.load import Threshold

_EXPRESSION = re.compile(
    r"\s*(p\(\d{1,3}(?:\.\d{1,6})?\)|avg|min|max|med|rate|count|value)\s*(<=|>=|===|==|!=|<|>)\s*(-?\d+(?:\.\d+)?)\s*"
)
_ASKED = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "exactly", "===": "exactly", "!=": "not"}
_TIMES = ("http_req_", "iteration_duration", "group_duration", "ws_", "grpc_req_duration", "browser_")
_SHARES = ("http_req_failed", "checks")
_SIZES = ("data_sent", "data_received")
_ROUNDING = 0.01


@dataclass(frozen=True, slots=True)
class Limit:
    """What a threshold asks: that `aggregate` of `metric` (without its tags) is `operator` to `value`."""

    metric: str
    aggregate: str
    operator: str
    value: float

    @property
    def asked(self) -> str:
        """`below 400 ms`, `at least 50/s`."""
        return f"{_ASKED[self.operator]} {self.written(self.value)}"

    @property
    def figure(self) -> str:
        """`p95`, `median`, `rate`."""
        if self.aggregate.startswith("p("):
            return f"p{self.aggregate[2:-1]}"
        return {"avg": "mean", "med": "median"}.get(self.aggregate, self.aggregate)

    def written(self, value: float) -> str:
        """A value with the unit of this metric and aggregation; without one for a metric of somebody's own."""
        if self.metric in _SHARES:
            return quantity.percent(value) if value >= 0 else f"{value:g}"
        if self.aggregate == "count":
            return quantity.size(value) if self.metric in _SIZES else f"{value:g}"
        if self.aggregate == "rate":
            return f"{quantity.size(value)}/s" if self.metric in _SIZES else f"{value:.4g}/s"
        if self.metric.startswith(_TIMES):
            return f"{value:.4g} ms"
        return f"{value:g}"

    def is_close(self, value: float) -> bool:
        """Whether it is so near the limit that histograms, exact to 1 %, cannot tell on which side."""
        return abs(value - self.value) <= _ROUNDING * max(abs(self.value), abs(value))


def limit(threshold: Threshold) -> Limit | None:
    """None for an expression that this grammar does not have."""
    match = _EXPRESSION.fullmatch(threshold.expression)
    if match is None:
        return None
    return Limit(threshold.metric.partition("{")[0], match[1], match[2], float(match[3]))


def described(threshold: Threshold, value: float | None) -> str:
    """`http_req_duration: p95 612 ms, must be below 400 ms`."""
    asks = limit(threshold)
    if asks is None:
        return f"{threshold}{'' if value is None else f': {value:g}'}"
    read = "not read" if value is None else asks.written(value)
    return f"{threshold.metric}: {asks.figure} {read}, must be {asks.asked}"
