"""How much is asked of a region: the background's rate, and the real requests that come over HTTP. Pure."""

import math

RATE_MEMORY_S = 2.0
SLOTS = 200


class Demand:
    """`begin` and `finish` account each real request; `step` passes real time."""

    def __init__(self, capacity_rps: float) -> None:
        self._capacity_rps = capacity_rps
        self._background_rps = 0.0
        self._real_rps = 0.0
        self._arrived = 0
        self.in_flight = 0

    def begin(self) -> None:
        """A real request has arrived."""
        self.in_flight += 1
        self._arrived += 1

    def finish(self) -> None:
        """A real request has ended, however it did."""
        self.in_flight -= 1

    def step(self, elapsed_s: float, background_rps: float) -> None:
        """Let the rate of real requests follow what arrived, over about 2 s."""
        self._background_rps = background_rps
        if elapsed_s <= 0:
            return
        keep = math.exp(-elapsed_s / RATE_MEMORY_S)
        self._real_rps = self._real_rps * keep + self._arrived / elapsed_s * (1 - keep)
        self._arrived = 0

    @property
    def utilisation(self) -> float:
        """Share of the capacity in use by both rates, and of 200 slots by what is in flight. May exceed 1."""
        return (self._background_rps + self._real_rps) / self._capacity_rps + self.in_flight / SLOTS
