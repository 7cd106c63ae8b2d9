"""Any number of latencies in bounded memory: an HDR histogram, with the exact extremes and mean beside it.

Recorded in steps of 100 ns, so that each latency from 10 µs to one hour is kept within 0.5 %.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from hdrh.histogram import HdrHistogram

from npconsole.model.load import Counts, Latency

STEPS_PER_MS = 10_000
LONGEST_MS = 3_600_000.0
FINE, COARSE = 3, 2
"""Significant digits: 100 kB for what percentiles are read from, 20 kB for what is kept of each stretch of time."""


class LatencyHistogram:
    """Latencies in ms. `outside` are those beyond an hour or below 0: percentiles take them as an hour, or as 0."""

    __slots__ = ("_histogram", "count", "max_ms", "min_ms", "outside", "sum_ms")

    def __init__(self, digits: int = FINE) -> None:
        self._histogram = HdrHistogram(1, int(LONGEST_MS * STEPS_PER_MS), digits, word_size=4)
        self.count = 0
        self.outside = 0
        self.sum_ms = 0.0
        self.min_ms = math.inf
        self.max_ms = -math.inf

    def record(self, ms: float, count: int = 1) -> None:
        """Add a latency that was seen `count` times."""
        if not 0.0 <= ms <= LONGEST_MS:
            self.outside += count
        self._histogram.record_value(round(min(max(ms, 0.0), LONGEST_MS) * STEPS_PER_MS), count)
        self.count += count
        self.sum_ms += ms * count
        self.min_ms = min(self.min_ms, ms)
        self.max_ms = max(self.max_ms, ms)

    def add(self, other: "LatencyHistogram") -> None:
        """Add all that another of the same digits has."""
        for ms, count in other._recorded():
            self._histogram.record_value(round(ms * STEPS_PER_MS), count)
        self.count += other.count
        self.outside += other.outside
        self.sum_ms += other.sum_ms
        self.min_ms = min(self.min_ms, other.min_ms)
        self.max_ms = max(self.max_ms, other.max_ms)

    def percentiles(self, ranks: Sequence[float]) -> tuple[float | None, ...]:
        """The percentiles 0 to 100, in ms, interpolated between neighbours as k6 does; None while there is nothing.

        k6 takes rank p/100 x (n - 1), and a share of the way to the next latency (metrics/sink.go, TrendSink.P).
        """
        if not self.count:
            return (None,) * len(ranks)
        sums = list(accumulate(self._histogram.counts))
        return tuple(self._percentile(sums, rank) for rank in ranks)

    def _percentile(self, sums: list[int], rank: float) -> float:
        place = min(max(rank, 0.0), 100.0) / 100.0 * (self.count - 1)
        below, share = int(place), place - int(place)
        low = self._nth(sums, below)
        return low if share == 0 else low + (self._nth(sums, below + 1) - low) * share

    def _nth(self, sums: list[int], number: int) -> float:
        """The latency with `number` shorter ones before it."""
        if number <= 0:
            return self.min_ms
        if number >= self.count - 1:
            return self.max_ms
        return min(max(self._middle(bisect_left(sums, number + 1)), self.min_ms), self.max_ms)

    def _middle(self, index: int) -> float:
        low = int(self._histogram.get_value_from_index(index))
        return (low + (int(self._histogram.get_highest_equivalent_value(low)) - low) / 2) / STEPS_PER_MS

    def _recorded(self) -> Iterator[tuple[float, int]]:
        for index, count in enumerate(self._histogram.counts):
            if count:
                yield self._middle(index), count

    def counts(self) -> Counts:
        """Each latency with how often it was seen, by latency."""
        return tuple(self._recorded())

    def corrected(self, interval_ms: float) -> "LatencyHistogram":
        """With what users would have seen who ask every `interval_ms`, whether or not they have had their answer.

        HDR's correction of coordinated omission: each latency above the interval adds latency - interval,
        latency - 2 x interval, ... for the requests that were held back by it.
        """
        corrected = LatencyHistogram()
        for seen_ms, count in self._recorded():
            ms = seen_ms
            corrected.record(ms, count)
            while ms > 2 * interval_ms > 0:
                ms -= interval_ms
                corrected.record(ms, count)
        corrected.min_ms, corrected.max_ms = self.min_ms, self.max_ms
        return corrected

    def latency(self, failed: int = 0) -> Latency:
        """All figures of it."""
        if not self.count:
            return Latency(0, failed)
        p50, p90, p95, p99 = self.percentiles((50, 90, 95, 99))
        return Latency(
            count=self.count,
            failed=failed,
            min_ms=self.min_ms,
            mean_ms=self.sum_ms / self.count,
            p50_ms=p50,
            p90_ms=p90,
            p95_ms=p95,
            p99_ms=p99,
            max_ms=self.max_ms,
        )
