"""Beside a load: its figures and those of the regions for whoever watches, and an end to it when somebody suffers.

Regions that were well when the load began must stay healthy, and nothing else may fall ill meanwhile. What was ill
before is measured as it is.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict

from npconsole.actions.benchmark.estimate import loaded_regions
from npconsole.actions.benchmark.hopeless import hopeless
from npconsole.actions.benchmark.words import figures_words
from npconsole.actions.beside import beside
from npconsole.actions.conduct import Conduct
from npconsole.actions.guards.estate import incidents, worst
from npconsole.errors import NpconsoleError
from npconsole.model import quantity
from npconsole.model.level import Level
from npconsole.model.load import Load, LoadRun
from npconsole.model.snapshot import RegionState, Snapshot

POLL_S = 0.25
LOOK_S = 1.0
SHORTEST_TICK_S, LONGEST_TICK_S = 1.0, 5.0
MOST_TICKS = 300
STRIKES = 3
"""Looks in a row that must be bad before the load is stopped: one slow second is what a benchmark is for."""


class SufferingError(NpconsoleError):
    """The load does harm, or an incident has begun while it lasts: it is stopped."""


class Watch:
    """Attends one load. `before` is the estate right before it, None when it could not be looked at; `seen` the latest
    look at it.
    """

    def __init__(self, conduct: Conduct, load: Load, running: LoadRun, before: Snapshot | None) -> None:
        self._conduct = conduct
        self._load = load
        self._running = running
        self._loaded = loaded_regions(load.target, conduct.world)
        self._ill_before = frozenset(incidents(before)) if before is not None else frozenset()
        self._well_before = well_regions(before, self._loaded)
        self.seen = before
        self._strikes = 0
        self._trouble = ""

    async def attend(self) -> str:
        """Until the load is over; why it was given up before, empty when it was not.

        Raises SufferingError, and StoppedError when nobody wants it any more; the load goes on until it is stopped.
        """
        return await beside(self._figures(), self._regions())

    async def _figures(self) -> str:
        tick_s = min(max(self._load.duration_s / MOST_TICKS, SHORTEST_TICK_S), LONGEST_TICK_S)
        said_at, clock = float("-inf"), self._conduct.clock
        while not self._running.is_over:
            if clock.now() - said_at >= tick_s:
                said_at = clock.now()
                self._say()
            if self._trouble:
                raise SufferingError(f"the load was stopped: {self._trouble}")
            if self._conduct.world.benchmarking.stops_when_hopeless and (why := self._hopeless()):
                return why
            await self._conduct.pause(POLL_S)
        self._say()
        return ""

    def _say(self) -> None:
        figures = self._running.figures
        regions = region_figures(self.seen, self._loaded)
        beside_it = ", ".join(f"{each} p95 {quantity.latency(data['p95_ms'])}" for each, data in regions.items())
        self._conduct.say(
            figures_words(figures) + (f"; {beside_it}" if beside_it else ""), {**asdict(figures), "regions": regions}
        )

    def _hopeless(self) -> str:
        return hopeless(self._running.figures, self._load)

    async def _regions(self) -> None:
        while True:
            snapshot = await glance(self._conduct)
            self.seen = snapshot or self.seen
            bad = self._bad(snapshot)
            self._strikes = self._strikes + 1 if bad else 0
            self._trouble = bad if self._strikes >= STRIKES else ""
            await asyncio.sleep(LOOK_S)

    def _bad(self, snapshot: Snapshot | None) -> str:
        """Who suffers, in a phrase; empty when nobody does."""
        if snapshot is None:
            return "the regions could not be looked at any more"
        sick = [each for each in self._well_before if each not in well_regions(snapshot, self._loaded)]
        if sick:
            return f"{', '.join(sick)} not healthy any more"
        opened = {
            each: judgement
            for each, judgement in incidents(snapshot).items()
            if each not in self._ill_before
            and each not in (*self._loaded, self._load.target)
            and judgement.level is not Level.UNKNOWN
        }
        return f"an incident has begun: {worst(opened)}" if opened else ""


async def glance(conduct: Conduct) -> Snapshot | None:
    """The estate now; None when it cannot be read in time."""
    try:
        async with asyncio.timeout(conduct.pace.read_timeout_s):
            return await conduct.world.look()
    except (NpconsoleError, TimeoutError):
        return None


def well_regions(snapshot: Snapshot | None, regions: tuple[str, ...]) -> tuple[str, ...]:
    """Those that answer their health check."""
    states = [snapshot.region(each) for each in regions] if snapshot is not None else []
    return tuple(state.region.id for state in states if state is not None and _healthy(state))


def region_figures(snapshot: Snapshot | None, regions: tuple[str, ...]) -> Mapping[str, dict[str, float | None]]:
    """What the regions under the load measure themselves, by id: percentiles in ms, rates per second, ratios 0 to 1."""
    found: dict[str, dict[str, float | None]] = {}
    for each in regions:
        state = snapshot.region(each) if snapshot is not None else None
        vitals = state.vitals.value if state is not None and not state.vitals.error else None
        if vitals is not None:
            found[each] = {
                "p50_ms": vitals.p50_ms,
                "p95_ms": vitals.p95_ms,
                "p99_ms": vitals.p99_ms,
                "request_rate": vitals.request_rate,
                "error_ratio": vitals.error_ratio,
            }
    return found


def _healthy(state: RegionState) -> bool:
    health = state.health.value
    return not state.health.error and health is not None and health.healthy
