"""What happened between two scrapes, and how the growth of a page's series adds up to it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from npconsole.config.blocks.watching import Families
from npconsole.net.text import number
from npconsole.sources.page.exposition import Series
from npconsole.sources.page.generation import latency, lookups

Samples = Mapping[str, tuple[Series, float]]
"""Series and value of each sample, by the text of its series."""


@dataclass(slots=True)
class Tally:
    """Events between two instants (seconds of one clock). `buckets` are cumulative counts by upper bound, unscaled.

    `has_requests` and `has_status` say whether the page counts requests, and those by status, at all.
    """

    start: float
    end: float
    buckets: dict[float, float] = field(default_factory=dict)
    observations: float = 0.0
    requests: float = 0.0
    errors: float = 0.0
    hits: float = 0.0
    lookups: float = 0.0
    has_requests: bool = False
    has_status: bool = False

    def add(self, other: "Tally") -> None:
        """Take in the events of another stretch of time."""
        self.start, self.end = min(self.start, other.start), max(self.end, other.end)
        for bound, count in other.buckets.items():
            self.buckets[bound] = self.buckets.get(bound, 0.0) + count
        self.observations += other.observations
        self.requests += other.requests
        self.errors += other.errors
        self.hits += other.hits
        self.lookups += other.lookups
        self.has_requests |= other.has_requests
        self.has_status |= other.has_status


def count(families: Families, samples: Samples, growth: Mapping[str, float], *, start: float, end: float) -> Tally:
    """Sort the growth of every series into what it counts."""
    tally = Tally(start, end)
    (bucket, total), looked_up = latency(families), lookups(families)
    tally.has_requests = any(series.name == families.requests for series, _ in samples.values())
    counted = families.requests if tally.has_requests else total
    for text, grown in growth.items():
        series = samples[text][0]
        if series.name == bucket:
            _add_bucket(tally, series, grown)
        elif series.name == total:
            tally.observations += grown
        if series.name == counted:
            _add_request(tally, series, families, grown)
        if series.name == families.cache_hits:
            tally.hits += grown
        if series.name in looked_up:
            tally.lookups += grown
    if tally.observations > 0:
        tally.buckets.setdefault(math.inf, tally.observations)
    return tally


def _add_bucket(tally: Tally, series: Series, grown: float) -> None:
    text = series.labels.get("le", "")
    bound = math.inf if text in ("+Inf", "inf", "Inf") else number(text)
    if bound is not None:
        tally.buckets[bound] = tally.buckets.get(bound, 0.0) + grown


def _add_request(tally: Tally, series: Series, families: Families, grown: float) -> None:
    status = series.labels.get(families.status_label)
    if series.name == families.requests:
        tally.requests += grown
    if status is not None:
        tally.has_status = True
        tally.errors += grown if status.startswith("5") else 0.0
