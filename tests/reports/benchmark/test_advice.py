"""Recommendations, each with its figure."""

from dataclasses import replace
from typing import Any

import pytest

from npconsole.model.load import Latency, Load, LoadResult
from npconsole.reports.benchmark.advice import advice
from tests.reports.benchmark.made import FIGURES, LOAD, OVERALL, RESULT

FULL = replace(LOAD, users=100, duration_s=60.0)
FAST = replace(RESULT, names=(), corrected=None)


def result(*, overall: dict[str, Any] | None = None, of: dict[str, Any] | None = None, **figures: Any) -> LoadResult:
    return replace(
        FAST,
        overall=replace(OVERALL, **{"p99_ms": 60.0, "p95_ms": 50.0, **(overall or {})}),
        figures=replace(FIGURES, **{"errors": (), "failed": 0, **figures}),
        **(of or {}),
    )


@pytest.mark.parametrize(
    ("load", "measured", "because"),
    [
        (LOAD, result(), None),
        (LOAD, result(request_rate=18.0), None),
        (FULL, result(request_rate=60.0), "60/s requests, below 100/s with 100 users"),
        (LOAD, result(overall={"p95_ms": 612.0}), "p95 612 ms, above the bound of 400 ms"),
        (LOAD, result(overall={"p95_ms": 200.0}), "p95 200 ms, target 120 ms"),
        (LOAD, result(overall={"p50_ms": 10.0, "p99_ms": 80.0}), "p99 80 ms is 8.0 times p50 10 ms"),
        (LOAD, result(overall={"p50_ms": 10.0, "p99_ms": 80.0, "count": 40}), None),
        (
            LOAD,
            result(errors=(("status 503", 9), ("status 500", 1))),
            "10 of 200 requests (5 %): status 503, status 500",
        ),
        (LOAD, result(errors=(("timeout", 2),)), "2 of 200 requests (1 %): timeout"),
        (LOAD, result(errors=(("connection refused", 100),)), "100 of 200 requests (50 %): connection refused"),
        (LOAD, result(errors=(("status 429", 20),)), "20 of 200 requests (10 %): status 429"),
        (
            replace(LOAD, rate=50.0),
            result(dropped=4, iterations=196, request_rate=200.0),
            "4 iterations dropped (2 %) with 20 users at most",
        ),
        (LOAD, result(cpu_ratio=0.85), "the load generator used 85 % of this host's cores"),
        (
            LOAD,
            result(of={"corrected": replace(OVERALL, p99_ms=900.0)}),
            "p99 60 ms raw, 900 ms corrected for waiting users",
        ),
    ],
)
def test_one_figure_brings_one_recommendation(load: Load, measured: LoadResult, because: str | None) -> None:
    found = [each.because for each in advice(load, measured)]
    assert found == ([] if because is None else [because])


def test_the_request_that_makes_the_tail_is_named() -> None:
    names = (("health", Latency(100, p95_ms=6.0)), ("forecast", Latency(100, 6, p95_ms=300.0)))
    found = advice(LOAD, result(of={"names": names}))
    assert [(each.text, each.because) for each in found] == [
        ("look at forecast first: it alone makes the tail", "p95 300 ms, the next slowest request 6.0 ms"),
        ("look at forecast: most failures are there", "6 of 6 failed requests, 6 % of its own"),
    ]


def test_a_mix_of_fast_and_slow_requests_has_no_long_tail_by_itself() -> None:
    names = (("health", Latency(100, p50_ms=3.0, p95_ms=6.0, p99_ms=9.0)), ("items", Latency(100, p95_ms=16.0)))
    assert advice(LOAD, result(overall={"p50_ms": 3.0, "p99_ms": 80.0}, of={"names": names})) == ()


@pytest.mark.parametrize(("ratio", "number"), [(0.12, 1), (0.95, 0), (None, 0)])
def test_a_cold_cache(ratio: float | None, number: int) -> None:
    found = advice(LOAD, result(), cache_hit_ratio=ratio)
    assert [each.because for each in found] == ["cache hit ratio 12 %, below 80 %"] * number


def test_of_nothing_there_is_no_advice() -> None:
    assert advice(FULL, result(requests=0, request_rate=0.0, errors=(("timeout", 1),))) == ()
