"""A histogram that is counted here and exposed by Prometheus' library: bounded memory, whatever is observed."""

import threading
from bisect import bisect_left
from dataclasses import dataclass

LATENESS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0)
"""Bounds of how late something begins; 0.2 s is the budget."""

DURATION_S = (0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Bounds of how long something takes."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A histogram at one instant. `counts` are per bucket, the last one above all bounds. Seconds throughout."""

    bounds: tuple[float, ...]
    counts: tuple[int, ...]
    total_s: float

    def cumulative(self) -> tuple[tuple[str, float], ...]:
        """(upper bound as text, how many are at most that), ending with `+Inf`."""
        found, running = [], 0
        for bound, count in zip((*self.bounds, float("inf")), self.counts, strict=True):
            running += count
            found.append(("+Inf" if bound == float("inf") else repr(bound), float(running)))
        return tuple(found)

    def quantile(self, q: float) -> float | None:
        """The upper bound of the bucket in which the share `q` (0 to 1) lies; None when nothing was counted."""
        total, running = sum(self.counts), 0
        for bound, count in zip((*self.bounds, float("inf")), self.counts, strict=True):
            running += count
            if total and running >= q * total:
                return bound
        return None


class Distribution:
    """Counts observations in seconds. Any thread may observe."""

    def __init__(self, bounds: tuple[float, ...] = LATENESS_S) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._total_s = 0.0
        self._lock = threading.Lock()

    def observe(self, seconds: float) -> None:
        """Count one; what is below zero counts as zero."""
        seconds = max(0.0, seconds)
        with self._lock:
            self._counts[bisect_left(self._bounds, seconds)] += 1
            self._total_s += seconds

    @property
    def counted(self) -> Counted:
        """All of it, at this instant."""
        with self._lock:
            return Counted(self._bounds, tuple(self._counts), self._total_s)
