"""Which series of a page make up the figures of one generation of a service."""

from npconsole.config.blocks.watching import Families
from npconsole.sources.page.exposition import Series


def latency(families: Families) -> tuple[str, str]:
    """The series of the latency histogram: buckets and count."""
    return f"{families.latency}_bucket", f"{families.latency}_count"


def lookups(families: Families) -> tuple[str, ...]:
    """The counters that together are all cache look-ups; none when there is no cache to speak of."""
    if not families.cache_hits:
        return ()
    if families.cache_requests:
        return (families.cache_requests,)
    return (families.cache_hits, families.cache_misses) if families.cache_misses else ()


def names(families: Families) -> set[str]:
    """Every series that is read."""
    own = {families.requests, families.memory, families.start_time, families.cache_hits}
    return {name for name in own.union(latency(families), lookups(families)) if name}


def is_gauge(series: Series, families: Families) -> bool:
    """Whether a series is a present value and not a count."""
    return series.name in (families.memory, families.start_time)
