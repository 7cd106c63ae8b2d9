import math

from hypothesis import given
from hypothesis import strategies as st

from npconsole.sim.estate import Generation
from npconsole.sim.histogram import Histogram
from npconsole.sim.tally import BOUNDS_MS

OBSERVED = st.lists(st.floats(0, 1e5))


@given(OBSERVED, st.sampled_from(list(Generation)))
def test_counts_are_cumulative_and_agree_with_what_was_observed(values: list[float], generation: Generation) -> None:
    histogram = Histogram(BOUNDS_MS[generation])
    for value in values:
        histogram.observe(value)
    counts = histogram.cumulative()
    assert list(counts) == sorted(counts)
    assert counts[-1] == histogram.count == len(values)
    assert counts[:-1] == tuple(sum(value <= bound for value in values) for bound in histogram.bounds)
    assert math.isclose(histogram.total, math.fsum(values), rel_tol=1e-9, abs_tol=1e-6)


@given(OBSERVED, OBSERVED)
def test_no_count_ever_falls(first: list[float], second: list[float]) -> None:
    histogram = Histogram((10, 100))
    for value in first:
        histogram.observe(value)
    before = histogram.cumulative()
    for value in second:
        histogram.observe(value)
    assert all(new >= old for new, old in zip(histogram.cumulative(), before, strict=True))
