"""Whether the origins can carry what comes while the edge's cache is cold."""

from collections.abc import Mapping, Sequence

from npconsole.actions.blast import request_rate
from npconsole.model import quantity
from npconsole.model.snapshot import Snapshot

RISE = 2.0
"""How many times the traffic of an origin may grow: what the edge answered from its cache is not measured."""


def crowded_when_cold(
    regions: Sequence[str], snapshot: Snapshot | None, capacity: Mapping[str, float], *, most_load: float
) -> tuple[str, ...]:
    """The regions that could come to carry more than `most_load` of their capacity, or of which that is not known."""
    if not regions:
        return ("no healthy region is known to serve",)
    phrases = []
    for each in regions:
        rate, most = request_rate(snapshot, each), capacity.get(each)
        if rate is None or not most:
            why = "its traffic is not measured" if rate is None else "its capacity was never measured"
            phrases.append(f"{each}: head-room not known ({why})")
        elif rate * RISE > most * most_load:
            share, limit = quantity.percent(rate / most), quantity.percent(most_load / RISE)
            phrases.append(f"{each}: carries {share} of its capacity, and a cold cache asks for less than {limit}")
    return tuple(phrases)
