import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npconsole.controls.k6.histogram import COARSE, LatencyHistogram
from npconsole.model.load import Latency

latencies = st.lists(st.floats(min_value=0.01, max_value=60_000), min_size=1, max_size=200)


def exact(values: list[float], rank: float) -> float:
    """k6's percentile of all values."""
    ordered = sorted(values)
    place = rank / 100 * (len(ordered) - 1)
    low = ordered[int(place)]
    high = ordered[min(int(place) + 1, len(ordered) - 1)]
    return low + (high - low) * (place - int(place))


def filled(values: list[float], digits: int = 3) -> LatencyHistogram:
    histogram = LatencyHistogram(digits)
    for value in values:
        histogram.record(value)
    return histogram


@settings(max_examples=60, deadline=None)
@given(latencies, st.floats(min_value=0, max_value=100))
def test_percentiles_are_those_of_k6_within_one_per_cent(values: list[float], rank: float) -> None:
    found = filled(values).percentiles((rank,))[0]
    assert found == pytest.approx(exact(values, rank), rel=0.01)


@settings(max_examples=30, deadline=None)
@given(latencies)
def test_each_count_stands_for_latencies_within_half_a_per_cent(values: list[float]) -> None:
    counts = filled(values, COARSE).counts()
    assert sum(count for _, count in counts) == len(values)
    assert list(counts) == sorted(counts)
    for value in values:
        assert min(abs(ms - value) / value for ms, _ in counts) <= 0.0055


@settings(max_examples=20, deadline=None)
@given(latencies, latencies)
def test_two_together_are_as_one(first: list[float], second: list[float]) -> None:
    joined = filled(first)
    joined.add(filled(second))
    whole = filled([*first, *second])
    assert joined.counts() == whole.counts()
    assert joined.percentiles((95,)) == whole.percentiles((95,))
    assert (joined.count, joined.min_ms, joined.max_ms) == (whole.count, whole.min_ms, whole.max_ms)


def test_extremes_and_mean_are_exact() -> None:
    values = [0.123456, 7.7, 1234.5678]
    latency = filled(values).latency(failed=1)
    assert (latency.min_ms, latency.max_ms) == (0.123456, 1234.5678)
    assert latency.mean_ms == pytest.approx(statistics.fmean(values))
    assert (latency.count, latency.failed) == (3, 1)


def test_nothing_has_no_percentiles() -> None:
    assert LatencyHistogram().percentiles((50, 99)) == (None, None)
    assert LatencyHistogram().latency() == Latency(0)
    assert LatencyHistogram().counts() == ()


def test_what_cannot_be_a_latency_is_counted_as_outside() -> None:
    histogram = filled([-5.0, 1e9, 10.0])
    assert (histogram.count, histogram.outside, histogram.min_ms, histogram.max_ms) == (3, 2, -5.0, 1e9)


def test_a_stall_is_put_back_into_the_corrected_figures() -> None:
    """99 quick requests of a user who asks every 100 ms, and one that takes ten seconds: 99 were held back by it."""
    histogram = filled([10.0] * 99 + [10_000.0])
    corrected = histogram.corrected(100.0)
    assert histogram.percentiles((95,))[0] == pytest.approx(10, rel=0.01)
    assert corrected.count == pytest.approx(100 + 99, abs=1)
    assert (corrected.min_ms, corrected.max_ms) == (10.0, 10_000.0)
    assert corrected.percentiles((95,))[0] == pytest.approx(9_010, rel=0.02)
    assert corrected.percentiles((50,))[0] == pytest.approx(100, rel=0.1)


def test_a_target_that_never_stalls_is_not_corrected() -> None:
    histogram = filled([10.0, 20.0, 90.0])
    assert histogram.corrected(100.0).counts() == histogram.counts()
