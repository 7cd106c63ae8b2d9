import json
from typing import Any

import pytest

from npconsole.controls.k6.shapes import read_summary
from npconsole.model.load import LoadEnd, Threshold

EXPORT: dict[str, Any] = {
    "root_group": {"name": ""},
    "metrics": {
        "http_reqs": {"count": 200, "rate": 50.0},
        "http_req_duration": {
            "avg": 20.0, "min": 1.0, "med": 15.0, "max": 900.0,
            "p(90)": 40.0, "p(95)": 80.0, "p(99)": 500.0, "count": 200,
            "thresholds": {"p(95)<400": False, "p(99)<100": True},
        },
        "http_req_duration{name:items}": {"avg": 30.0, "p(95)": 90.0, "count": 40, "thresholds": {"p(95)<100": False}},
        "http_req_duration{name:none}": {"avg": 0, "p(95)": 0, "count": 0, "thresholds": {"p(95)<100": False}},
        "http_req_failed": {"passes": 10, "fails": 190, "value": 0.05, "thresholds": {"rate<0.01": True}},
        "dropped_iterations": {"count": 0, "rate": 0, "thresholds": {"count<10": False}},
        "checks": {"passes": 180, "fails": 20, "value": 0.9},
        "iterations": {"count": 100, "rate": 25.0},
        "data_sent": {"count": 1000, "rate": 250},
        "data_received": {"count": 9000, "rate": 2250},
        "vus_max": {"value": 10, "min": 10, "max": 10},
    },
}  # fmt: skip


def handled() -> dict[str, Any]:
    """The same as `handleSummary` gets it."""
    metrics: dict[str, Any] = {}
    for name, figures in EXPORT["metrics"].items():
        values = {key: value for key, value in figures.items() if key != "thresholds"}
        if name in ("http_req_failed", "checks"):
            values["rate"] = values.pop("value")
        metrics[name] = {"type": "trend", "contains": "default", "values": values}
        if "thresholds" in figures:
            metrics[name]["thresholds"] = {text: {"ok": not crossed} for text, crossed in figures["thresholds"].items()}
    return {"metrics": metrics, "state": {"testRunDurationMs": 4000.0}, "options": {}, "root_group": {}}


def machine_readable() -> dict[str, Any]:
    """The same in the shape of `--new-machine-readable-summary`, version 1.0.0."""

    def metric(name: str, kind: str, **values: float) -> dict[str, Any]:
        return {"name": name, "type": kind, "contains": "default", "values": values}

    duration = {
        key: EXPORT["metrics"]["http_req_duration"][key] for key in ("avg", "min", "med", "max", "p(90)", "p(95)")
    }
    return {
        "version": "1.0.0",
        "config": {"duration": 4.0, "execution": "local", "script": "load.js"},
        "metadata": {"k6Version": "2.2.0", "generatedAt": "2026-11-23T09:00:00Z"},
        "results": {
            "checks": {
                "metrics": [metric("checks_succeeded", "rate", matches=180, total=200, rate=0.9)],
                "results": [],
            },
            "metrics": [
                metric("http_reqs", "counter", count=200),
                {"name": "http_req_duration", "type": "trend", "contains": "time", "values": duration},
                metric("http_req_failed", "rate", matches=10, total=200, rate=0.05),
                metric("data_sent", "counter", count=1000),
                metric("vus_max", "gauge", value=10, min=10, max=10),
            ],
        },
    }


@pytest.mark.parametrize("content", [EXPORT, handled(), machine_readable()], ids=["export", "handleSummary", "machine"])
def test_every_shape_says_the_same(content: dict[str, Any]) -> None:
    result = read_summary(json.dumps(content).encode()).result()
    figures = result.figures
    assert result.end is LoadEnd.COMPLETE
    assert (figures.requests, figures.failed, figures.error_ratio) == (200, 10, 0.05)
    assert (figures.elapsed_s, figures.request_rate) == (4.0, 50.0)
    assert (figures.p50_ms, figures.p95_ms) == (15.0, 80.0)
    assert (result.overall.mean_ms, result.overall.max_ms, result.overall.p90_ms) == (20.0, 900.0, 40.0)
    assert (figures.checks, figures.checks_failed) == (200, 20)
    assert (figures.bytes_sent, figures.users) == (1000, 10)


@pytest.mark.parametrize("content", [EXPORT, handled()], ids=["export", "handleSummary"])
def test_thresholds_are_told_true(content: dict[str, Any]) -> None:
    """`false` has passed in the one shape, `ok` in the other; what has no samples is unknown."""
    result = read_summary(json.dumps(content).encode()).result()
    assert result.crossed == (Threshold("http_req_duration", "p(99)<100"), Threshold("http_req_failed", "rate<0.01"))
    assert [(str(each.threshold), each.crossed, each.value) for each in result.figures.thresholds] == [
        ("http_req_duration p(95)<400", False, 80.0),
        ("http_req_duration p(99)<100", True, 500.0),
        ("http_req_duration{name:items} p(95)<100", False, 90.0),
        ("http_req_duration{name:none} p(95)<100", None, 0.0),
        ("http_req_failed rate<0.01", True, 0.05),
        ("dropped_iterations count<10", False, 0.0),
    ]
    assert dict(result.names)["items"].count == 40


def test_the_shape_without_thresholds_says_nothing_of_them() -> None:
    result = read_summary(json.dumps(machine_readable()).encode()).result()
    assert result.crossed is None
    assert result.figures.thresholds == ()
    assert result.tool == "k6 v2.2.0"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no whole JSON"),
        (b'{"metrics": {"a": {"count": 1}', "no whole JSON"),
        (b"[]", "a JSON array"),
        (b'"x"', "a JSON text"),
        (b"{}", "has no `metrics`"),
        (b'{"metrics": {}}', "has no `metrics`"),
        (b'{"metrics": {"a": 1}}', "are not objects"),
        (b'{"metrics": {"a": {"b": "c"}}}', "have no figures"),
        (b'{"metrics":' + b'{"a":' * 100_000, "nested too deeply"),
        (b"\xff", "no whole JSON"),
    ],
)
def test_what_is_no_summary(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_summary(data)


def test_a_hostile_summary_is_cleaned() -> None:
    content = {
        "metrics": {"http_reqs\x1b[2J": {"count": 1, "p(95)": "1e999", "rate": True, "thresholds": {"\x1b]0;x": True}}}
    }
    result = read_summary(json.dumps(content).encode()).result()
    assert "\x1b" not in repr(result)
    assert result.figures.requests == 0
