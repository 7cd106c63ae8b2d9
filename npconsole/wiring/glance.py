"""The estate as of now, again and again, for plans and verdicts: figures of the last seconds, not of minutes ago."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from npconsole.config.estate import to_estate, to_judging, to_thresholds
from npconsole.config.schema import Config
from npconsole.engine.look import look
from npconsole.model.clock import Clock
from npconsole.model.snapshot import Snapshot
from npconsole.model.vitals import Vitals
from npconsole.sources.page.scrape import Scrape, Scrapes
from npconsole.sources.page.vitals import RESTART_TOLERANCE_S, PageVitals
from npconsole.wiring.sources import Sources

SAMPLE_S = 0.5
_LONGEST_S = 5.0
_WINDOW_S = 10.0


class SampledPage:
    """A metrics page read until its figures rest on `enough` requests, for at most `longest_s` seconds at a time.

    A region with too little traffic to get there is not waited for.

    What was before a restart of the process is left out, and what was before a read longer ago than `oldest_s`. `make`
    begins a page at a scrape.
    """

    def __init__(
        self,
        make: Callable[[Scrape | None], PageVitals],
        *,
        earlier: Scrape | None,
        enough: float,
        longest_s: float,
        oldest_s: float,
        clock: Clock,
    ) -> None:
        self._make = make
        self._page = make(earlier)
        self._enough = enough
        self._longest_s = longest_s
        self._oldest_s = oldest_s
        self._clock = clock
        self._last: Vitals | None = None
        self._read_at = 0.0

    async def read(self) -> Vitals:
        """The figures of the last seconds. Raises SourceError."""
        began = self._clock.now()
        if self._last is not None and began - self._read_at > self._oldest_s:
            self._page = self._make(None)
        vitals = await self._read()
        while self._is_worth_waiting(vitals, self._longest_s - (self._clock.now() - began)):
            await asyncio.sleep(SAMPLE_S)
            vitals = await self._read()
        return vitals

    async def _read(self) -> Vitals:
        vitals = await self._page.read()
        if self._is_restarted(vitals):
            self._page = self._make(self._page.scrape)
        self._last, self._read_at = vitals, self._clock.now()
        return vitals

    def _is_worth_waiting(self, vitals: Vitals, left_s: float) -> bool:
        """Whether there are too few requests yet, and enough to be expected in the time that is left."""
        if left_s <= 0 or (vitals.requests or 0.0) >= self._enough:
            return False
        if vitals.requests is None or vitals.request_rate is None:
            return True
        return vitals.requests + vitals.request_rate * left_s >= self._enough

    def _is_restarted(self, vitals: Vitals) -> bool:
        before = self._last.started_at if self._last is not None else None
        return before is not None and vitals.started_at is not None and vitals.started_at > before + RESTART_TOLERANCE_S


class Glance:
    """Looks at one configuration's estate. The first look may measure since a scrape that another command kept."""

    def __init__(self, config: Config, sources: Sources, *, scrapes: Scrapes, clock: Clock) -> None:
        self._config = config
        self._sources = sources
        self._scrapes = scrapes
        self._clock = clock
        # What was read first must not be stale when the slowest page has been sampled.
        self._longest_s = min(_LONGEST_S, float(config.poll.health), float(config.actions.call_timeout) / 2)
        self._pages: Mapping[str, SampledPage] = {}

    async def look(self) -> Snapshot:
        """The estate, read freshly and judged without hysteresis."""
        first = not self._pages
        self._pages = self._pages or self._fresh_pages()
        config = self._config
        snapshot = await look(
            to_estate(config),
            self._sources.glance(self._pages, longest_s=self._longest_s),
            thresholds=to_thresholds(config),
            judging=to_judging(config),
            clock=self._clock,
            sample_s=SAMPLE_S,
        )
        if first:
            self._keep()
        return snapshot

    def _fresh_pages(self) -> Mapping[str, SampledPage]:
        kept = self._scrapes.load(now=self._clock.now(), youngest_s=SAMPLE_S, oldest_s=self._oldest_s)
        return {
            region_id: SampledPage(
                partial(self._sources.page, region_id, window_s=_WINDOW_S),
                earlier=kept.get(self._sources.page_url(region_id)),
                enough=self._config.judging.min_requests,
                longest_s=self._longest_s,
                oldest_s=_WINDOW_S,
                clock=self._clock,
            )
            for region_id in self._sources.regions
        }

    def _keep(self) -> None:
        """Leave the scrapes for the next command."""
        kept = self._scrapes.load(now=self._clock.now(), youngest_s=0.0, oldest_s=self._oldest_s)
        self._scrapes.save(kept | self._sources.scrapes())

    @property
    def _oldest_s(self) -> float:
        return 2 * float(self._config.metrics.window)
