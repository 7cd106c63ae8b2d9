"""The part of Sentry's issue search that is needed: `is:`, `level:`, `release:`, `environment:`, any tag, and free
text."""

import re
from collections.abc import Callable

from npconsole.sim.sentry.issue import Issue, Substatus

_TOKEN = re.compile(r'(!?)(?:([\w.\-]+):)?("[^"]*"|\S+)')
_PERIOD = re.compile(r"(\d+)([smhdw])")
_UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_STATUS = {"unresolved": "unresolved", "resolved": "resolved", "ignored": "ignored", "archived": "ignored"}
_SUBSTATUS = (Substatus.NEW, Substatus.ONGOING, Substatus.ESCALATING, Substatus.REGRESSED)

Test = Callable[[Issue, float], bool]


class QueryError(ValueError):
    """The query or period makes no sense to Sentry; the message is its `detail`."""


def parse(query: str) -> Test:
    """A test of an issue at a sim-time. All terms must hold; `!` negates one. Raises QueryError."""
    terms = [(bool(match[1]), _term(match[2] or "", match[3].strip('"'))) for match in _TOKEN.finditer(query)]
    return lambda issue, now_s: all(test(issue, now_s) is not negated for negated, test in terms)


def period_s(text: str) -> float:
    """Seconds of `24h`, `14d` and the like. Raises QueryError."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise QueryError(f"Invalid statsPeriod: {text!r}")
    return float(match[1]) * _UNIT_S[match[2]]


def _term(key: str, value: str) -> Test:
    if key == "is":
        return _is(value)
    if not key:
        text = value.lower()
        return lambda issue, _: text in f"{issue.latest.title} {issue.latest.culprit}".lower()
    return lambda issue, _: issue.latest.tags.get(key) == value


def _is(value: str) -> Test:
    if value in _STATUS:
        return lambda issue, _: issue.status == _STATUS[value]
    if value in _SUBSTATUS:
        return lambda issue, now_s: issue.substatus(now_s) == value
    if value in ("assigned", "unassigned"):
        return lambda issue, _: (issue.assigned_to is not None) == (value == "assigned")
    if value == "unhandled":
        return lambda issue, _: issue.latest.unhandled
    raise QueryError(f'Invalid value for "is" search: {value}')
