"""The running engine: pollers on a loop in a thread of their own, a snapshot a second, and those who subscribed to it.

It has its own thread so that a terminal that stops reading, which freezes the screen's event loop, never stops
collection.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from functools import partial
from random import Random
from typing import Any, TypeVar

from npconsole.engine.breaker import Breaker
from npconsole.engine.freshness import Patience
from npconsole.engine.poller import Poller
from npconsole.engine.state import EstateState, Patiences
from npconsole.engine.watch import Watch, Watches
from npconsole.errors import SourceError
from npconsole.model.clock import Clock
from npconsole.model.estate import Estate
from npconsole.model.issue import Event, Issue
from npconsole.model.reading import Reading
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Judging, Thresholds
from npconsole.model.vitals import Health, Lag, Sample, Vitals

_log = logging.getLogger(__name__)
_GAP_S = 0.1
_SPREAD_S = 0.002
_HISTORY_AT_ONCE = 4
_HISTORY_POINTS = 360
_SECOND_READ_S = 0.1
_WIDER_BY = 2.0

T = TypeVar("T")


class Engine:
    """Fulfils `model.ports.Feed`. `start` returns at once; `stop` may be called from any thread, once.

    `late` hears how many seconds after its turn each read began.
    """

    def __init__(
        self,
        estate: Estate,
        watches: Watches,
        *,
        thresholds: Thresholds,
        judging: Judging,
        clock: Clock,
        rng: Random,
        refresh_s: float = 1.0,
        late: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._estate = estate
        self._watches = watches
        self._clock = clock
        self._rng = rng
        self._refresh_s = refresh_s
        self._late = late
        self._state = EstateState(
            estate,
            thresholds=thresholds,
            judging=judging,
            patiences=patiences(watches, judging),
            started=clock.now(),
            with_issues=watches.issues is not None,
        )
        self._snapshot = self._state.snapshot(clock.now(), clock.wall())
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._pollers: dict[str, Poller[Any]] = {}
        self._breakers: dict[str, Breaker] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._urgent = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="npconsole-engine", daemon=True)

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def subscribe(self, listener: Callable[[Snapshot], None]) -> Callable[[], None]:
        self._listeners = [*self._listeners, listener]

        def end() -> None:
            self._listeners = [other for other in self._listeners if other is not listener]

        return end

    def trail(self, region_id: str, start_wall: float, end_wall: float) -> Sequence[Sample]:
        trail = self._state.trail(region_id)
        return () if trail is None else trail.between(start_wall, end_wall)

    def refresh(self) -> None:
        self._call(lambda: self._wake(*self._pollers))

    def latest_event(self, issue: Issue) -> Future[Event]:
        fetch = self._watches.latest_event
        if fetch is None or self._loop is None:
            failed: Future[Event] = Future()
            failed.set_exception(
                SourceError("no issue source is configured", hint="set sentry.organization and sentry.token")
            )
            return failed

        async def fetched() -> Event:
            return await fetch(issue)

        return asyncio.run_coroutine_threadsafe(fetched(), self._loop)

    def start(self) -> None:
        """Begin to read and to publish."""
        self._thread.start()

    def stop(self, within_s: float = 0.5) -> None:
        """End all reads and connections. A source stuck in a thread of its own is left behind after `within_s`."""
        self._call(lambda: self._main and self._main.cancel())
        self._thread.join(within_s)

    def _call(self, function: Callable[[], object]) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            try:
                loop.call_soon_threadsafe(function)
            except RuntimeError:
                return  # the loop was closed in between: there is nothing left to call

    def _run(self) -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        self._main = loop.create_task(self._watch())
        self._loop = loop
        try:
            loop.run_until_complete(self._main)
        except asyncio.CancelledError:
            pass
        except Exception:  # noqa: BLE001 - a thread's error has no caller; the log is where it can be seen
            _log.exception("the engine stopped")
        finally:
            # Not asyncio.run: it would wait for executor threads, and so for a source that does not answer.
            loop.close()

    async def _watch(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for index, poller in enumerate(self._build()):
                    group.create_task(poller.run(delay_s=index * _SPREAD_S))
                group.create_task(self._publish())
                if self._watches.history is not None:
                    group.create_task(self._recall())
        finally:
            await self._watches.close()

    def _build(self) -> Sequence[Poller[Any]]:
        """Pollers in the order of their first reads: what a person needs first comes first."""
        watches, state = self._watches, self._state
        if watches.connectivity is not None:
            self._add("connectivity", watches.connectivity, lambda reading, _: state.heard_connectivity(reading))
        for edge_id, watch in watches.edges.items():
            self._add(f"{edge_id} health", watch, partial(self._heard_health, edge_id))
        for region_id, region in watches.regions.items():
            self._add(f"{region_id} health", region.health, partial(self._heard_health, region_id))
        for region_id, region in watches.regions.items():
            self._add(f"{region_id} metrics", region.vitals, partial(self._heard_vitals, region_id))
            if region.lag is not None:
                self._add(f"{region_id} lag", region.lag, partial(self._heard_lag, region_id))
        if watches.issues is not None:
            self._add("issues", watches.issues, lambda reading, _: state.heard_issues(reading))
        return tuple(self._pollers.values())

    def _add(self, name: str, watch: Watch[T], report: Callable[[Reading[T], float], None]) -> None:
        breaker = self._breakers.setdefault(watch.host, Breaker(watch.host)) if watch.host else None
        self._pollers[name] = Poller(
            name, watch, report, clock=self._clock, rng=self._rng, breaker=breaker, late=self._late
        )

    def _heard_health(self, target_id: str, reading: Reading[Health], began: float) -> None:
        was_healthy = self._state.healthy(target_id)
        if self._state.heard_health(target_id, reading, began):
            self._urgent.set()
        if was_healthy is False and self._state.healthy(target_id):
            self._wake(f"{target_id} metrics", f"{target_id} lag")

    def _heard_vitals(self, region_id: str, reading: Reading[Vitals], _began: float) -> None:
        if self._state.heard_vitals(region_id, reading, self._clock.wall()):
            self._urgent.set()
        vitals = reading.value
        if vitals is None or reading.error:
            return
        # Rates need two readings, and the first windows are short: read again soon, each time after twice as long,
        # until an interval has passed. So figures are there at once and become sound within seconds.
        soon_s = max(_SECOND_READ_S, (vitals.window_s or 0.0) * _WIDER_BY)
        if soon_s < self._watches.regions[region_id].vitals.interval_s:
            asyncio.get_running_loop().call_later(soon_s, self._wake, f"{region_id} metrics")

    def _heard_lag(self, region_id: str, reading: Reading[Lag], _began: float) -> None:
        self._state.heard_lag(region_id, reading)

    def _wake(self, *names: str) -> None:
        for name in names:
            if name in self._pollers:
                self._pollers[name].wake()

    async def _publish(self) -> None:
        """A snapshot each refresh, sooner when something urgent was heard, never two within the gap."""
        while True:
            was_online = self._snapshot.online
            self._snapshot = self._state.snapshot(self._clock.now(), self._clock.wall())
            for listener in self._listeners:
                self._tell(listener)
            if was_online is False and self._snapshot.online:
                self._wake(*self._pollers)
            await asyncio.sleep(_GAP_S)
            try:
                async with asyncio.timeout(self._refresh_s - _GAP_S):
                    await self._urgent.wait()
            except TimeoutError:
                continue
            finally:
                self._urgent.clear()

    def _tell(self, listener: Callable[[Snapshot], None]) -> None:
        try:
            listener(self._snapshot)
        except Exception:  # noqa: BLE001 - one face's error must not end what the others see
            _log.exception("a listener failed; it goes on with the next snapshot")

    async def _recall(self) -> None:
        """Fill the trails from history, a few regions at a time. A region without history begins with what is live."""
        source, span = self._watches.history, self._watches.history_s
        if source is None or span <= 0:
            return
        end = self._clock.wall()
        at_once = asyncio.Semaphore(_HISTORY_AT_ONCE)

        async def one(region_id: str) -> None:
            async with at_once:
                try:
                    samples = await source.history(region_id, end - span, end, max(span / _HISTORY_POINTS, 1.0))
                except SourceError as error:
                    _log.warning("no history of %s: %s", region_id, error.message)
                else:
                    self._state.remember(region_id, samples)

        async with asyncio.TaskGroup() as group:
            for region in self._estate.regions:
                group.create_task(one(region.id))


def patiences(watches: Watches, judging: Judging) -> Patiences:
    """How long each kind of reading is believed, from the slowest pace of its kind."""

    def of(kind: Iterable[Watch[Any] | None]) -> Patience:
        found = [watch for watch in kind if watch is not None]
        return Patience.of(
            max((watch.interval_s for watch in found), default=1.0),
            max((watch.timeout_s for watch in found), default=1.0),
            judging,
        )

    regions = watches.regions.values()
    return Patiences(
        health=of([*(region.health for region in regions), *watches.edges.values()]),
        vitals=of(region.vitals for region in regions),
        lag=of(region.lag for region in regions),
        issues=of([watches.issues]),
        connectivity=of([watches.connectivity]),
    )
