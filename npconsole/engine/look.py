"""One look at the estate, for commands that end: every source once, at the same time, judged without hysteresis."""

import asyncio
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from npconsole.engine.engine import patiences
from npconsole.engine.poller import Poller
from npconsole.engine.state import EstateState
from npconsole.engine.watch import Watch, Watches
from npconsole.model.clock import Clock
from npconsole.model.estate import Estate
from npconsole.model.issue import IssueList
from npconsole.model.reading import Reading
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Judging, Thresholds
from npconsole.model.vitals import Health, Lag, Vitals

T = TypeVar("T")


async def look(
    estate: Estate, watches: Watches, *, thresholds: Thresholds, judging: Judging, clock: Clock, sample_s: float
) -> Snapshot:
    """The estate now. Percentiles that need two readings are read again after `sample_s` seconds.

    A single look has no run of answers to wait for: one answer decides a level. The rule that a failure of our own
    side counts only when something else answered stays. Closes the watches.
    """
    judging = replace(judging, fall=1, rise=1)
    state = EstateState(
        estate,
        thresholds=thresholds,
        judging=judging,
        patiences=patiences(watches, judging),
        started=clock.now(),
        with_issues=watches.issues is not None,
    )
    try:
        await _Looker(state, clock, sample_s).at(watches)
    finally:
        await watches.close()
    return state.snapshot(clock.now(), clock.wall())


@dataclass(frozen=True, slots=True)
class _Looker:
    state: EstateState
    clock: Clock
    sample_s: float

    async def at(self, watches: Watches) -> None:
        async with asyncio.TaskGroup() as group:
            for edge_id, watch in watches.edges.items():
                group.create_task(self._health(edge_id, watch))
            for region_id, region in watches.regions.items():
                group.create_task(self._health(region_id, region.health))
                group.create_task(self._vitals(region_id, region.vitals))
                if region.lag is not None:
                    group.create_task(self._lag(region_id, region.lag))
            if watches.issues is not None:
                group.create_task(self._issues(watches.issues))
            if watches.connectivity is not None:
                group.create_task(self._connectivity(watches.connectivity))

    async def _health(self, target_id: str, watch: Watch[Health]) -> None:
        began = self.clock.now()
        self.state.heard_health(target_id, await self._read(watch), began)

    async def _vitals(self, region_id: str, watch: Watch[Vitals]) -> None:
        reading = await self._read(watch)
        if reading.value is not None and reading.value.requests is None:
            await asyncio.sleep(self.sample_s)
            reading = await self._read(watch)
        self.state.heard_vitals(region_id, reading, self.clock.wall())

    async def _lag(self, region_id: str, watch: Watch[Lag]) -> None:
        self.state.heard_lag(region_id, await self._read(watch))

    async def _issues(self, watch: Watch[IssueList]) -> None:
        self.state.heard_issues(await self._read(watch))

    async def _connectivity(self, watch: Watch[bool]) -> None:
        self.state.heard_connectivity(await self._read(watch))

    async def _read(self, watch: Watch[T]) -> Reading[T]:
        # One look has no pauses, so there is nothing to jitter.
        poller = Poller("look", watch, lambda *_: None, clock=self.clock, rng=Random(0))  # noqa: S311
        await poller.read(self.clock.now())
        return poller.reading
