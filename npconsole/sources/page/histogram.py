"""Percentiles of classic histograms, by exactly the interpolation of PromQL's `histogram_quantile`.

Formula: `BucketQuantile` and `ensureMonotonicAndIgnoreSmallDeltas` in promql/quantile.go of Prometheus 3.
"""

import math
from collections.abc import Mapping
from itertools import pairwise

SMALL_DELTA = 1e-12
"""Relative difference of neighbouring counts that is taken for a rounding error, as PromQL does."""


def quantile(q: float, buckets: Mapping[float, float]) -> float | None:
    """The q-quantile (0 < q < 1) of cumulative counts by upper bound, in the bounds' unit.

    Assumes an even spread inside a bucket and 0 as the lowest bound. In the +Inf bucket it is the highest finite bound.
    None without a +Inf bucket, without a finite one, or without observations.
    """
    bounds = sorted(buckets)
    if len(bounds) < 2 or bounds[-1] != math.inf:
        return None
    counts = _monotonic([buckets[bound] for bound in bounds])
    observations = counts[-1]
    if not observations > 0:
        return None
    rank = q * observations
    index = next((i for i, count in enumerate(counts[:-1]) if count >= rank), len(counts) - 1)
    if index == len(counts) - 1:
        return bounds[-2]
    if index == 0:
        return bounds[0] if bounds[0] <= 0 else bounds[0] * (rank / counts[0])
    start, below = bounds[index - 1], counts[index - 1]
    return start + (bounds[index] - start) * ((rank - below) / (counts[index] - below))


def _monotonic(counts: list[float]) -> list[float]:
    """Counts that never fall: a count below the one before it, or just above by a rounding error, becomes that one."""
    repaired = counts[:1]
    for _, count in pairwise(counts):
        previous = repaired[-1]
        is_same = count < previous or math.isclose(count, previous, rel_tol=SMALL_DELTA, abs_tol=0.0)
        repaired.append(previous if is_same else count)
    return repaired
