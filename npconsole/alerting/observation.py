"""One check of one target at one instant: good, bad, or not known. Unknown is never good, and never an alert."""

from dataclasses import dataclass
from enum import StrEnum

from npconsole.model.notice import Severity


class Sight(StrEnum):
    """What a check sees."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


class Check(StrEnum):
    """What is checked; the last part of an incident's key. The healer's rules have checks of their own."""

    HEALTH = "health"
    LATENCY = "latency"
    ERRORS = "errors"
    MEMORY = "memory"
    LAG = "lag"
    OUTAGE = "outage"
    FAILOVER = "failover"
    WATCHING = "watching"
    HEALER = "healer"
    UNDO = "undo"


SETTLING = frozenset({Check.HEALTH, Check.LATENCY, Check.ERRORS, Check.MEMORY, Check.LAG})
"""Checks that an action on their target may well turn bad for a while."""


@dataclass(frozen=True, slots=True)
class Observation:
    """`words` is a whole phrase with the target's name when bad. It must be bad for `for_s` seconds to be told, and
    good for `clear_s` to be over (None: as the rules say). `since_wall` is when it began, if the source knows.
    """

    target: str
    service: str
    check: str
    sight: Sight
    severity: Severity = Severity.WARNING
    words: str = ""
    for_s: float = 0.0
    clear_s: float | None = None
    since_wall: float | None = None
