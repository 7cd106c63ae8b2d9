"""A benchmark as CSV (RFC 4180): one line for all requests, one corrected, one for each request name; bare numbers.

The unit is in the column's name and an empty cell is not measured. A spreadsheet takes a cell that begins with one of
`= + - @` for a formula: names that do get an apostrophe.
"""

import csv
import io

from npconsole.model.benchmark import Benchmark, Comparison
from npconsole.model.load import Latency
from npconsole.reports.benchmark.rows import instant

HEADER = (
    "id", "ended", "target", "status", "release", "request", "count", "failed", "min_ms", "mean_ms", "p50_ms", "p90_ms",
    "p95_ms", "p99_ms", "max_ms", "request_rate_per_s", "error_ratio",
)  # fmt: skip
COMPARED = (
    "verdict",
    "before_id",
    "typical_effect",
    "typical_low",
    "typical_high",
    "p95_effect",
    "p95_low",
    "p95_high",
)
ALL, CORRECTED = "(all)", "(all, corrected)"


def sheet(benchmark: Benchmark, comparison: Comparison | None = None) -> str:
    """Header and lines, with CRLF. With a comparison the columns of COMPARED follow, filled in the first line."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER if comparison is None else (*HEADER, *COMPARED))
    figures = benchmark.result.figures
    totals = (figures.request_rate, figures.error_ratio)
    first = _row(benchmark, ALL, benchmark.result.overall, totals)
    writer.writerow(first if comparison is None else (*first, *_compared(comparison)))
    if benchmark.result.corrected is not None:
        writer.writerow(_row(benchmark, CORRECTED, benchmark.result.corrected, (None, None)))
    for name, latency in benchmark.result.names:
        share = latency.failed / latency.count if latency.count else None
        writer.writerow(_row(benchmark, name, latency, (None, share)))
    return out.getvalue()


def _row(
    benchmark: Benchmark, name: str, latency: Latency, totals: tuple[float | None, float | None]
) -> tuple[str | float | None, ...]:
    return (
        _safe(benchmark.id),
        instant(benchmark.wall),
        _safe(benchmark.load.target),
        benchmark.status.value,
        _safe(benchmark.release),
        _safe(name),
        latency.count,
        latency.failed,
        latency.min_ms,
        latency.mean_ms,
        latency.p50_ms,
        latency.p90_ms,
        latency.p95_ms,
        latency.p99_ms,
        latency.max_ms,
        *totals,
    )


def _compared(comparison: Comparison) -> tuple[str | float | None, ...]:
    by_metric = {change.metric: change for change in comparison.changes}
    typical, tail = by_metric["typical_ms"], by_metric["p95_ms"]
    return (
        comparison.verdict.value,
        _safe(comparison.before),
        *(value for each in (typical, tail) for value in (each.effect, each.low, each.high)),
    )


def _safe(said: str) -> str:
    return f"'{said}" if said[:1] in ("=", "+", "-", "@", "\t", "\r") else said
