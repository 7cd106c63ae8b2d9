"""A check that is or lately was bad: how long it has been seen so, whether that is long enough to tell, and whether it
is over. Only time between two looks that saw the same counts, so neither a gap nor a clock that jumps proves anything.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from npconsole.alerting.observation import Observation, Sight
from npconsole.alerting.rules import AlertRules
from npconsole.model.notice import Severity

EARLIEST_S = 86_400.0
"""How far back a source may place the beginning of what is seen now."""


class Phase(StrEnum):
    """Pending: bad, not yet for long enough. Active: to be told. Over: remembered, to know flapping when it is back."""

    PENDING = "pending"
    ACTIVE = "active"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Condition:
    """Times are epoch seconds; `began_wall` is the beginning of this spell, `ended_wall` the end of the one before.

    `bad_s`, `good_s` and `unknown_s` are how long it has been seen so. `spells` counts those that became active within
    the flap window of each other. `incident` is the key of the one that it belongs to, empty for none.
    """

    key: str
    target: str
    service: str
    check: str
    severity: Severity
    words: str
    began_wall: float
    phase: Phase = Phase.PENDING
    sight: Sight = Sight.BAD
    bad_s: float = 0.0
    good_s: float = 0.0
    unknown_s: float = 0.0
    ended_wall: float | None = None
    spells: int = 0
    incident: str = ""

    @property
    def active(self) -> bool:
        return self.phase is Phase.ACTIVE

    @property
    def flapping(self) -> bool:
        return self.spells > 1


def advance(
    before: Condition | None, seen: Observation, key: str, *, now: float, elapsed_s: float, rules: AlertRules
) -> Condition | None:
    """The condition after one more look, `elapsed_s` after the last; None when there is nothing to remember.

    `now` is epoch seconds. One good look ends what is pending; what is active ends when it has been good long enough.
    """
    if before is None or before.phase is Phase.OVER:
        return _begun(before, seen, key, now) if seen.sight is Sight.BAD else _remembered(before, now, rules)
    if before.phase is Phase.PENDING:
        return _waiting(before, seen, now, elapsed_s, rules)
    return _told(before, seen, now, elapsed_s, rules)


def _begun(over: Condition | None, seen: Observation, key: str, now: float) -> Condition:
    since = seen.since_wall
    began = since if since is not None and 0 <= now - since <= EARLIEST_S else now
    fresh = Condition(key, seen.target, seen.service, seen.check, seen.severity, seen.words, began)
    if over is not None:
        fresh = replace(fresh, ended_wall=over.ended_wall, spells=over.spells)
    return _activated(fresh, seen)


def _remembered(over: Condition | None, now: float, rules: AlertRules) -> Condition | None:
    if over is None or over.ended_wall is None or not 0 <= now - over.ended_wall <= rules.flap_window_s:
        return None
    return over


def _waiting(before: Condition, seen: Observation, now: float, elapsed_s: float, rules: AlertRules) -> Condition | None:
    if seen.sight is Sight.UNKNOWN and before.unknown_s + elapsed_s < rules.longest_gap_s:
        return replace(before, sight=Sight.UNKNOWN, unknown_s=before.unknown_s + elapsed_s)
    if seen.sight is not Sight.BAD:
        return _remembered(replace(before, phase=Phase.OVER), now, rules)
    bad_s = before.bad_s + (elapsed_s if before.sight is Sight.BAD else 0.0)
    still = replace(before, sight=Sight.BAD, bad_s=bad_s, unknown_s=0.0, severity=seen.severity, words=seen.words)
    return _activated(still, seen)


def _activated(condition: Condition, seen: Observation) -> Condition:
    if condition.bad_s < seen.for_s:
        return condition
    return replace(condition, phase=Phase.ACTIVE, spells=condition.spells + 1)


def _told(before: Condition, seen: Observation, now: float, elapsed_s: float, rules: AlertRules) -> Condition:
    """Its severity only rises: what has woken a person is not made light of while it lasts."""
    if seen.sight is Sight.BAD:
        severity = seen.severity if seen.severity.reaches(before.severity) else before.severity
        return replace(before, sight=Sight.BAD, good_s=0.0, severity=severity, words=seen.words)
    if seen.sight is Sight.UNKNOWN:
        return replace(before, sight=Sight.UNKNOWN, good_s=0.0)
    good_s = before.good_s + (elapsed_s if before.sight is Sight.GOOD else 0.0)
    clear_s = rules.clear_for_s if seen.clear_s is None else seen.clear_s
    if before.flapping and seen.clear_s is None:
        clear_s = max(clear_s, rules.flap_window_s)
    if good_s < clear_s:
        return replace(before, sight=Sight.GOOD, good_s=good_s)
    return replace(before, phase=Phase.OVER, sight=Sight.GOOD, good_s=0.0, bad_s=0.0, ended_wall=now, incident="")
