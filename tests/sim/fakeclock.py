"""A clock that moves when it is told to, or when somebody sleeps on it."""

import asyncio


class FakeClock:
    """All its times run together."""

    def __init__(self, wall: float = 1_800_000_000.0) -> None:
        self.at_s = 0.0
        self._wall = wall

    def now_s(self) -> float:
        return self.at_s

    def wall(self) -> float:
        return self._wall + self.at_s

    def monotonic_s(self) -> float:
        return 5000.0 + self.at_s

    async def sleep(self, sim_s: float) -> None:
        self.at_s += sim_s
        await asyncio.sleep(0)
