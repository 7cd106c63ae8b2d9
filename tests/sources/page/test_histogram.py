import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.sources.page.histogram import quantile

INF = math.inf


def reference(q: float, buckets: dict[float, float]) -> float | None:
    """The definition, by brute force: walk up the repaired counts to the bucket that holds the rank."""
    bounds = sorted(buckets)
    if len(bounds) < 2 or bounds[-1] != INF or max(buckets.values()) <= 0:
        return None
    counts = [max(buckets[bound] for bound in bounds if bound <= edge) for edge in bounds]
    rank = q * counts[-1]
    below, lower = 0.0, 0.0
    for edge, count in zip(bounds, counts, strict=True):
        if count >= rank and edge != INF:
            if below == 0 and edge == bounds[0] and edge <= 0:
                return edge
            return lower + (edge - lower) * (rank - below) / (count - below)
        below, lower = count, edge
    return bounds[-2]


FINITE = st.integers(1, 5000).map(float)
BUCKETS = st.dictionaries(FINITE, st.integers(0, 10**6).map(float), min_size=1, max_size=12)


@given(BUCKETS, st.integers(0, 10**6).map(float), st.floats(0.01, 0.99))
def test_it_is_the_definition(finite: dict[float, float], total: float, q: float) -> None:
    buckets = {**finite, INF: total}
    expected = reference(q, buckets)
    found = quantile(q, buckets)
    assert (found is None) == (expected is None)
    assert expected is None or found == pytest.approx(expected, rel=1e-9)


@given(BUCKETS, st.integers(1, 10**6).map(float))
def test_percentiles_are_ordered_and_within_the_bounds(finite: dict[float, float], total: float) -> None:
    buckets = {**finite, INF: total}
    p50, p95, p99 = (quantile(q, buckets) for q in (0.5, 0.95, 0.99))
    assert p50 is not None
    assert p95 is not None
    assert p99 is not None
    assert 0 <= p50 <= p95 <= p99 <= max(finite)


@pytest.mark.parametrize(
    ("q", "buckets", "expected"),
    [
        pytest.param(0.5, {10: 4, 20: 8, INF: 8}, 10.0, id="on a bound"),
        pytest.param(0.5, {10: 8, 20: 8, INF: 8}, 5.0, id="first bucket from zero"),
        pytest.param(0.99, {10: 1, 20: 2, INF: 100}, 20.0, id="in +Inf: the highest finite bound"),
        pytest.param(0.5, {-5: 4, 10: 8, INF: 8}, -5.0, id="first bound not above zero"),
        pytest.param(0.9, {10: 5, 20: 3, INF: 10}, 20.0, id="counts that fall are repaired"),
        pytest.param(0.5, {10: 0, 20: 0, INF: 0}, None, id="no observations"),
        pytest.param(0.5, {10: 1, 20: 2}, None, id="no +Inf"),
        pytest.param(0.5, {INF: 5}, None, id="no finite bound"),
        pytest.param(0.5, {}, None, id="nothing"),
        pytest.param(0.5, {10: 1.0, 20: 1.0 + 1e-13, INF: 2}, 10.0, id="a rounding error is no observation"),
    ],
)
def test_the_corner_cases_of_promql(q: float, buckets: dict[float, float], expected: float | None) -> None:
    assert quantile(q, buckets) == expected
