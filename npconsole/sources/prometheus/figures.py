"""The vital figures of all regions, read in a few queries and handed out one region at a time.

1,000 regions cost some 60 queries, three cost one.
"""

from collections.abc import Mapping, Sequence

from npconsole.config.blocks.watching import Families
from npconsole.model.clock import Clock
from npconsole.model.vitals import Vitals
from npconsole.net.text import clean
from npconsole.sources.prometheus import promql
from npconsole.sources.prometheus.batch import Batch, Found
from npconsole.sources.prometheus.client import PromqlClient
from npconsole.sources.prometheus.forms import Forms, Native
from npconsole.sources.prometheus.promql import Form
from npconsole.sources.prometheus.regions import Labels, batches
from npconsole.sources.prometheus.shared import Shared


class PrometheusFigures:
    """Reads for every region in `labels` (id to the labels that select its series and no other service's).

    `families` in order of preference. `max_age_s` is how long an answer serves the other regions of its batch: half
    the poll interval, so that no region is ever given the same answer twice.
    """

    def __init__(
        self,
        client: PromqlClient,
        labels: Mapping[str, Labels],
        *,
        families: Sequence[Families],
        native: Native,
        window_s: float,
        max_age_s: float,
        clock: Clock,
        memory_limit_bytes: float | None = None,
    ) -> None:
        self._window_s = window_s
        self._memory_limit_bytes = memory_limit_bytes
        self._labels = labels
        self.batches = tuple(
            Batch(client, batch, Forms(client, batch, families=families, native=native), window_s)
            for batch in batches(labels, families, window_s)
        )
        self._shared = {
            region_id: shared
            for batch in self.batches
            for shared in [Shared(batch.vitals, max_age_s, clock)]
            for region_id in batch.labels
        }

    async def vitals(self, region_id: str) -> Vitals:
        """The figures of a region, from an answer at most `max_age_s` old."""
        found = (await self._shared[region_id].get())[region_id]
        form = found.form
        if form is None or "p50" not in found.figures:
            return Vitals(window_s=self._window_s, source="prometheus", notice=self._notice(region_id, form))
        to_ms = 1000.0 if form.families.latency_unit == "s" else 1.0
        memory, limit = found.last("memory"), self._memory_limit_bytes
        rate = found.last("requests")
        return Vitals(
            p50_ms=_times(found.last("p50"), to_ms),
            p95_ms=_times(found.last("p95"), to_ms),
            p99_ms=_times(found.last("p99"), to_ms),
            request_rate=rate,
            error_ratio=share(found.last("errors"), rate),
            cache_hit_ratio=_cache_hit_ratio(found),
            memory_bytes=memory,
            memory_ratio=memory / limit if memory is not None and limit else None,
            started_at=found.last("start_time"),
            requests=_times(rate, self._window_s),
            window_s=self._window_s,
            generation=form.families.name,
            source="prometheus",
        )

    def _notice(self, region_id: str, form: Form | None) -> str:
        labels = clean(promql.label_set(self._labels[region_id]))
        if form is None:
            return f"Prometheus has no series for {labels}: is /metrics scraped, and are these its labels?"
        return (
            f"Prometheus has fewer than two scrapes of {labels} within {self._window_s:g} s: "
            "if this stays, set metrics.window to four scrape intervals"
        )


class PrometheusVitals:
    """One region of the figures: a VitalsSource."""

    def __init__(self, figures: PrometheusFigures, region_id: str) -> None:
        self._figures = figures
        self._region_id = region_id

    async def read(self) -> Vitals:
        """The figures now. None in a figure is "not measured"; a notice says why when all are. Raise SourceError."""
        return await self._figures.vitals(self._region_id)


def share(part: float | None, whole: float | None) -> float | None:
    """`part` of `whole`, 0 to 1; None without a whole. Without a part 0: a counter appears with its first event."""
    return None if not whole or whole < 0 else min(1.0, max(0.0, (part or 0.0) / whole))


def _cache_hit_ratio(found: Found) -> float | None:
    """Of all look-ups, or of hits and misses when misses are counted instead."""
    hits, misses = found.last("cache_hits"), found.last("cache_misses")
    lookups = found.last("cache_requests")
    if lookups is None and misses is not None:
        lookups = (hits or 0.0) + misses
    elif lookups is None and found.form is not None and found.form.families.cache_misses:
        lookups = hits
    return share(hits, lookups)


def _times(figure: float | None, factor: float) -> float | None:
    return None if figure is None else figure * factor
