"""What a benchmark proved, and why."""

from dataclasses import replace
from typing import Any

import pytest

from npconsole.errors import ExitCode
from npconsole.model.benchmark import BenchmarkStatus
from npconsole.model.load import LoadEnd, LoadResult, Threshold, ThresholdState
from npconsole.reports.benchmark.status import Bounds, exit_code, judge
from tests.reports.benchmark.made import ERRORS, FIGURES, LOAD, P95, RESULT

PASSED, FAILED, INVALID, PARTIAL = (
    BenchmarkStatus.PASSED,
    BenchmarkStatus.FAILED,
    BenchmarkStatus.INVALID,
    BenchmarkStatus.PARTIAL,
)
SLOW = (ThresholdState(P95, crossed=True, value=612.0), ThresholdState(ERRORS, crossed=False, value=0.005))


def result(*, end: LoadEnd = LoadEnd.COMPLETE, of: dict[str, Any] | None = None, **figures: Any) -> LoadResult:
    return replace(RESULT, end=end, figures=replace(FIGURES, **figures), **(of or {}))


DISPUTED = (
    "the load engine calls http_req_duration p(95)<400 kept, by the figures it is crossed "
    "(http_req_duration: p95 612 ms, must be below 400 ms)"
)

CASES: list[tuple[str, LoadResult, BenchmarkStatus, tuple[str, ...]]] = [
    ("all well", RESULT, PASSED, ()),
    (
        "slow",
        result(of={"crossed": (P95,), "exit_code": 99}, thresholds=SLOW),
        FAILED,
        ("http_req_duration: p95 612 ms, must be below 400 ms",),
    ),
    (
        "the engine does not say",
        result(of={"crossed": None}, thresholds=SLOW),
        FAILED,
        ("http_req_duration: p95 612 ms, must be below 400 ms",),
    ),
    (
        "the script's own threshold",
        result(of={"crossed": (Threshold("checks", "rate>0.99"),)}),
        FAILED,
        ("checks: rate not read, must be above 99 %",),
    ),
    ("nothing sent", result(requests=0, failed=0), INVALID, ("no request was sent",)),
    (
        "down",
        result(failed=200, errors=(("connection refused", 198), ("no such host", 2))),
        INVALID,
        ("us-east was not reached: all 200 requests failed (198 connection refused, 2 no such host)",),
    ),
    (
        "answers, and fails all",
        result(failed=200, errors=(("status 503", 200),)),
        FAILED,
        ("every request failed (200 status 503)",),
    ),
    (
        "fails most, and no threshold asks",
        result(failed=120, errors=(("timeout", 120),)),
        FAILED,
        ("60 % of the requests failed (120 timeout), more than 50 %",),
    ),
    (
        "refused but for one answer",
        result(failed=199, errors=(("connection refused", 199),)),
        FAILED,
        ("100 % of the requests failed (199 connection refused), more than 50 %",),
    ),
    (
        "saturated",
        result(cpu_ratio=0.97),
        INVALID,
        ("the load generator was saturated: it used 97 % of this host's cores, at most 90 % is a measurement",),
    ),
    (
        "dropped",
        result(dropped=50, iterations=150),
        INVALID,
        ("50 of 200 iterations were dropped (25 %, at most 5 % is a measurement): not enough users for the rate",),
    ),
    ("dropped a few", result(dropped=2, iterations=198), PASSED, ()),
    (
        "broken",
        result(end=LoadEnd.BROKEN, of={"complaint": "ReferenceError: x is not defined"}),
        INVALID,
        ("the load engine broke: ReferenceError: x is not defined",),
    ),
    (
        "no samples",
        result(thresholds=(ThresholdState(P95, crossed=None),)),
        INVALID,
        ("nobody knows whether http_req_duration p(95)<400 is crossed: its metric has no samples",),
    ),
    (
        "asked for, and read by nobody",
        result(of={"crossed": None}, thresholds=()),
        INVALID,
        (
            "nobody knows whether http_req_duration p(95)<400 is crossed: its metric has no samples",
            "nobody knows whether http_req_failed rate<0.05 is crossed: its metric has no samples",
        ),
    ),
    ("read by the engine alone", result(thresholds=()), PASSED, ()),
    ("fails all, of a summary", result(failed=200, errors=()), FAILED, ("every request failed (kinds not known)",)),
    (
        "engine and figures disagree",
        result(thresholds=SLOW),
        INVALID,
        (DISPUTED,),
    ),
    (
        "so close that histograms cannot tell",
        result(thresholds=(ThresholdState(P95, crossed=True, value=402.0),)),
        PASSED,
        (),
    ),
    (
        "so close, and the engine knows",
        result(of={"crossed": (P95,)}, thresholds=(ThresholdState(P95, crossed=False, value=399.0),)),
        FAILED,
        ("http_req_duration: p95 399 ms, must be below 400 ms",),
    ),
    (
        "exit 99 for nothing",
        result(of={"crossed": None, "exit_code": 99}),
        INVALID,
        ("the load engine ended with 99, thresholds crossed, but by the figures none is",),
    ),
    ("stopped", result(end=LoadEnd.STOPPED, elapsed_s=4.0), PARTIAL, ("stopped after 4 s of 10 s",)),
    (
        "stopped while slow",
        result(end=LoadEnd.STOPPED, elapsed_s=4.0, thresholds=SLOW),
        PARTIAL,
        ("stopped after 4 s of 10 s", "crossed until then: http_req_duration: p95 612 ms, must be below 400 ms"),
    ),
    ("stopped before anything", result(end=LoadEnd.STOPPED, requests=0), INVALID, ("no request was sent",)),
    (
        "stopped before samples",
        result(end=LoadEnd.STOPPED, elapsed_s=4.0, thresholds=(ThresholdState(P95, crossed=None),)),
        PARTIAL,
        ("stopped after 4 s of 10 s",),
    ),
    (
        "aborted by a threshold",
        result(end=LoadEnd.ABORTED, of={"crossed": (P95,), "exit_code": 99}, thresholds=SLOW),
        FAILED,
        ("http_req_duration: p95 612 ms, must be below 400 ms",),
    ),
    (
        "aborted by its script",
        result(end=LoadEnd.ABORTED, elapsed_s=4.0, of={"complaint": "test aborted: no login"}),
        PARTIAL,
        ("ended by its own script after 4 s of 10 s: test aborted: no login",),
    ),
    (
        "invalid and crossed",
        result(of={"crossed": (P95,)}, thresholds=SLOW, cpu_ratio=0.99),
        INVALID,
        ("the load generator was saturated: it used 99 % of this host's cores, at most 90 % is a measurement",),
    ),
]


@pytest.mark.parametrize(("measured", "status", "reasons"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_judgements(measured: LoadResult, status: BenchmarkStatus, reasons: tuple[str, ...]) -> None:
    assert judge(LOAD, measured) == (status, reasons)


def test_the_bounds_can_be_set() -> None:
    assert judge(LOAD, result(cpu_ratio=0.97), bounds=Bounds(cpu_ratio=1.0)) == (PASSED, ())


@pytest.mark.parametrize(
    ("status", "code"),
    [(PASSED, ExitCode.OK), (FAILED, ExitCode.THRESHOLDS), (INVALID, ExitCode.FAILED), (PARTIAL, ExitCode.PARTIAL)],
)
def test_exit_codes(status: BenchmarkStatus, code: ExitCode) -> None:
    assert exit_code(status) is code
