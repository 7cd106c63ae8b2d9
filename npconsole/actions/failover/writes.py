"""What a failover loses: numbers are written through the edge and read back, each before the next is written."""

import asyncio
from dataclasses import dataclass, field
from typing import NoReturn

from npconsole.errors import NpconsoleError
from npconsole.model.clock import Clock
from npconsole.model.ports import WriteProbe

START = 1


@dataclass(slots=True)
class Losses:
    """What was acknowledged, and the longest span of it that could not be read back. Seconds.

    `rpo_s` is None until something acknowledged was read back, or found missing.
    """

    acknowledged: dict[int, float] = field(default_factory=dict)
    rpo_s: float | None = None

    def heard(self, number: int, now: float) -> None:
        """A write was acknowledged."""
        self.acknowledged[number] = now

    def found(self, number: int | None) -> None:
        """This number was read back after the last write."""
        if not self.acknowledged:
            return
        latest = max(self.acknowledged)
        kept = [at for each, at in self.acknowledged.items() if number is not None and each <= number]
        lost_s = 0.0 if number is not None and number >= latest else self._span_s(max(kept, default=None), latest)
        self.rpo_s = max(self.rpo_s or 0.0, lost_s)

    def _span_s(self, kept_at: float | None, latest: int) -> float:
        """From the newest write that was kept, or the first of all, to the newest that was acknowledged."""
        start = min(self.acknowledged.values()) if kept_at is None else kept_at
        return self.acknowledged[latest] - start


class Writer:
    """Writes and reads back, one at a time. `first` is larger than any number written before."""

    def __init__(
        self, probe: WriteProbe, clock: Clock, *, interval_s: float, timeout_s: float, first: int = START
    ) -> None:
        self._probe = probe
        self._clock = clock
        self._interval_s = interval_s
        self._timeout_s = timeout_s
        self._next = first
        self.losses = Losses()

    async def watch(self) -> NoReturn:
        """Go on until cancelled. What fails says nothing of what was kept."""
        while True:
            await self._once()
            await asyncio.sleep(self._interval_s)

    async def _once(self) -> None:
        try:
            async with asyncio.timeout(self._timeout_s):
                self.losses.found(await self._probe.read())
            number, self._next = self._next, self._next + 1
            async with asyncio.timeout(self._timeout_s):
                await self._probe.write(number)
        except (NpconsoleError, TimeoutError):
            return
        self.losses.heard(number, self._clock.now())
