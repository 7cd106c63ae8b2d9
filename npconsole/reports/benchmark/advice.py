"""What to look at after a benchmark. Each recommendation has the figure that brought it about, or is not made."""

from collections.abc import Iterator

from npconsole.model import quantity
from npconsole.model.benchmark import Advice
from npconsole.model.load import Latency, Load, LoadModel, LoadResult
from npconsole.model.thresholds import Thresholds
from npconsole.reports.benchmark.errorkind import ErrorGroup, grouped
from npconsole.reports.benchmark.status import dropped_ratio

LEAST_RATE = 100.0
"""Requests a second below which a benchmark of full size asks for advice (platform thresholds)."""

FULL_SIZE_USERS = 100
"""Fewer users than this, at a second of think time, cannot send `LEAST_RATE`."""

DEFAULT = Thresholds()
LONG_TAIL = 5.0
SLOW_NAME = 3.0
HIDDEN = 1.5
BUSY_CPU = 0.8
COLD_CACHE = 0.8
_LEAST_REQUESTS = 100


def advice(
    load: Load, result: LoadResult, *, thresholds: Thresholds = DEFAULT, cache_hit_ratio: float | None = None
) -> tuple[Advice, ...]:
    """Recommendations, the gravest first; none when nothing was measured or nothing stands out.

    `cache_hit_ratio` is that of the target's own metrics during the load, when they are known.
    """
    if not result.figures.requests:
        return ()
    return (
        *_errors(result),
        *_latency(result, thresholds),
        *_names(result),
        *_throughput(load, result),
        *_generator(load, result),
        *_cache(cache_hit_ratio),
    )


_ERROR_ADVICE = {
    ErrorGroup.SERVER: "look at the target's errors in Sentry: it answered, and failed",
    ErrorGroup.UNREACHED: "look at whether the target is up and its address, port and certificate: connections failed",
    ErrorGroup.TIMEOUT: "look for what the target waits for (database, pool, upstream): requests had no answer in time",
    ErrorGroup.BROKEN_OFF: "look for restarts and connection limits of the target: it broke connections off",
    ErrorGroup.LIMITED: "raise the rate limit for the load's address or send less: this measured the limiter",
    ErrorGroup.CLIENT: "check the script, its paths and its token: the target refused what was asked",
}


def _errors(result: LoadResult) -> Iterator[Advice]:
    figures = result.figures
    counts = grouped(figures.errors)
    for group, count in sorted(counts.items(), key=lambda item: -item[1]):
        if group in _ERROR_ADVICE:
            share = quantity.percent(count / figures.requests)
            kinds = ", ".join(dict.fromkeys(kind for kind, _ in figures.errors if _of(kind, group)))
            yield Advice(_ERROR_ADVICE[group], f"{count} of {figures.requests} requests ({share}): {kinds}")


def _of(kind: str, group: ErrorGroup) -> bool:
    return group in grouped(((kind, 1),))


def _latency(result: LoadResult, thresholds: Thresholds) -> Iterator[Advice]:
    overall = result.overall
    p50, p95, p99 = overall.p50_ms, overall.p95_ms, overall.p99_ms
    if p95 is not None and p95 > thresholds.p95_warn_ms:
        yield Advice(
            "find the slowest request below and what it waits for",
            f"p95 {quantity.latency(p95)}, above the bound of {quantity.latency(thresholds.p95_warn_ms)}",
        )
    elif p95 is not None and p95 > thresholds.p95_target_ms:
        yield Advice(
            "within the bound, but above the target: see which request has the most to gain",
            f"p95 {quantity.latency(p95)}, target {quantity.latency(thresholds.p95_target_ms)}",
        )
    if p50 and p99 and overall.count >= _LEAST_REQUESTS and p99 / p50 > LONG_TAIL and _is_uniform(result):
        yield Advice(
            "look for what only some requests wait for: locks, garbage collection, cold caches, a slow replica",
            f"p99 {quantity.latency(p99)} is {p99 / p50:.1f} times p50 {quantity.latency(p50)}",
        )
    if result.corrected is not None:
        yield from _hidden(overall, result.corrected)


def _is_uniform(result: LoadResult) -> bool:
    """Whether a long tail is one: several kinds of requests have one by their mix, so one of them must have it too."""
    if len(result.names) <= 1:
        return True
    return any(
        each.count >= _LEAST_REQUESTS and each.p50_ms and each.p99_ms and each.p99_ms / each.p50_ms > LONG_TAIL
        for _, each in result.names
    )


def _hidden(raw: Latency, corrected: Latency) -> Iterator[Advice]:
    if raw.p99_ms and corrected.p99_ms and corrected.p99_ms / raw.p99_ms > HIDDEN:
        yield Advice(
            "repeat it with --rate: users who waited asked less, so the raw percentiles hide stalls",
            f"p99 {quantity.latency(raw.p99_ms)} raw, {quantity.latency(corrected.p99_ms)} corrected for waiting users",
        )


def _names(result: LoadResult) -> Iterator[Advice]:
    """The request that stands out: by its latency, or by having most of the failures."""
    named = [(name, each) for name, each in result.names if each.p95_ms is not None]
    if len(named) < 2:
        return
    name, slowest = max(named, key=lambda item: item[1].p95_ms or 0.0)
    others = [each.p95_ms or 0.0 for other, each in named if other != name]
    rest = max(others)
    if rest > 0 and (slowest.p95_ms or 0.0) / rest > SLOW_NAME:
        yield Advice(
            f"look at {name} first: it alone makes the tail",
            f"p95 {quantity.latency(slowest.p95_ms)}, the next slowest request {quantity.latency(rest)}",
        )
    failed = sum(each.failed for _, each in named)
    worst_name, worst = max(named, key=lambda item: item[1].failed)
    if failed >= 5 and worst.failed / failed > 0.8:
        yield Advice(
            f"look at {worst_name}: most failures are there",
            f"{worst.failed} of {failed} failed requests, {quantity.percent(worst.failed / worst.count)} of its own",
        )


def _throughput(load: Load, result: LoadResult) -> Iterator[Advice]:
    rate = result.figures.request_rate
    is_full_size = load.users >= FULL_SIZE_USERS if load.rate is None else load.rate >= LEAST_RATE
    if rate is not None and rate < LEAST_RATE and is_full_size:
        yield Advice(
            "look at the target's capacity (instances, pool sizes), or at what the users wait for",
            f"{quantity.rate(rate)} requests, below {LEAST_RATE:g}/s with {load.users} users",
        )


def _generator(load: Load, result: LoadResult) -> Iterator[Advice]:
    figures = result.figures
    share = dropped_ratio(figures)
    if load.model is LoadModel.OPEN and share:
        yield Advice(
            "allow more users, so that the rate is kept while the target is slow",
            f"{figures.dropped} iterations dropped ({quantity.percent(share)}) with {load.users} users at most",
        )
    if figures.cpu_ratio is not None and figures.cpu_ratio > BUSY_CPU:
        yield Advice(
            "send from a larger host or with `--engine cloud`: a busy generator adds its own waiting to every latency",
            f"the load generator used {quantity.percent(figures.cpu_ratio)} of this host's cores",
        )


def _cache(hit_ratio: float | None) -> Iterator[Advice]:
    if hit_ratio is not None and hit_ratio < COLD_CACHE:
        yield Advice(
            "look at the cache rules and lifetimes: warm it before the next benchmark",
            f"cache hit ratio {quantity.percent(hit_ratio)}, below {quantity.percent(COLD_CACHE)}",
        )
