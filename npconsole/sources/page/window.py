"""What happened in the last seconds: the sum of the increments between the scrapes that the window spans."""

from collections import deque
from collections.abc import Iterable

from npconsole.sources.page.tally import Tally


class Window:
    """Keeps the fewest last tallies that together span `length_s` seconds."""

    def __init__(self, length_s: float) -> None:
        self._length_s = length_s
        self._tallies: deque[Tally] = deque()

    def add(self, tally: Tally) -> None:
        """Take in the next tally and drop those that are not needed any more."""
        self._tallies.append(tally)
        while len(self._tallies) > 1 and tally.end - self._tallies[1].start >= self._length_s:
            self._tallies.popleft()

    def clear(self) -> None:
        """Forget everything."""
        self._tallies.clear()

    def total(self) -> Tally | None:
        """The sum of all tallies kept; None when there is none."""
        return _sum(self._tallies)


def _sum(tallies: Iterable[Tally]) -> Tally | None:
    total: Tally | None = None
    for tally in tallies:
        if total is None:
            total = Tally(tally.start, tally.end)
        total.add(tally)
    return total
