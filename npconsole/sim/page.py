"""A region's `/metrics` page in the Prometheus text format: three exporters' outputs, joined with blank lines."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from random import Random

from npconsole.sim.estate import Generation
from npconsole.sim.histogram import Histogram
from npconsole.sim.region import Region

Labels = Mapping[str, object]


def page(region: Region, wall: float) -> str:
    """The page of one region now. Families are those of its generation, and no series comes twice."""
    service = _v17(region) if region.plan.generation is Generation.V17 else _v20(region)
    exporters = ["\n".join(service), "\n".join(_process(region, wall)), _sidecar(region.plan.name)]
    if region.plan.has_replica:
        exporters.append("\n".join(_replica(region)))
    return "\n\n".join(exporters) + "\n"


def _v17(region: Region) -> Iterator[str]:
    tally = region.tally
    yield from _histogram("http_request_duration_ms", "Duration of HTTP requests in ms", _requests(region), unit_ms=1)
    yield from _requests_total(region)
    names = sorted({*tally.cache_hits, *tally.cache_misses})
    yield from _family("cache_hits_total", "counter", "Cache hits", (({"type": n}, tally.cache_hits[n]) for n in names))
    lookups = (({"type": n}, tally.cache_hits[n] + tally.cache_misses[n]) for n in names)
    yield from _family("cache_requests_total", "counter", "Cache look-ups", lookups)
    statements = (({"query_type": f"{op.lower()}_{table}"}, h) for (op, table), h in sorted(tally.statements.items()))
    yield from _histogram("db_query_duration_ms", "Duration of database queries in ms", statements, unit_ms=1)


def _v20(region: Region) -> Iterator[str]:
    tally = region.tally
    yield from _histogram(
        "http_request_duration_seconds", "HTTP request duration in seconds", _requests(region), unit_ms=1000
    )
    yield from _requests_total(region)
    busy = region.demand.in_flight + region.stuck
    yield from _family("http_requests_in_progress", "gauge", "Requests being served", [({}, busy)])
    hits = (({"cache_key_prefix": name}, number) for name, number in sorted(tally.cache_hits.items()))
    yield from _family("cache_hits_total", "counter", "Cache hits", hits)
    misses = (({"cache_key_prefix": name}, number) for name, number in sorted(tally.cache_misses.items()))
    yield from _family("cache_misses_total", "counter", "Cache misses", misses)
    statements = (({"operation": op, "table": table}, h) for (op, table), h in sorted(tally.statements.items()))
    yield from _histogram(
        "database_query_duration_seconds", "Database query duration in seconds", statements, unit_ms=1000
    )


def _process(region: Region, wall: float) -> Iterator[str]:
    """The client library's defaults."""
    age_s = max(0.0, wall - region.started_wall)
    cpu_s = region.tally.cpu_s + 0.01 * age_s
    figures: tuple[tuple[str, str, str, float], ...] = (
        ("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.", cpu_s),
        (
            "process_start_time_seconds",
            "gauge",
            "Start time of the process since unix epoch in seconds.",
            region.started_wall,
        ),
        ("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.", round(region.memory)),
        ("nodejs_eventloop_lag_seconds", "gauge", "Lag of event loop in seconds.", 0.002 * region.stretch),
        (
            "nodejs_active_handles_total",
            "gauge",
            "Total number of active handles.",
            12 + region.demand.in_flight + region.stuck,
        ),
    )
    for name, kind, text, value in figures:
        yield from _family(name, kind, text, [({}, value)])


@cache
def _sidecar(name: str) -> str:
    """Some hundred series that nobody here asks for, as on every real page. They never change."""
    rng = Random(name)
    lines: list[str] = []
    for collector in ("cpu", "disk", "filesystem", "netdev", "pool", "tcp"):
        series = [
            ({"device": f"{collector}{n}", "mode": mode}, round(rng.uniform(0, 1e6), 3))
            for n in range(8)
            for mode in "abcdef"
        ]
        lines += _family(f"node_{collector}_events_total", "counter", f"Events of {collector}", series)
    lines += _family("go_goroutines", "gauge", "Number of goroutines that currently exist.", [({}, 11)])
    return "\n".join(lines)


def _replica(region: Region) -> Iterator[str]:
    series = [({"region": region.plan.name}, round(region.lag_s, 3))]
    yield from _family("neon_replication_delay_seconds", "gauge", "Replication delay of the read replica", series)


def _requests(region: Region) -> Iterator[tuple[Labels, Histogram]]:
    for (method, route, status), histogram in sorted(region.tally.requests.items()):
        yield {"method": method, "route": route, "status_code": status}, histogram


def _requests_total(region: Region) -> Iterator[str]:
    series = ((labels, histogram.count) for labels, histogram in _requests(region))
    return _family("http_requests_total", "counter", "Total HTTP requests", series)


def _family(name: str, kind: str, text: str, series: Iterable[tuple[Labels, float]]) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"
    for labels, value in series:
        yield f"{name}{_braces(labels)} {value!r}"


def _histogram(name: str, text: str, series: Iterable[tuple[Labels, Histogram]], *, unit_ms: float) -> Iterator[str]:
    """Bounds and sums are kept in ms and written in the page's unit."""
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} histogram"
    for labels, histogram in series:
        bounds = [f"{bound / unit_ms:g}" for bound in histogram.bounds] + ["+Inf"]
        for bound, count in zip(bounds, histogram.cumulative(), strict=True):
            yield f"{name}_bucket{_braces({**labels, 'le': bound})} {count}"
        yield f"{name}_sum{_braces(labels)} {histogram.total / unit_ms!r}"
        yield f"{name}_count{_braces(labels)} {histogram.count}"


def _braces(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}" if labels else ""
