"""A load in stretches of equal length, however long it lasts: when they become too many, each two become one."""

import math

from npconsole.controls.k6.histogram import COARSE, LatencyHistogram
from npconsole.model.load import Block

MOST_BLOCKS = 120
FIRST_LENGTH_S = 1.0
SHORTEST_MS = 0.001
"""What a latency is taken as at least, where its logarithm is asked for."""


class _Stretch:
    """What happened in one stretch of time. `names` are, by request name, how many succeeded and the sum of their
    logarithms.
    """

    __slots__ = ("failed", "histogram", "names")

    def __init__(self) -> None:
        self.histogram = LatencyHistogram(COARSE)
        self.failed = 0
        self.names: dict[str, tuple[int, float]] = {}

    def name(self, name: str, successes: int, logarithms: float) -> None:
        """Add successes of a request name."""
        seen, total = self.names.get(name, (0, 0.0))
        self.names[name] = (seen + successes, total + logarithms)


class Timeline:
    """Requests by their time since the first one. Those before it, which other users sent, belong to its stretch."""

    def __init__(self) -> None:
        self._length_s = FIRST_LENGTH_S
        self._stretches: dict[int, _Stretch] = {}

    def record(self, at_s: float, ms: float, name: str, *, succeeded: bool = True) -> None:
        """A request that ended `at_s` seconds after the first."""
        stretch = self._stretch(at_s)
        stretch.histogram.record(ms)
        if succeeded:
            stretch.name(name, 1, math.log(max(ms, SHORTEST_MS)))

    def record_failure(self, at_s: float) -> None:
        """That such a request failed."""
        self._stretch(at_s).failed += 1

    def _stretch(self, at_s: float) -> _Stretch:
        number = max(0, int(at_s / self._length_s))
        while number >= MOST_BLOCKS:
            self._halve()
            number = max(0, int(at_s / self._length_s))
        stretch = self._stretches.get(number)
        if stretch is None:
            stretch = self._stretches[number] = _Stretch()
        return stretch

    def _halve(self) -> None:
        before, self._stretches = self._stretches, {}
        self._length_s *= 2
        for number, stretch in before.items():
            joined = self._stretches.setdefault(number // 2, stretch)
            if joined is not stretch:
                joined.histogram.add(stretch.histogram)
                joined.failed += stretch.failed
                for name, (seen, logarithms) in stretch.names.items():
                    joined.name(name, seen, logarithms)

    def blocks(self, last_s: float) -> tuple[Block, ...]:
        """All of it, also the stretches in which nothing ended. `last_s` is when the last request ended."""
        if not self._stretches:
            return ()
        return tuple(self._block(number, last_s) for number in range(max(self._stretches) + 1))

    def _block(self, number: int, last_s: float) -> Block:
        start_s = number * self._length_s
        length_s = min(self._length_s, last_s - start_s) if last_s > start_s else self._length_s
        stretch = self._stretches.get(number)
        if stretch is None:
            return Block(start_s, length_s, 0, 0, ())
        histogram = stretch.histogram
        names = tuple((name, number, total / number) for name, (number, total) in sorted(stretch.names.items()))
        return Block(
            start_s, length_s, histogram.count, min(stretch.failed, histogram.count), histogram.counts(), names
        )
