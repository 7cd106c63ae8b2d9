"""The figures of a benchmark as rows of text, which the forms for people lay out each in its own way.

What was not measured is `n/a`. Nothing here is escaped: each form does that for itself.
"""

from datetime import UTC, datetime

from npconsole.model import quantity
from npconsole.model.benchmark import Benchmark, Change, Comparison
from npconsole.model.load import Latency, Load, LoadModel, LoadResult, ThresholdState
from npconsole.reports.benchmark import sentence
from npconsole.reports.benchmark.crossing import crossings
from npconsole.reports.benchmark.errorkind import listed
from npconsole.reports.benchmark.expression import limit

MISSING = "n/a"
LATENCY_HEADER = ("request", "count", "failed", "min", "mean", "p50", "p95", "p99", "max")
CHANGE_HEADER = ("figure", "before", "after", "change", "interval", "bound")
THRESHOLD_HEADER = ("threshold", "must be", "was", "")
CORRECTED = "corrected"
_NAMES = {
    "typical_ms": "typical",
    "p50_ms": "p50",
    "p95_ms": "p95",
    "p99_ms": "p99",
    "error_ratio": "errors",
    "request_rate": "requests",
}


def subject(benchmark: Benchmark) -> str:
    """What a report is about: `b1 of us-east`, or the file that it was read from."""
    return benchmark.imported or f"{benchmark.id} of {benchmark.load.target}"


def head(benchmark: Benchmark) -> list[tuple[str, str]]:
    """What was sent to what, and what it came to in all."""
    figures = benchmark.result.figures
    return [
        *(_read(benchmark) if benchmark.imported else _sent(benchmark)),
        ("requests", f"{figures.requests} in {seconds(figures.elapsed_s)}, {per_second(figures.request_rate)}"),
        ("errors", _errors(benchmark)),
        ("iterations", _iterations(benchmark)),
        ("bytes", f"{size(figures.bytes_sent)} sent, {size(figures.bytes_received)} received"),
    ]


def _sent(benchmark: Benchmark) -> list[tuple[str, str]]:
    load, result = benchmark.load, benchmark.result
    tool, host = result.tool or benchmark.fingerprint.tool or MISSING, benchmark.fingerprint.host or MISSING
    return [
        ("target", f"{load.target} at {load.address}"),
        ("load", _script_words(load, result) if load.script else model_words(load)),
        *([("script", load.script)] if load.script else []),
        ("sent by", f"{tool} on {host}, {percent(result.figures.cpu_ratio)} of its cores"),
        ("ended", instant(benchmark.wall)),
        ("release", benchmark.release or MISSING),
    ]


def _read(benchmark: Benchmark) -> list[tuple[str, str]]:
    """A file tells less: not where to, not whether users waited for answers, and not always when."""
    load, result = benchmark.load, benchmark.result
    return [
        ("load", f"{load.users or MISSING} users, {seconds(load.duration_s)}"),
        ("sent by", result.tool or MISSING),
        ("ended", MISSING if result.wall is None else instant(benchmark.wall)),
    ]


def _script_words(load: Load, result: LoadResult) -> str:
    """A script may have a load of its own: what was sent is what was measured, not what was asked for."""
    users = MISSING if result.figures.users is None else str(result.figures.users)
    where = ", from k6's cloud" if load.cloud else ""
    return f"of the script, up to {users} users for {seconds(result.figures.elapsed_s)}{where}"


def model_words(load: Load) -> str:
    """`closed model, up to 20 users for 10 s`, or `open model, 50/s for 60 s by at most 100 users`."""
    where = ", from k6's cloud" if load.cloud else ""
    if load.model is LoadModel.CLOSED:
        return f"closed model, up to {load.users} users for {seconds(load.duration_s)}{where}"
    return f"open model, {per_second(load.rate)} for {seconds(load.duration_s)} by at most {load.users} users{where}"


def model_note(benchmark: Benchmark) -> str:
    """What a reader must know of the percentiles of users who wait; empty for an open model."""
    if benchmark.imported and benchmark.result.corrected is None:
        return (
            "The file does not say whether users waited for answers (closed model). If they did, stalls were asked for "
            f"less often than users would have. Corrected percentiles: {MISSING}."
        )
    if benchmark.load.model is LoadModel.OPEN:
        return ""
    note = "Closed model: users wait for an answer before they ask again, so stalls are asked for less often."
    if benchmark.result.corrected is None:
        return f"{note} Corrected percentiles: {MISSING}."
    return f"{note} The corrected line is what users who do not wait would have seen."


def latencies(benchmark: Benchmark) -> list[tuple[str, ...]]:
    """One row for all, one corrected where there is one, and one for each request name, as LATENCY_HEADER."""
    result = benchmark.result
    rows = [_latency("all", result.overall)]
    if result.corrected is not None:
        rows.append(_latency(CORRECTED, result.corrected))
    return rows + [_latency(name, each) for name, each in result.names]


def thresholds(benchmark: Benchmark) -> list[tuple[str, ...]]:
    """As THRESHOLD_HEADER; the last cell is `ok`, `CROSSED` or `not known`."""
    return [_threshold(state, is_crossed) for state, is_crossed in crossings(benchmark.load, benchmark.result)]


def _threshold(state: ThresholdState, is_crossed: bool | None) -> tuple[str, ...]:
    word = "not known" if is_crossed is None else "CROSSED" if is_crossed else "ok"
    asks = limit(state.threshold)
    if asks is None:
        value = MISSING if state.value is None else f"{state.value:g}"
        return (str(state.threshold), "", value, word)
    read = MISSING if state.value is None else asks.written(state.value)
    return (f"{state.threshold.metric} {asks.figure}", asks.asked, read, word)


def changes(comparison: Comparison) -> list[tuple[str, ...]]:
    """As CHANGE_HEADER."""
    return [_change(each) for each in comparison.changes]


def _change(change: Change) -> tuple[str, ...]:
    is_share = change.metric == "error_ratio"
    written = {"error_ratio": percent, "request_rate": per_second}.get(change.metric, milliseconds)
    effect = (
        MISSING if change.effect is None else sentence.effect(change) if is_share else sentence.signed(change.effect)
    )
    interval = MISSING if change.low is None else sentence.interval(change)
    bound = sentence.points_word(change.bound) if is_share else quantity.percent(change.bound)
    return (_NAMES[change.metric], written(change.before), written(change.after), effect, interval, bound)


def _latency(name: str, latency: Latency) -> tuple[str, ...]:
    figures = (latency.min_ms, latency.mean_ms, latency.p50_ms, latency.p95_ms, latency.p99_ms, latency.max_ms)
    return (name, str(latency.count), str(latency.failed), *map(milliseconds, figures))


def _errors(benchmark: Benchmark) -> str:
    figures = benchmark.result.figures
    kinds = f": {listed(figures.errors)}" if figures.errors else ""
    return f"{percent(figures.error_ratio)}, {figures.failed} of {figures.requests}{kinds}"


def _iterations(benchmark: Benchmark) -> str:
    figures = benchmark.result.figures
    dropped = f", {figures.dropped} dropped" if benchmark.load.model is LoadModel.OPEN else ""
    return f"{figures.iterations}{dropped}"


def instant(wall: float) -> str:
    """`2026-11-23 17:31:35Z`; `n/a` for a time that no calendar has."""
    try:
        return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return MISSING


def milliseconds(value: float | None) -> str:
    return MISSING if value is None else quantity.latency(value)


def percent(value: float | None) -> str:
    return MISSING if value is None else quantity.percent(value)


def per_second(value: float | None) -> str:
    return MISSING if value is None else quantity.rate(value)


def seconds(value: float | None) -> str:
    return MISSING if value is None else quantity.duration(value)


def size(value: float | None) -> str:
    return MISSING if value is None else quantity.size(value)
