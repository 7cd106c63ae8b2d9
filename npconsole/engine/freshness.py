"""How much a reading may still be believed, by its age and its last error. Pure."""

from dataclasses import dataclass, replace
from typing import TypeVar

from npconsole.errors import LimitedError, UnauthorisedError
from npconsole.model import quantity
from npconsole.model.reading import Freshness, Reading
from npconsole.model.thresholds import Judging

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many seconds without a value a reading looks stale, and is no longer believed."""

    stale_s: float
    unknown_s: float

    @classmethod
    def of(cls, interval_s: float, timeout_s: float, judging: Judging) -> "Patience":
        """From the interval of a source. A read may take up to its time-out before it counts as missed."""
        grace = min(timeout_s, interval_s) * 0.5
        return cls(judging.stale_after * interval_s + grace, judging.unknown_after * interval_s + grace)


def cause(error: Exception | None) -> Freshness | None:
    """The freshness that an error alone imposes, whatever the age."""
    match error:
        case UnauthorisedError():
            return Freshness.AUTH
        case LimitedError():
            return Freshness.LIMITED
        case _:
            return None


def believed(reading: Reading[T], now: float, patience: Patience) -> bool:
    """Whether the value may still be judged."""
    return reading.at is not None and now - reading.at <= patience.unknown_s


def aged(reading: Reading[T], now: float, patience: Patience) -> Reading[T]:
    """The reading with its freshness at `now`.

    A named cause (auth, limited) stays once the value is older than an interval.
    """
    freshness = _freshness(reading, now, patience)
    return reading if freshness is reading.freshness else replace(reading, freshness=freshness)


def doubt(reading: Reading[T], now: float, patience: Patience, what: str, started: float) -> str:
    """Why a reading is not believed: `no metrics for 45 s: connection refused`.

    Empty while it is, or while it is early.
    """
    if believed(reading, now, patience):
        return ""
    since = started if reading.at is None else reading.at
    if reading.at is None and now - since <= patience.unknown_s:
        return ""
    why = f": {reading.error}" if reading.error else ""
    return f"no {what} for {quantity.duration(now - since)}{why}"


def _freshness(reading: Reading[T], now: float, patience: Patience) -> Freshness:
    named = reading.freshness if reading.error and reading.freshness in (Freshness.AUTH, Freshness.LIMITED) else None
    if reading.at is None:
        return named or (Freshness.UNKNOWN if reading.error else Freshness.PENDING)
    age = now - reading.at
    if age > patience.unknown_s:
        return named or Freshness.UNKNOWN
    if age > patience.stale_s:
        return named or Freshness.STALE
    return named or Freshness.FRESH
