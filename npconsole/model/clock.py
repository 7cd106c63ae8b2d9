"""Time as a parameter. Durations come from `now()`, which counts through a suspended host; `wall()` is for people."""

import time
from typing import Protocol


class Clock(Protocol):
    """The clock every judging function is given."""

    def now(self) -> float:
        """Seconds on a clock that never jumps and counts while the host sleeps. Its zero means nothing."""
        ...

    def wall(self) -> float:
        """Seconds since the epoch, UTC. For display and for timestamps that leave the process."""
        ...


class SystemClock:
    """The host's clocks."""

    def now(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def wall(self) -> float:
        return time.time()
