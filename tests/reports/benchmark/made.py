"""Benchmarks for tests, as values."""

from dataclasses import replace

from npconsole.model.benchmark import Advice, Benchmark, BenchmarkStatus, Fingerprint
from npconsole.model.load import (
    Block,
    Latency,
    Load,
    LoadEnd,
    LoadFigures,
    LoadResult,
    Threshold,
    ThresholdState,
)

P95 = Threshold("http_req_duration", "p(95)<400")
ERRORS = Threshold("http_req_failed", "rate<0.05")
PRINT = Fingerprint("d" * 64, "us-east", "https://us-east.example", "closed 20 users 10s", "k6 v1.1", "ops-1")
LOAD = Load("us-east", "https://us-east.example", 20, 10.0, thresholds=(P95, ERRORS))
OVERALL = Latency(200, 1, 2.1, 31.0, 18.0, 60.0, 112.0, 190.0, 240.0)
FIGURES = LoadFigures(
    elapsed_s=10.0,
    requests=200,
    request_rate=20.0,
    p50_ms=18.0,
    p95_ms=112.0,
    p99_ms=190.0,
    error_ratio=0.005,
    iterations=198,
    failed=1,
    errors=(("status 500", 1),),
    bytes_sent=18_000.0,
    bytes_received=83e6,
    cpu_ratio=0.04,
    thresholds=(ThresholdState(P95, crossed=False, value=112.0), ThresholdState(ERRORS, crossed=False, value=0.005)),
)
RESULT = LoadResult(
    LoadEnd.COMPLETE,
    FIGURES,
    OVERALL,
    corrected=replace(OVERALL, p95_ms=118.0, p99_ms=210.0),
    names=(
        ("health", Latency(100, 0, 2.1, 3.3, 3.0, 5.0, 6.0, 9.0, 12.0)),
        ("items", Latency(100, 1, 9.0, 58.0, 45.0, 80.0, 118.0, 200.0, 240.0)),
    ),
    blocks=(Block(0.0, 1.0, 2, 0, ((3.0, 1), (45.0, 1)), (("health", 1, 1.0986), ("items", 1, 3.8067))),),
    wall=1_700_000_000.0,
    tool="k6 v1.1.0",
    exit_code=0,
    crossed=(),
)


def benchmark(
    result: LoadResult = RESULT,
    *,
    name: str = "b1",
    wall: float = 1_700_000_010.0,
    status: BenchmarkStatus = BenchmarkStatus.PASSED,
    fingerprint: Fingerprint = PRINT,
    reasons: tuple[str, ...] = (),
    advice: tuple[Advice, ...] = (),
    load: Load = LOAD,
) -> Benchmark:
    return Benchmark(name, wall, status, reasons, load, fingerprint, result, advice, "17.1.3", "ada")
