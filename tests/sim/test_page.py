import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from npconsole.sim.page import page
from tests.sim.test_world import play, world

Samples = dict[str, list[tuple[dict[str, str], float]]]

DEFAULTS = {
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
    "nodejs_eventloop_lag_seconds",
    "nodejs_active_handles_total",
}
V17 = {
    "http_request_duration_ms_bucket": {"method", "route", "status_code", "le"},
    "http_requests_total": {"method", "route", "status_code"},
    "cache_hits_total": {"type"},
    "cache_requests_total": {"type"},
    "db_query_duration_ms_bucket": {"query_type", "le"},
}
V20 = {
    "http_request_duration_seconds_bucket": {"method", "route", "status_code", "le"},
    "http_requests_total": {"method", "route", "status_code"},
    "http_requests_in_progress": set(),
    "cache_hits_total": {"cache_key_prefix"},
    "cache_misses_total": {"cache_key_prefix"},
    "database_query_duration_seconds_bucket": {"operation", "table", "le"},
}


def parsed(text: str) -> Samples:
    samples: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            samples.setdefault(sample.name, []).append((sample.labels, sample.value))
    return samples


def text_of(name: str, seconds: float = 20) -> str:
    it = play(world(), seconds)
    return page(it.regions[name], it.clock.wall())


@pytest.mark.parametrize(("name", "families"), [("us-east", V17), ("us-west", V17), ("eu-west", V20)])
def test_each_generation_has_its_names_and_labels(name: str, families: dict[str, set[str]]) -> None:
    samples = parsed(text_of(name))
    assert samples.keys() >= DEFAULTS
    for family, labels in families.items():
        assert {frozenset(found) for found, _ in samples[family]} == {frozenset(labels)}


@pytest.mark.parametrize(
    ("name", "family", "bounds"),
    [
        ("us-east", "http_request_duration_ms_bucket", "10 50 100 200 400 800 1600 +Inf"),
        ("eu-west", "http_request_duration_seconds_bucket", "0.001 0.005 0.01 0.05 0.1 0.5 1 5 +Inf"),
    ],
)
def test_buckets_are_those_of_the_generation(name: str, family: str, bounds: str) -> None:
    found = [labels["le"] for labels, _ in parsed(text_of(name))[family]]
    assert found[: len(bounds.split())] == bounds.split()
    assert set(found) == set(bounds.split())


@pytest.mark.parametrize("name", ["us-east", "eu-west"])
def test_no_series_comes_twice_and_hundreds_are_unrelated(name: str) -> None:
    text = text_of(name)
    series = [line.rpartition(" ")[0] for line in text.splitlines() if line and not line.startswith("#")]
    assert len(series) == len(set(series))
    assert sum(one.startswith("node_") for one in series) > 200
    assert "\n\n" in text


def test_the_sum_is_in_the_unit_of_the_page() -> None:
    samples = parsed(text_of("eu-west"))
    total = math.fsum(value for _, value in samples["http_request_duration_seconds_sum"])
    count = math.fsum(value for _, value in samples["http_request_duration_seconds_count"])
    assert 0.005 < total / count < 0.5


def test_only_the_region_with_a_replica_tells_its_lag() -> None:
    ((labels, value),) = parsed(text_of("eu-west"))["neon_replication_delay_seconds"]
    assert labels == {"region": "eu-west"}
    assert 0 < value < 1
    assert "neon_" not in text_of("us-east")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([1.0, 4.0, 9.0]))
def test_counters_never_fall_and_buckets_agree_with_counts(seed: int, seconds: float) -> None:
    made = world(seed=seed)
    earlier = parsed(page(play(made, 2).regions["us-east"], made[1].wall()))
    later = parsed(page(play(made, seconds).regions["us-east"], made[1].wall()))
    for name, series in earlier.items():
        if name.endswith(("_total", "_bucket", "_count", "_sum")) and not name.startswith("nodejs"):
            now = {tuple(sorted(labels.items())): value for labels, value in later[name]}
            assert all(now[tuple(sorted(labels.items()))] >= value for labels, value in series)
    infinite = [value for labels, value in later["http_request_duration_ms_bucket"] if labels["le"] == "+Inf"]
    assert infinite == [value for _, value in later["http_request_duration_ms_count"]]
