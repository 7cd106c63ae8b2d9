"""The families about what is watched. A figure that is not measured is left out: absent is not zero."""

from collections.abc import Callable, Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from npconsole.model.snapshot import EdgeState, RegionState, Snapshot

_LEVELS = "0 muted, 1 ok, 2 unknown, 3 degraded, 4 down"
_MS = 1000.0


def estate_families(snapshot: Snapshot) -> Iterator[Metric]:
    """Levels, probes and figures of every region and edge."""
    if snapshot.online is not None:
        yield GaugeMetricFamily("npconsole_online", "Whether this host is connected.", value=float(snapshot.online))
    yield GaugeMetricFamily(
        "npconsole_estate_level", f"How the estate is: {_LEVELS}.", value=snapshot.overall.level.severity
    )
    targets = [(state.region.id, state) for state in snapshot.regions]
    targets += [(state.edge.id, state) for state in snapshot.edges]  # type: ignore[misc]  # both have what is read
    for name, text, of in _TARGET:
        yield _family(name, text, "target", [(target, of(state, snapshot)) for target, state in targets])
    for name, text, figure in _REGION:
        yield _family(name, text, "region", [(state.region.id, figure(state)) for state in snapshot.regions])


def _family(name: str, text: str, label: str, samples: list[tuple[str, float | None]]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=(label,))
    for value, figure in samples:
        if figure is not None:
            family.add_metric((value,), figure)
    return family


State = RegionState | EdgeState


def _level(state: State, _: Snapshot) -> float:
    return float(state.judgement.level.severity)


def _success(state: State, _: Snapshot) -> float | None:
    health = state.health.value
    return None if health is None else float(health.healthy)


def _duration(state: State, _: Snapshot) -> float | None:
    health = state.health.value
    total_ms = None if health is None else health.timings.total_ms
    return None if total_ms is None else total_ms / _MS


def _age(state: State, snapshot: Snapshot) -> float | None:
    return state.health.age_s(snapshot.now)


_TARGET: tuple[tuple[str, str, Callable[[State, Snapshot], float | None]], ...] = (
    ("npconsole_target_level", f"How a region or edge is: {_LEVELS}.", _level),
    ("npconsole_probe_success", "Whether the last health check was answered well.", _success),
    ("npconsole_probe_duration_seconds", "How long the last health check took.", _duration),
    ("npconsole_probe_age_seconds", "How old the last health check is.", _age),
)


def _seconds(name: str) -> Callable[[RegionState], float | None]:
    figure = _vital(name)

    def read(state: RegionState) -> float | None:
        value = figure(state)
        return None if value is None else value / _MS

    return read


def _vital(name: str) -> Callable[[RegionState], float | None]:
    def read(state: RegionState) -> float | None:
        value: float | None = None if state.vitals.value is None else getattr(state.vitals.value, name)
        return value

    return read


def _lag(state: RegionState) -> float | None:
    return None if state.lag is None or state.lag.value is None else state.lag.value.seconds


_REGION: tuple[tuple[str, str, Callable[[RegionState], float | None]], ...] = (
    ("npconsole_region_latency_p50_seconds", "Median latency of a region.", _seconds("p50_ms")),
    ("npconsole_region_latency_p95_seconds", "95th percentile of a region's latency.", _seconds("p95_ms")),
    ("npconsole_region_latency_p99_seconds", "99th percentile of a region's latency.", _seconds("p99_ms")),
    ("npconsole_region_requests_per_second", "Requests to a region.", _vital("request_rate")),
    ("npconsole_region_error_ratio", "Share of 5xx among a region's answers.", _vital("error_ratio")),
    (
        "npconsole_region_cache_hit_ratio",
        "Share of look-ups that a region's cache answered.",
        _vital("cache_hit_ratio"),
    ),
    ("npconsole_region_memory_bytes", "Resident memory of a region's process.", _vital("memory_bytes")),
    ("npconsole_region_replication_lag_seconds", "How far the replica beside a region is behind.", _lag),
)
