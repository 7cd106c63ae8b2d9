"""The kept samples of one region: a ring of numbers, so that a thousand regions fit in a few megabytes."""

import math
from array import array
from collections.abc import Iterable, Sequence

from npconsole.model.vitals import Sample

_FIELDS = ("wall", "p50_ms", "p95_ms", "p99_ms", "request_rate", "error_ratio")
_WIDTH = len(_FIELDS)


class Trail:
    """At most `capacity` samples in the order of their time. A sample not later than the last one is dropped."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._cells = array("d")
        self._next = 0

    def __len__(self) -> int:
        return len(self._cells) // _WIDTH

    def append(self, sample: Sample) -> None:
        """Add the latest sample; the oldest makes room for it."""
        if len(self) and sample.wall <= self._at(len(self) - 1)[0]:
            return
        row = [math.nan if value is None else value for value in (getattr(sample, name) for name in _FIELDS)]
        if len(self) < self._capacity:
            self._cells.extend(row)
            return
        self._cells[self._next * _WIDTH : (self._next + 1) * _WIDTH] = array("d", row)
        self._next = (self._next + 1) % self._capacity

    def prepend(self, older: Iterable[Sample]) -> None:
        """Fill in history from before the first live sample."""
        live = self.between(-math.inf, math.inf)
        first = live[0].wall if live else math.inf
        kept = [*(sample for sample in older if sample.wall < first), *live][-self._capacity :]
        self._cells, self._next = array("d"), 0
        for sample in kept:
            self.append(sample)

    def between(self, start_wall: float, end_wall: float) -> Sequence[Sample]:
        """The samples within the two epoch seconds, oldest first."""
        found: list[Sample] = []
        for index in range(self._first_from(start_wall), len(self)):
            row = self._at(index)
            if row[0] > end_wall:
                break
            found.append(Sample(row[0], *(None if math.isnan(value) else value for value in row[1:])))
        return found

    def _first_from(self, wall: float) -> int:
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self._at(middle)[0] < wall else (low, middle)
        return low

    def _at(self, index: int) -> "array[float]":
        place = (self._next + index) % len(self) if len(self) == self._capacity else index
        return self._cells[place * _WIDTH : (place + 1) * _WIDTH]
