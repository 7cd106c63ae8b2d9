"""Lines as k6 writes them with --out json, made by hand."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

BEGUN = 1_795_424_274.0


def point(
    metric: str, value: float, *, at_s: float = 0.0, tags: Mapping[str, str] | None = None, name_last: bool = False
) -> bytes:
    """A point, `at_s` seconds after the beginning; in older versions of k6 the metric's name comes last."""
    moment = datetime.fromtimestamp(BEGUN + at_s, UTC).isoformat().replace("+00:00", "Z")
    data = {"time": moment, "value": value, "tags": dict(tags or {})}
    if name_last:
        return _line({"type": "Point", "data": data, "metric": metric})
    return _line({"metric": metric, "type": "Point", "data": data})


def declared(metric: str, kind: str, thresholds: Iterable[object] = ()) -> bytes:
    """The line before a metric's first point."""
    data = {"name": metric, "type": kind, "contains": "default", "thresholds": list(thresholds), "submetrics": None}
    return _line({"type": "Metric", "data": data, "metric": metric})


def request(ms: float, *, at_s: float = 0.0, name: str = "health", **tags: str) -> bytes:
    """The two lines of a request; failed when it has an error code."""
    given = {"name": name, "status": "200", "expected_response": "true", **tags}
    failed = 1 if "error_code" in tags else 0
    return point("http_req_duration", ms, at_s=at_s, tags=given) + point(
        "http_req_failed", failed, at_s=at_s, tags=given
    )


def _line(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"
