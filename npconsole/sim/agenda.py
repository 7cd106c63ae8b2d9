"""What is to happen at a later sim-time: vendors take effect with a delay. Pure: whoever looks at the world catches up
first, so that nothing can be seen late."""

import heapq
from collections.abc import Callable
from itertools import count

from npconsole.sim.clock import Clock

Action = Callable[[], None]


class Agenda:
    """Actions by time, and by order of entry where times are equal."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = count()
        self._due: list[tuple[float, int, Action]] = []

    def after(self, delay_s: float, action: Action) -> None:
        """Have something happen that many sim-seconds from now."""
        heapq.heappush(self._due, (self._clock.now_s() + delay_s, next(self._numbers), action))

    def catch_up(self) -> None:
        """Do what is due. What that adds for a later time waits for it."""
        while self._due and self._due[0][0] <= self._clock.now_s():
            heapq.heappop(self._due)[2]()
