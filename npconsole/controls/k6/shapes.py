"""k6's summary of a load, in each of its three shapes, and what it says of the thresholds.

- `--summary-export`: `thresholds` are {expression: crossed}, so that **false has passed**; a rate's `passes` are the
  samples that are not 0, which for `http_req_failed` are the failed requests.
- `handleSummary(data)`: figures under `values`, thresholds as {expression: {"ok": passed}}.
- `--new-machine-readable-summary` (k6 1.5 and later): a list of metrics under `results`, without thresholds.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from npconsole.controls.k6.summary import Metric, Summary
from npconsole.net.text import clean, number

MOST_BYTES = 50_000_000
MOST_METRICS = 5_000


def read_summary(data: bytes) -> Summary:
    """The summary in a file's content. Raises ValueError saying why it is none."""
    try:
        content = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"it is no whole JSON document ({clean(error, limit=100)})") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(content, dict):
        raise ValueError(f"it is a JSON {_kind(content)}, not an object")  # noqa: TRY004 - content of a file, no argument
    results = content.get("results")
    if isinstance(results, dict) and isinstance(results.get("metrics"), list):
        return _machine_readable(content, results)
    metrics = content.get("metrics")
    if not isinstance(metrics, dict) or not metrics:
        raise ValueError("it has no `metrics`")
    named = [(clean(name, limit=200), each) for name, each in list(metrics.items())[:MOST_METRICS]]
    if not all(isinstance(each, dict) for _, each in named):
        raise ValueError("its `metrics` are not objects")
    if any(isinstance(each.get("values"), dict) for _, each in named):
        return _handle_summary(content, named)
    if not any(_numbers(each) for _, each in named):
        raise ValueError("its `metrics` have no figures")
    return Summary("--summary-export", {name: Metric(_numbers(each), _inverted(each)) for name, each in named})


def _handle_summary(content: Mapping[str, Any], named: list[tuple[str, Any]]) -> Summary:
    state = content.get("state")
    duration_ms = number(state.get("testRunDurationMs")) if isinstance(state, dict) else None
    return Summary(
        "handleSummary",
        {name: Metric(_numbers(each.get("values")), _passed(each)) for name, each in named},
        duration_s=duration_ms / 1000 if duration_ms else None,
    )


def _machine_readable(content: Mapping[str, Any], results: Mapping[str, Any]) -> Summary:
    config, metadata, checks = content.get("config"), content.get("metadata"), results.get("checks")
    listed = list(results["metrics"])
    if isinstance(checks, dict) and isinstance(checks.get("metrics"), list):
        listed += checks["metrics"]
    version = clean(metadata.get("k6Version"), limit=30) if isinstance(metadata, dict) else ""
    return Summary(
        "machine-readable summary",
        {
            clean(each.get("name"), limit=200): Metric(_numbers(each.get("values")))
            for each in listed[:MOST_METRICS]
            if isinstance(each, dict)
        },
        duration_s=number(config.get("duration")) if isinstance(config, dict) else None,
        judged=False,
        tool=f"k6 v{version.removeprefix('v')}" if version else "",
    )


def _numbers(values: object) -> dict[str, float]:
    if not isinstance(values, dict):
        return {}
    found = {clean(name, limit=50): number(value) for name, value in values.items() if not isinstance(value, str)}
    return {name: value for name, value in found.items() if value is not None}


def _inverted(metric: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """In `--summary-export`, true means crossed."""
    thresholds = metric.get("thresholds")
    if not isinstance(thresholds, dict):
        return ()
    return tuple((clean(name), value) for name, value in thresholds.items() if isinstance(value, bool))


def _passed(metric: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """In `handleSummary`, `ok` means passed."""
    thresholds = metric.get("thresholds")
    if not isinstance(thresholds, dict):
        return ()
    return tuple(
        (clean(name), not value["ok"])
        for name, value in thresholds.items()
        if isinstance(value, dict) and isinstance(value.get("ok"), bool)
    )


def _kind(content: object) -> str:
    return "array" if isinstance(content, list) else "text" if isinstance(content, str) else "value"
