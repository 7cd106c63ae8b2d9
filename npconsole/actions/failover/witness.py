"""A user at the edge: asks at a steady pace, waits for no answer before asking again, and notes who answered.

Sightings carry the instant at which they were asked, so that what they say of a shift is exact to one interval,
however long the answers take.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from npconsole.errors import NpconsoleError
from npconsole.model.clock import Clock
from npconsole.model.ports import HealthSource

MOST_SIGHTINGS = 100_000


@dataclass(frozen=True, slots=True)
class Sighting:
    """One answer of the edge. `at` is `Clock.now()` when it was asked; `region` is empty when none was named."""

    at: float
    region: str
    well: bool


class Witness:
    """Watches one edge. A probe that has not answered after `timeout_s` seconds has failed."""

    def __init__(self, probe: HealthSource, clock: Clock, *, interval_s: float, timeout_s: float) -> None:
        self._probe = probe
        self._clock = clock
        self._interval_s = interval_s
        self._timeout_s = timeout_s
        self._seen: list[Sighting] = []

    @property
    def interval_s(self) -> float:
        return self._interval_s

    def since(self, instant: float) -> Sequence[Sighting]:
        """What was asked at or after an instant and has been answered or given up, in the order it was asked."""
        return sorted((each for each in self._seen if each.at >= instant), key=lambda each: each.at)

    async def watch(self) -> NoReturn:
        """Ask until cancelled."""
        async with asyncio.TaskGroup() as group:
            due = self._clock.now()
            while True:
                group.create_task(self._ask(self._clock.now()))
                # After a suspended host there is no burst of what was missed.
                due = max(due + self._interval_s, self._clock.now())
                await asyncio.sleep(due - self._clock.now())

    async def _ask(self, at: float) -> None:
        try:
            async with asyncio.timeout(self._timeout_s):
                health = await self._probe.read()
        except (NpconsoleError, TimeoutError):
            self._note(Sighting(at, "", well=False))
        else:
            self._note(Sighting(at, health.answered_by, well=health.healthy))

    def _note(self, sighting: Sighting) -> None:
        if len(self._seen) < MOST_SIGHTINGS:
            self._seen.append(sighting)
