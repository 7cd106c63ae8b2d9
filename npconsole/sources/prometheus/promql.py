"""PromQL text. Every value from outside is quoted and every name is checked, so nothing can break out of its place.

A query carries several figures at once: each is labelled with its name and joined by `or`, so that one round trip at
one instant brings all figures of all regions. https://prometheus.io/docs/prometheus/latest/querying/basics/
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from npconsole.config.blocks.watching import Families
from npconsole.errors import UsageError

FIGURE = "npconsole_figure"
"""Label that says which figure a series of an answer is."""

QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_RE2_SPECIAL = re.compile(r"([\\.+*?()|\[\]{}^$])")


@dataclass(frozen=True, slots=True)
class Selector:
    """Series of one or more regions that are told apart by the same label names. One row of values per region."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def by(self) -> str:
        """The label names as in `sum by (…)`."""
        return ", ".join(map(_name, self.names))

    @property
    def matchers(self) -> str:
        """`region="a"` for one region, `region=~"a|b"` for several; may match more than the rows, never fewer."""
        return ", ".join(
            _matcher(name, tuple(dict.fromkeys(row[column] for row in self.rows)))
            for column, name in enumerate(self.names)
        )


@dataclass(frozen=True, slots=True)
class Form:
    """How a region's figures are stored: names and unit, and whether the latency histogram is native."""

    families: Families
    native: bool


def vitals(selector: Selector, form: Form, window_s: float) -> str:
    """All figures of the regions over `window_s`, in the unit of the store, labelled by `FIGURE`.

    p50 p95 p99 · requests errors cache_hits cache_requests cache_misses, each per second · memory start_time.
    """
    families = form.families
    counters = {
        "cache_hits": families.cache_hits,
        "cache_requests": families.cache_requests,
        "cache_misses": families.cache_misses,
    }
    figures = _traffic(selector, form, window_s)
    figures |= {name: _rate(selector, metric, window_s) for name, metric in counters.items() if metric}
    figures["memory"] = _gauge(selector, families.memory, families.requests)
    figures["start_time"] = _gauge(selector, families.start_time, families.requests)
    return _join(figures)


def history(selector: Selector, form: Form, window_s: float) -> str:
    """The figures of a chart: p50 p95 p99, requests and errors per second."""
    return _join(_traffic(selector, form, window_s))


def names_present(selector: Selector, names: tuple[str, ...]) -> str:
    """How many series of each metric name each region has: `__name__` and the selector's labels tell them apart."""
    return f"count by ({selector.by}, __name__)({{{_matcher('__name__', names)}, {selector.matchers}}})"


def label_set(labels: Mapping[str, str]) -> str:
    """Labels as people know them, `{region="us-east"}`, for messages."""
    return "{" + ", ".join(f"{name}={_quote(value)}" for name, value in sorted(labels.items())) + "}"


def _traffic(selector: Selector, form: Form, window_s: float) -> dict[str, str]:
    requests, status = form.families.requests, form.families.status_label
    return {name: _quantile(selector, form, q, window_s) for name, q in QUANTILES.items()} | {
        "requests": _rate(selector, requests, window_s),
        "errors": _rate(selector, requests, window_s, f', {_name(status)}=~"5.."'),
    }


def _quantile(selector: Selector, form: Form, q: float, window_s: float) -> str:
    metric, labels = _name(form.families.latency), selector.matchers
    window = _duration(window_s)
    if form.native:
        return f"histogram_quantile({q:g}, sum by ({selector.by})(rate({metric}{{{labels}}}[{window}])))"
    return f"histogram_quantile({q:g}, sum by ({selector.by}, le)(rate({metric}_bucket{{{labels}}}[{window}])))"


def _rate(selector: Selector, metric: str, window_s: float, more: str = "") -> str:
    matchers = selector.matchers + more
    return f"sum by ({selector.by})(rate({_name(metric)}{{{matchers}}}[{_duration(window_s)}]))"


def _gauge(selector: Selector, metric: str, beside: str) -> str:
    """The largest of the instances. `beside` keeps other programs of the region out: every exporter has `process_…`."""
    labels = selector.matchers
    return f"max by ({selector.by})({_name(metric)}{{{labels}}} and on (job, instance) {_name(beside)}{{{labels}}})"


def _join(figures: Mapping[str, str]) -> str:
    return " or ".join(f'label_replace({query}, "{FIGURE}", "{name}", "", "")' for name, query in figures.items())


def _matcher(name: str, values: tuple[str, ...]) -> str:
    if len(values) == 1:
        return f"{_name(name)}={_quote(values[0])}"
    alternatives = "|".join(_RE2_SPECIAL.sub(r"\\\1", value) for value in values)
    return f"{_name(name)}=~{_quote(alternatives)}"


def _quote(value: str) -> str:
    """A PromQL string; its escapes are Go's, of which JSON's are a part."""
    return json.dumps(value, ensure_ascii=False)


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is not a Prometheus metric or label name",
            hint="letters, digits and _ only: see metrics.families and the labels of the regions",
        )
    return name


def _duration(seconds: float) -> str:
    return f"{math.ceil(seconds)}s"
