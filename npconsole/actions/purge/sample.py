"""Whether a purge came about: the edge is asked for a few addresses before and after. Accepted is not purged.

A copy is new when the edge fetched it after the purge was accepted: not a HIT, or a HIT that is younger than that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from npconsole.actions.purge.selection import Selection
from npconsole.actions.verdict import Finding
from npconsole.model import quantity
from npconsole.model.controls import CacheEntry, PurgeKind
from npconsole.model.run import Verdict

MOST = 5
HIT = "HIT"
_OLD = frozenset({HIT, "STALE", "UPDATING", "REVALIDATED"})
_ROUNDING_S = 1.0
"""Ages are whole seconds."""


def choose(selection: Selection, given: Sequence[str], asset: str) -> tuple[str, ...]:
    """The addresses to ask for: those given, else some of those purged, else the known asset if it is among them."""
    if given:
        return tuple(dict.fromkeys(given))[:MOST]
    if selection.kind is PurgeKind.URLS:
        step = max(1, len(selection.values) // MOST)
        return selection.values[::step][:MOST]
    return (asset,) if asset and selection.covers(asset) else ()


def is_new(entry: CacheEntry, elapsed_s: float) -> bool:
    """Whether what the edge gives now is from after the purge, accepted `elapsed_s` seconds ago."""
    if entry.status not in _OLD:
        return True
    return entry.age_s is not None and entry.age_s < elapsed_s + _ROUNDING_S


@dataclass(frozen=True, slots=True)
class Sampled:
    """What was seen, by address: the status before, and whether it is new now; None is not known."""

    before: Mapping[str, str | None]
    now: Mapping[str, bool | None]


def judge(sampled: Sampled, words: str) -> Finding:
    """The verdict. `words` say what was purged."""
    old = [url for url, new in sampled.now.items() if new is False]
    unread = [url for url, new in sampled.now.items() if new is None]
    cached = [url for url, status in sampled.before.items() if status in _OLD]
    figures = {"sample": {"before": dict(sampled.before), "new": dict(sampled.now)}}
    total = quantity.count(len(sampled.now))
    if not sampled.now:
        said = f"{words} accepted, not verified: no address of it is known to ask for (see --param sample=URL)"
        return Finding(Verdict.UNKNOWN, well=False, words=said, figures=figures)
    if old:
        said = f"{words} accepted, but {len(old)} of {total} sampled addresses still give the old copy: {old[0]}"
        return Finding(Verdict.NO_EFFECT, well=False, words=said, figures=figures)
    if unread:
        said = f"{words} accepted, not verified: {len(unread)} of {total} sampled addresses could not be read"
        return Finding(Verdict.UNKNOWN, well=False, words=said, figures=figures)
    if not cached:
        said = f"{words} accepted; none of {total} sampled addresses was cached before"
        return Finding(Verdict.NO_EFFECT, well=True, words=said, figures=figures)
    said = f"{words} purged: {len(cached)} of {total} sampled addresses were cached before, and all are fetched anew"
    return Finding(Verdict.HELPED, well=True, words=said, figures=figures)
