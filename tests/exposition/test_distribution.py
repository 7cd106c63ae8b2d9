"""Counting: nothing is lost, buckets are cumulative, the quantile is the bucket's upper bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.exposition.distribution import LATENESS_S, Distribution


@given(st.lists(st.floats(-1, 100, allow_nan=False)))
def test_nothing_is_lost(observed: list[float]) -> None:
    distribution = Distribution()
    for seconds in observed:
        distribution.observe(seconds)
    counted = distribution.counted
    cumulative = [count for _, count in counted.cumulative()]
    assert sum(counted.counts) == len(observed) == cumulative[-1]
    assert cumulative == sorted(cumulative)
    assert counted.total_s == pytest.approx(sum(max(0.0, each) for each in observed))
    for bound, count in zip(LATENESS_S, cumulative, strict=False):
        assert count == sum(max(0.0, each) <= bound for each in observed)


@pytest.mark.parametrize(
    ("observed", "q", "found"),
    [
        ([], 0.99, None),
        ([0.0], 0.99, 0.001),
        ([0.001] * 99 + [0.3], 0.99, 0.001),
        ([0.001] * 90 + [0.3] * 10, 0.99, 0.5),
    ],
)
def test_quantile(observed: list[float], q: float, found: float | None) -> None:
    distribution = Distribution()
    for seconds in observed:
        distribution.observe(seconds)
    assert distribution.counted.quantile(q) == found
