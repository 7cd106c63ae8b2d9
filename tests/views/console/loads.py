"""Benchmarks for the console: a load that is on, one that has ended, and past ones."""

from dataclasses import asdict, replace

from npconsole.model.benchmark import Advice, Benchmark, BenchmarkStatus, Fingerprint
from npconsole.model.desk import WatchedRun
from npconsole.model.load import Latency, Load, LoadEnd, LoadFigures, LoadResult, Threshold, ThresholdState
from npconsole.model.run import Run, RunEvent, RunRequest, RunState, Verdict
from tests.views.console.desk import FakeDesk
from tests.views.console.feed import WALL

P95, FAILED = Threshold("http_req_duration", "p(95)<400"), Threshold("http_req_failed", "rate<0.05")
REQUEST = RunRequest("benchmark", "us-east", FakeDesk().actor, {"vus": ("100",)}, "before the sale", confirmed=True)
FIGURES = LoadFigures(
    elapsed_s=34,
    requests=5400,
    request_rate=312.4,
    p50_ms=41,
    p95_ms=437,
    p99_ms=810,
    error_ratio=0.0042,
    phase="ramp to 100",
    planned_s=60,
    users=87,
    failed=23,
    errors=(("status 503", 20), ("timeout", 3)),
    cpu_ratio=0.31,
    thresholds=(ThresholdState(P95, crossed=True, value=437.0), ThresholdState(FAILED, crossed=False, value=0.0042)),
)
REGIONS = {"us-east": {"p50_ms": 60.0, "p95_ms": 455.0, "p99_ms": 900.0, "error_ratio": 0.004, "request_rate": 340.0}}
PLAN = {
    "calls": [{"vendor": "k6 v1.1", "call": "k6 run -", "summary": "up to 100 users for 60 s", "writes": True}],
    "guards": [
        {"guard": "lease", "passed": True, "reason": "nobody acts on us-east"},
        {"guard": "incident", "passed": False, "overridden": True, "reason": "an incident is open"},
    ],
}


def load_run(state: RunState = RunState.APPLIED, *, elapsed_s: float = 34, **changes: object) -> WatchedRun:
    """A benchmark of us-east as far as `elapsed_s`."""
    base = Run("run-b", REQUEST, state, WALL - elapsed_s, WALL, fence=1)
    events = (
        RunEvent("run-b", 1, WALL - elapsed_s, RunState.REQUESTED, "asked for"),
        RunEvent("run-b", 2, WALL - elapsed_s, RunState.PLANNED, "plan: 100 users", {"plan": PLAN}),
        RunEvent(
            "run-b",
            3,
            WALL,
            RunState.APPLIED,
            "34 s of 60 s",
            {**asdict(replace(FIGURES, elapsed_s=elapsed_s)), "regions": REGIONS},
        ),
    )
    return WatchedRun(replace(base, **changes), events)  # type: ignore[arg-type]  # the callers name fields of Run


def ended_run(*, status: str = "failed", worse: bool = True) -> WatchedRun:
    """The same at its end, judged and compared."""
    result: dict[str, object] = {
        "benchmark": {
            "status": status,
            "reasons": ["http_req_duration p(95)<400 was 437 ms"],
            "advice": [{"text": "cache more", "because": "hit ratio 12 %"}],
        },
        "conclusion": {"status": status, "figures": "5.4k requests in 60 s", "exit": 99},
    }
    if worse:
        words = "worse: typical latency is up by 31 % (24 % to 38 %)"
        result["comparison"] = {"before": "b1", "after": "run-b", "verdict": "worse", "words": words}
    return load_run(
        RunState.SUCCEEDED,
        elapsed_s=60,
        result=result,
        verdict=Verdict.NO_EFFECT,
        outcome="failed; 5.4k requests in 60 s",
    )


def past(number: int, p95_ms: float | None = 180, **changes: object) -> Benchmark:
    """A benchmark that ended `number` hours ago."""
    latency = Latency(5000, 0, 4, 60, 50, 120, p95_ms, 300, 900)
    load = Load("us-east", "https://us-east.example", 100, 60, thresholds=(P95,))
    base = Benchmark(
        id=f"b{number}",
        wall=WALL - 3600 * number,
        status=BenchmarkStatus.PASSED,
        reasons=(),
        load=load,
        fingerprint=Fingerprint("5f0c", "us-east", load.address, "closed 100 users 1m", "k6 v1.1", "bastion"),
        result=LoadResult(LoadEnd.COMPLETE, FIGURES, latency, names=(("GET /health", latency),), tool="k6 v1.1.0"),
        advice=(Advice("cache more", "hit ratio 12 %, below 80 %"),),
        actor="alice",
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the callers name fields of Benchmark


def series(count: int) -> list[Benchmark]:
    """Latest first; the third failed, the fifth says nothing."""
    runs = [past(number, 150 + number * 37 % 90) for number in range(1, count + 1)]
    if count > 5:
        runs[2] = past(3, 480, status=BenchmarkStatus.FAILED, reasons=("http_req_duration p(95)<400 was 480 ms",))
        runs[4] = past(5, None, status=BenchmarkStatus.INVALID, reasons=("no request was answered",))
    return runs
