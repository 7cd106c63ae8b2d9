"""Past benchmarks of one fingerprint as points of a chart."""

from collections.abc import Sequence

from npconsole.model.benchmark import Benchmark, Fingerprint, TrendPoint


def trend(
    benchmarks: Sequence[Benchmark], fingerprint: Fingerprint, *, baselines: Sequence[tuple[str, str]] = ()
) -> tuple[TrendPoint, ...]:
    """The benchmarks that may be compared with each other, earliest first. `baselines` are (name, benchmark id).

    Invalid and partial ones are among them, to be marked: their figures say nothing of the target.
    """
    named: dict[str, list[str]] = {}
    for name, benchmark_id in baselines:
        named.setdefault(benchmark_id, []).append(name)
    alike = [benchmark for benchmark in benchmarks if benchmark.fingerprint == fingerprint]
    return tuple(_point(each, tuple(named.get(each.id, ()))) for each in sorted(alike, key=lambda each: each.wall))


def _point(benchmark: Benchmark, baselines: tuple[str, ...]) -> TrendPoint:
    overall, figures = benchmark.result.overall, benchmark.result.figures
    return TrendPoint(
        benchmark.id,
        benchmark.wall,
        benchmark.status,
        overall.p50_ms,
        overall.p95_ms,
        figures.request_rate,
        figures.error_ratio,
        benchmark.release,
        baselines,
    )
