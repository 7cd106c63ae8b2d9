"""The vital figures of a region from its metrics page: differences between scrapes over a sliding window."""

import dataclasses
from collections.abc import Sequence

from npconsole.config.blocks.watching import Families
from npconsole.errors import BadAnswerError
from npconsole.model.clock import Clock
from npconsole.model.quantity import duration
from npconsole.model.vitals import Vitals
from npconsole.net.answer import looks_like
from npconsole.net.http import Http, accept
from npconsole.net.offload import offload
from npconsole.sources.page.counters import Counters
from npconsole.sources.page.exposition import Exposition, mentions
from npconsole.sources.page.generation import is_gauge, latency, names
from npconsole.sources.page.histogram import quantile
from npconsole.sources.page.scrape import Scrape
from npconsole.sources.page.tally import Samples, count
from npconsole.sources.page.window import Window

MOST_BYTES = 8_000_000
SMALL_PAGE = 30_000
RESTART_TOLERANCE_S = 2.0
"""Some exporters compute their start from the uptime, which wavers by a second."""
LONGEST_GAP_S = 300.0
FIRST = "first reading: rates need two"


class PageVitals:
    """Scrapes `url` with a total deadline of `deadline_s` seconds.

    `families` are the generations to look for, first match wins; figures cover `window_s` seconds.
    `memory_limit_bytes` makes the memory ratio; with an `earlier` scrape the first read has figures already. After a
    gap of more than three windows and five minutes it starts anew: an average over the gap would not be the present.
    """

    def __init__(
        self,
        http: Http,
        url: str,
        *,
        families: Sequence[Families],
        window_s: float,
        deadline_s: float,
        clock: Clock,
        memory_limit_bytes: float | None = None,
        earlier: Scrape | None = None,
    ) -> None:
        self._http = http
        self._url = url
        self._families = tuple(families)
        self._deadline_s = deadline_s
        self._clock = clock
        self._memory_limit_bytes = memory_limit_bytes
        self._longest_gap_s = max(LONGEST_GAP_S, 3 * window_s)
        self._exposition = Exposition()
        self._counters = Counters()
        self._window = Window(window_s)
        self._generation: Families | None = None
        self._read_at: float | None = None
        self._started_at: float | None = None
        if earlier is not None:
            self._resume(earlier)

    @property
    def scrape(self) -> Scrape | None:
        """The last scrape, for the next command to measure from."""
        if self._generation is None or self._read_at is None:
            return None
        return Scrape(self._generation.name, self._read_at, self._started_at, self._counters.values)

    async def read(self) -> Vitals:
        """The figures up to now. Raises SourceError.

        A large page is parsed beside the event loop: 5,000 new series take 0.2 s, and the other reads must not wait. A
        small one takes less than the thread would.
        """
        answer = await self._http.request(
            "GET",
            self._url,
            what="metrics page",
            deadline_s=self._deadline_s,
            headers={"accept": "text/plain;version=0.0.4;q=1, */*;q=0.1"},
            max_bytes=MOST_BYTES,
        )
        at = self._clock.now()
        accept(answer, what="metrics page", wall=self._clock.wall())
        page = answer.body.decode("utf-8", "replace")
        families = self._detect(page)
        if families is None:
            raise _unknown_page(answer.body, self._families)
        wanted = names(families)
        if len(page) <= SMALL_PAGE:
            samples = self._exposition.read(page, wanted)
        else:
            samples = await offload(lambda: self._exposition.read(page, wanted), name="metrics page")
        return self._vitals(families, samples, at)

    def _detect(self, page: str) -> Families | None:
        """The generation of the page. Right after a start a page may have no latency yet: then the last one stays."""
        for families in self._families:
            if mentions(page, (families.latency, *latency(families))):
                return families
        last = self._generation
        candidates = self._families if last is None else (last, *self._families)
        return next((families for families in candidates if mentions(page, sorted(names(families)))), None)

    def _vitals(self, families: Families, samples: Samples, at: float) -> Vitals:
        started_at = _highest(samples, families.start_time)
        counters = {text: value for text, (series, value) in samples.items() if not is_gauge(series, families)}
        if self._must_begin(families, at):
            self._counters.begin(counters)
            self._window.clear()
        else:
            growth = self._counters.advance(counters, restarted=self._restarted(started_at))
            self._window.add(count(families, samples, growth, start=self._read_at or at, end=at))
        self._generation, self._read_at = families, at
        self._started_at = self._started_at if started_at is None else started_at
        return self._figures(families, samples, started_at)

    def _resume(self, earlier: Scrape) -> None:
        self._generation = next((each for each in self._families if each.name == earlier.generation), None)
        self._read_at, self._started_at = earlier.at, earlier.started_at
        self._counters.begin(earlier.counters)

    def _must_begin(self, families: Families, at: float) -> bool:
        if self._read_at is None or self._generation is None or at <= self._read_at:
            return True
        return families.name != self._generation.name or at - self._read_at > self._longest_gap_s

    def _restarted(self, started_at: float | None) -> bool:
        if started_at is None or self._started_at is None:
            return False
        return started_at > self._started_at + RESTART_TOLERANCE_S

    def _figures(self, families: Families, samples: Samples, started_at: float | None) -> Vitals:
        memory = _total(samples, families.memory)
        limit = self._memory_limit_bytes
        known = Vitals(
            memory_bytes=memory,
            memory_ratio=memory / limit if memory is not None and limit else None,
            started_at=started_at,
            generation=families.name,
            source="page",
        )
        total = self._window.total()
        if total is None:
            return dataclasses.replace(known, notice=FIRST)
        window_s = total.end - total.start
        scale = 1.0 if families.latency_unit == "ms" else 1000.0
        requests = total.requests if total.has_requests else total.observations
        return dataclasses.replace(
            known,
            p50_ms=_scaled(quantile(0.5, total.buckets), scale),
            p95_ms=_scaled(quantile(0.95, total.buckets), scale),
            p99_ms=_scaled(quantile(0.99, total.buckets), scale),
            request_rate=requests / window_s,
            error_ratio=min(1.0, total.errors / requests) if requests > 0 and total.has_status else None,
            cache_hit_ratio=min(1.0, total.hits / total.lookups) if total.lookups > 0 else None,
            requests=requests,
            window_s=window_s,
            notice="" if requests > 0 else f"no requests in the last {duration(window_s)}",
        )


def _highest(samples: Samples, name: str) -> float | None:
    return max((value for series, value in samples.values() if series.name == name), default=None)


def _total(samples: Samples, name: str) -> float | None:
    values = [value for series, value in samples.values() if series.name == name]
    return sum(values) if values else None


def _scaled(figure: float | None, scale: float) -> float | None:
    return None if figure is None else figure * scale


def _unknown_page(body: bytes, families: Sequence[Families]) -> BadAnswerError:
    kind = looks_like(body)
    if kind != "text":
        return BadAnswerError(f"metrics page: the answer is not a metrics page ({kind})")
    names = ", ".join(dict.fromkeys(family.latency for family in families))
    return BadAnswerError(
        f"metrics page: none of the known families is on it ({names})",
        hint="set metrics.families to the names that the page uses",
    )
