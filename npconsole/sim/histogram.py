"""A classic histogram. Cumulative counts never fall, along the bounds or over time, and the last equals the number
observed."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate


class Histogram:
    """Counts of observations at or below each bound, and their sum, in the unit of the bounds."""

    __slots__ = ("_counts", "bounds", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = tuple(bounds)
        self.total = 0.0
        self._counts = [0] * (len(self.bounds) + 1)

    def observe(self, value: float) -> None:
        """Count one observation; a value equal to a bound belongs to it."""
        self._counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        return sum(self._counts)

    def cumulative(self) -> tuple[int, ...]:
        """One count for each bound, and the count of all (`+Inf`) at the end."""
        return tuple(accumulate(self._counts))
