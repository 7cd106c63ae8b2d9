"""k6's thresholds: their grammar.

`metric{tag:value,...}` and `aggregation operator number`, such as `http_req_duration{name:health}` and `p(95)<400`.
https://grafana.com/docs/k6/latest/using-k6/thresholds/
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from npconsole.net.text import clean, number

_EXPRESSION = re.compile(
    r"\s*(?P<method>count|rate|value|avg|min|max|med|p\(\s*(?P<rank>\d+(?:\.\d+)?)\s*\))\s*"
    r"(?P<operator>===|==|!=|<=|>=|<|>)\s*(?P<limit>[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*"
)
_METRIC = re.compile(r"\s*(?P<name>[^{}\s]+)\s*(?:\{(?P<tags>[^{}]*)\})?\s*")
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "===": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}


@dataclass(frozen=True, slots=True)
class Selector:
    """The samples that a threshold is about: those of a metric that have all of these tags."""

    metric: str
    tags: tuple[tuple[str, str], ...] = ()

    def fits(self, tags: Mapping[str, str]) -> bool:
        """Whether a sample of the metric is among them."""
        return all(tags.get(name) == value for name, value in self.tags)


@dataclass(frozen=True, slots=True)
class Expression:
    """What must hold. `rank` is that of a percentile, 0 to 100."""

    method: str
    rank: float
    compare: str
    limit: float

    def holds(self, value: float) -> bool:
        """Whether the threshold is kept at this value."""
        return _OPERATORS[self.compare](value, self.limit)


@lru_cache(maxsize=256)
def to_selector(metric: str) -> Selector:
    """The selector of a threshold's metric. Raises ValueError saying what is wrong."""
    match = _METRIC.fullmatch(metric)
    if match is None:
        raise ValueError(f"{clean(metric, limit=100)} is not a metric such as http_req_duration{{name:health}}")
    tags = []
    for pair in (match["tags"] or "").split(","):
        name, colon, value = pair.partition(":")
        if pair.strip() and not (colon and name.strip()):
            raise ValueError(f"{clean(metric, limit=100)}: {clean(pair, limit=50)} is not written as tag:value")
        if pair.strip():
            tags.append((_bare(name), _bare(value)))
    return Selector(match["name"], tuple(tags))


@lru_cache(maxsize=256)
def to_expression(text: str) -> Expression:
    """The expression of a threshold. Raises ValueError saying how to write it."""
    match = _EXPRESSION.fullmatch(text)
    limit = number(match["limit"]) if match else None
    if match is None or limit is None:
        raise ValueError(f"{clean(text, limit=100)} is not an expression such as p(95)<400, rate<0.05 or count>100")
    rank = float(match["rank"] or 0)
    method = "p" if match["rank"] else match["method"]
    return Expression(method, rank, match["operator"], limit)


def _bare(text: str) -> str:
    return text.strip().strip("\"'")
