"""What Cloudflare's own checks say of a pool. Schema and example disagree on the form: both are read."""

from collections.abc import Iterator


def read_health(result: object) -> bool | None:
    """Whether most of the places that check the pool find it healthy; None when none says.

    `pop_health` is a map by place, `{"Amsterdam, NL": {"healthy": true, ...}}`, or one such entry by itself.
    """
    votes = list(_votes(result.get("pop_health") if isinstance(result, dict) else None))
    return sum(votes) * 2 > len(votes) if votes else None


def _votes(places: object) -> Iterator[bool]:
    if not isinstance(places, dict):
        return
    entries = [places] if isinstance(places.get("healthy"), bool) else places.values()
    for entry in entries:
        healthy = entry.get("healthy") if isinstance(entry, dict) else None
        if isinstance(healthy, bool):
            yield healthy
