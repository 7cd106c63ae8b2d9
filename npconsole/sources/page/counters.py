"""Increments of counters between two scrapes. Never negative, whatever resets, disappears or comes back."""

from collections.abc import Mapping

MOST_SERIES = 100_000


class Counters:
    """Remembers the last value of every series, also of one that is missing from a page and comes back later."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def begin(self, values: Mapping[str, float]) -> None:
        """Take these values as the ones to count from."""
        self._last = dict(values)

    @property
    def values(self) -> Mapping[str, float]:
        """The last value of every series."""
        return self._last

    def advance(self, values: Mapping[str, float], *, restarted: bool) -> dict[str, float]:
        """How much each series grew since the values before.

        A value that fell was reset and contributes all of itself, as in PromQL; so does a series that was not there
        before, since a client library creates it at its first event, and every series after a restart of the process.
        """
        last = {} if restarted else self._last
        increments = {series: _growth(last.get(series, 0.0), value) for series, value in values.items()}
        kept = {**last, **values}
        self._last = kept if len(kept) <= MOST_SERIES else dict(values)
        return increments


def _growth(before: float, value: float) -> float:
    return max(0.0, value - before if value >= before else value)
