"""From readings to levels: the pure core of the engine. Its state is a value, its clock a parameter.

Before it judges the world it judges itself: a failure that may be our own (DNS, connect, time-out) counts against a
target only once something else has answered after that attempt began. If nothing answers at all, this host is offline.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from npconsole.engine.freshness import Patience, believed, doubt
from npconsole.engine.track import Finding, Track, forget, observe
from npconsole.model.level import Level, worst
from npconsole.model.reading import Reading
from npconsole.model.snapshot import Judgement
from npconsole.model.thresholds import Judging

OFFLINE = "this host is offline"


@dataclass(frozen=True, slots=True)
class Aspect:
    """One judged aspect of a target: its track, and a finding that waits for proof that the fault is not ours.

    `held_from` is when the held attempt began.
    """

    track: Track = Track()
    held: Finding | None = None
    held_from: float = 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """A target's aspects by name (`health`, `vitals`, `lag`) and its judgement so far; None before the first."""

    aspects: Mapping[str, Aspect] = field(default_factory=dict)
    judgement: Judgement | None = None


def hear(case: Case, name: str, finding: Finding, judging: Judging) -> Case:
    """A reading that speaks for itself."""
    track = observe(case.aspects.get(name, Aspect()).track, finding, judging)
    return replace(case, aspects={**case.aspects, name: Aspect(track)})


def hold(case: Case, name: str, finding: Finding, began: float) -> Case:
    """A failure that may be our own: kept until `release` proves otherwise."""
    track = case.aspects.get(name, Aspect()).track
    return replace(case, aspects={**case.aspects, name: Aspect(track, finding, began)})


def release(case: Case, contact: float | None, judging: Judging) -> Case:
    """Count the held failures whose attempt began before the last `contact` with anything outside."""
    proven = {
        name: Aspect(observe(aspect.track, aspect.held, judging))
        for name, aspect in case.aspects.items()
        if aspect.held is not None and contact is not None and contact >= aspect.held_from
    }
    return replace(case, aspects={**case.aspects, **proven}) if proven else case


@dataclass(frozen=True, slots=True)
class Witness:
    """One aspect's reading as the judge sees it at an instant: its name in words, the reading, its patience."""

    aspect: str
    words: str
    reading: Reading[object]
    patience: Patience


def conclude(
    case: Case,
    witnesses: Iterable[Witness],
    *,
    now: float,
    started: float,
    online: bool | None,
    judging: Judging,
) -> Case:
    """The case with its judgement at `now`: the worst aspect, unknown where a reading is no longer believed."""
    if online is False:
        aspects = {name: Aspect(forget(aspect.track, now)) for name, aspect in case.aspects.items()}
        return Case(aspects, _changed(case.judgement, Level.UNKNOWN, OFFLINE, now))
    aspects = dict(case.aspects)
    parts: list[_Part] = []
    pending: list[str] = []
    seen = [(witness, believed(witness.reading, now, witness.patience)) for witness in witnesses]
    # A region that dies takes its metrics with it: while its health check is about to say so, that verdict is awaited.
    deciding = any(known and aspects.get(witness.aspect, Aspect()).track.falling for witness, known in seen)
    for witness, known in seen:
        aspect = aspects.get(witness.aspect, Aspect())
        if not known and not (deciding and aspect.track.level is not Level.UNKNOWN):
            aspects[witness.aspect] = replace(aspect, track=forget(aspect.track, now))
            why = doubt(witness.reading, now, witness.patience, witness.words, started)
            if why:
                parts.append(_Part(Level.UNKNOWN, why, now))
        elif aspect.track.level is Level.UNKNOWN and aspect.held is not None:
            why = f"{aspect.held.reason}; not yet known whether the fault is this host's"
            parts.append(_Part(Level.UNKNOWN, why, now))
        else:
            parts.append(_Part(aspect.track.level, aspect.track.reason, aspect.track.since))
            pending.append(aspect.track.pending(judging))
    return Case(aspects, _combined(case.judgement, parts, "; ".join(filter(None, pending)), now))


class _Part(NamedTuple):
    level: Level
    reason: str
    since: float | None


def _combined(before: Judgement | None, parts: list[_Part], pending: str, now: float) -> Judgement | None:
    if not parts:
        return before and replace(before, pending=pending)
    level = worst(part.level for part in parts)
    of_level = [part for part in parts if part.level is level]
    reason = "; ".join(part.reason for part in of_level if part.reason)
    began = [part.since for part in of_level if part.since is not None]
    return _changed(before, level, reason, _onset(level, began, now), pending)


def _changed(before: Judgement | None, level: Level, reason: str, onset: float, pending: str = "") -> Judgement:
    """The first judgement has no beginning: watching began in the middle of it."""
    if before is None:
        return Judgement(level, reason, None, pending)
    return Judgement(level, reason, before.since if before.level is level else onset, pending)


def _onset(level: Level, began: list[float], now: float) -> float:
    """Trouble begins with its first part, well-being with its last."""
    return max(began, default=now) if level is Level.OK else min(began, default=now)


def overall(before: Judgement | None, judgements: Iterable[Judgement | None], now: float) -> Judgement | None:
    """The judgement of the whole estate: the worst of its parts. None while a part was never judged."""
    found = list(judgements)
    known = [one for one in found if one is not None]
    if len(known) < len(found) and before is None:
        return None
    level = worst(one.level for one in known)
    began = [one.since for one in known if one.level is level and one.since is not None]
    return _changed(before, level, "", _onset(level, began, now))
