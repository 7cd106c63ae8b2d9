"""Verdicts of a comparison in one plain sentence: the figure, its interval, and what it was held against."""

from npconsole.model import quantity
from npconsole.model.benchmark import Change

_MINUS = "−"
_SUBJECT = {"typical_ms": "requests take", "p95_ms": "p95 is"}


def signed(share: float) -> str:
    """`+22 %`, `−3.1 %`, `0 %` from a relative difference."""
    return _sign(share) + quantity.percent(abs(share))


def points(share: float) -> str:
    """`+3.9`, `−0.2` percentage points from a difference of shares."""
    return f"{_sign(round(share, 5))}{abs(share) * 100:.2g}"


def points_word(share: float) -> str:
    """`1 point`, `0.4 points` from a difference of shares."""
    number = f"{share * 100:.2g}"
    return f"{number} point" if number == "1" else f"{number} points"


def interval(change: Change) -> str:
    """`+22 to +38 %`, or `interval not known`."""
    if change.low is None or change.high is None:
        return "interval not known"
    if change.metric == "error_ratio":
        return f"{points(change.low)} to {points(change.high)} points"
    return f"{signed(change.low).removesuffix(' %')} to {signed(change.high)}"


def effect(change: Change) -> str:
    """`30 % longer` of latency, `+4.1 points` of errors."""
    if change.effect is None:
        return "not measured"
    if change.metric == "error_ratio":
        return f"{points(change.effect)} points"
    if change.metric == "request_rate":
        return signed(change.effect)
    more, less = ("longer", "less time") if change.metric == "typical_ms" else ("slower", "faster")
    word = more if change.effect >= 0 else less
    return f"{quantity.percent(abs(change.effect))} {word}"


def changed(typical: Change, tail: Change, *, by_tail: bool, is_learnt: bool) -> str:
    """Better or worse, by latency: by p95 or by the typical request."""
    if by_tail:
        return f"{_figure(tail)}, more than {_bound(tail, is_learnt=is_learnt)}; {_figure(typical)}"
    return f"{_figure(typical)}, more than {_bound(typical, is_learnt=is_learnt)}{_tail(tail)}"


def errors(change: Change, latency: Change | None) -> str:
    """Better or worse, by errors; latency is added when it changed too."""
    said = (
        f"{quantity.percent(change.after)} of requests fail instead of {quantity.percent(change.before)} "
        f"({interval(change)}), more than {points_word(change.bound)}"
    )
    return said if latency is None else f"{said}; also, {_figure(latency)}"


def mixed(typical: Change, tail: Change) -> str:
    """The typical request and the tail went opposite ways."""
    return f"{_figure(typical)}, but {_figure(tail)}"


def equal(typical: Change, tail: Change) -> str:
    """Nothing that matters changed, all uncertainty included."""
    return f"{_figure(typical)}, too little to matter{_tail(tail)}"


def uncertain(typical: Change, tail: Change, *, is_learnt: bool) -> str:
    """No change is certain."""
    return f"{_figure(typical)}, not certainly more than {_bound(typical, is_learnt=is_learnt)}{_tail(tail)}"


def _figure(change: Change) -> str:
    return f"{_SUBJECT[change.metric]} {effect(change)} ({interval(change)})"


def _tail(tail: Change) -> str:
    """What is on every chart, as it was measured."""
    if tail.before is None or tail.after is None:
        return ""
    return f"; p95 {quantity.latency(tail.after)}, was {quantity.latency(tail.before)}"


def _bound(change: Change, *, is_learnt: bool) -> str:
    share = quantity.percent(change.bound)
    if is_learnt:
        return f"the {share} that two runs of an unchanged target differ"
    return f"the {share} allowed for between two runs of an unchanged target"


def _sign(value: float) -> str:
    return "" if value == 0 else "+" if value > 0 else _MINUS
