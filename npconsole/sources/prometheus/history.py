"""Past samples by range query, so that no chart begins empty. Regions of a batch are fetched together."""

import asyncio
import math
from collections.abc import Mapping, Sequence

from npconsole.model.vitals import Sample
from npconsole.sources.prometheus.batch import Found, Span
from npconsole.sources.prometheus.figures import PrometheusFigures, share

MOST_POINTS = 11_000
"""Per series; a server refuses more."""

MOST_TOGETHER = 20_000
"""Points of all regions of a query; five figures of so many points are some 3 MB."""


class PrometheusHistory:
    """The history of the regions of `figures`. What comes along for other regions is kept until they ask."""

    def __init__(self, figures: PrometheusFigures) -> None:
        self._batch_of = {region_id: batch for batch in figures.batches for region_id in batch.labels}
        self._waiting: dict[str, tuple[Span, Found]] = {}
        self._lock = asyncio.Lock()

    async def history(self, region_id: str, start_wall: float, end_wall: float, step_s: float) -> Sequence[Sample]:
        """Samples on whole multiples of the step, oldest first; the step grows when the points would be too many.

        Empty when the store has nothing of the region. Raise SourceError.
        """
        span = aligned(start_wall, end_wall, step_s)
        if not span.points:
            return ()
        async with self._lock:
            found = await self._found(region_id, span)
        return samples(found)

    async def _found(self, region_id: str, span: Span) -> Found:
        kept = self._waiting.pop(region_id, None)
        if kept is not None and kept[0] == span:
            return kept[1]
        batch = self._batch_of[region_id]
        wanted = tuple(batch.labels) if span.points * len(batch.labels) <= MOST_TOGETHER else (region_id,)
        fetched = await batch.history(span, wanted)
        self._waiting |= {other: (span, found) for other, found in fetched.items() if other != region_id}
        return fetched[region_id]


def aligned(start_wall: float, end_wall: float, step_s: float) -> Span:
    """The whole steps within the two instants, so that the same stretch asked for twice gives the same points."""
    step = max(1, math.ceil(step_s), math.ceil((end_wall - start_wall) / (MOST_POINTS - 1)))
    return Span(math.ceil(start_wall / step) * step, math.floor(end_wall / step) * step, step)


def samples(found: Found) -> tuple[Sample, ...]:
    """The points of all figures by their time, latencies in ms."""
    if found.form is None:
        return ()
    to_ms = 1000.0 if found.form.families.latency_unit == "s" else 1.0
    moments: dict[float, dict[str, float]] = {}
    for figure, points in found.figures.items():
        for wall, value in points:
            if value is not None:
                moments.setdefault(wall, {})[figure] = value * to_ms if figure.startswith("p") else value
    return tuple(_sample(wall, moments[wall]) for wall in sorted(moments))


def _sample(wall: float, figures: Mapping[str, float]) -> Sample:
    return Sample(
        wall=wall,
        p50_ms=figures.get("p50"),
        p95_ms=figures.get("p95"),
        p99_ms=figures.get("p99"),
        request_rate=figures.get("requests"),
        error_ratio=share(figures.get("errors"), figures.get("requests")),
    )
