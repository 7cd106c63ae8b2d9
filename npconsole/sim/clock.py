"""The simulator's times. `now_s` is sim-time: seconds since the start, hastened by the speed factor; `wall` and
`monotonic_s` are real.

The speed hastens what takes minutes (day, scenario, restarts, memory, lag, the edge's monitor). Requests stay in real
time, because a client measures latencies and rates with a real clock.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

SHORTEST_SLEEP_S = 0.02


class Clock(Protocol):
    """What everything in the simulator reads time from."""

    def now_s(self) -> float:
        """Sim-time in seconds since the start."""
        ...

    def wall(self) -> float:
        """Epoch seconds, never hastened."""
        ...

    def monotonic_s(self) -> float:
        """Real seconds on the host's monotonic clock, which other processes on this host can read too."""
        ...

    async def sleep(self, sim_s: float) -> None:
        """Wait that many seconds of sim-time."""
        ...


class SimClock:
    """The host's clocks, hastened by `speed` (60: a minute a second)."""

    def __init__(
        self,
        speed: float,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.speed = speed
        self._monotonic = monotonic
        self._wall = wall
        self._start = monotonic()

    def now_s(self) -> float:
        return (self._monotonic() - self._start) * self.speed

    def wall(self) -> float:
        return self._wall()

    def monotonic_s(self) -> float:
        return self._monotonic()

    async def sleep(self, sim_s: float) -> None:
        await asyncio.sleep(max(sim_s / self.speed, SHORTEST_SLEEP_S))
