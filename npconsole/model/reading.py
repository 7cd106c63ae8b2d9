"""A value or an error, with its time: what every source yields and every pane shows."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Freshness(StrEnum):
    """What a reading's age and last error say about it. The word a pane shows beside its title."""

    PENDING = "pending"
    FRESH = "fresh"
    STALE = "stale"
    UNKNOWN = "unknown"
    AUTH = "auth"
    LIMITED = "limited"


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """The last value of a source and how its last attempt went.

    `at` is when the value was read, `tried_at` when a read was last attempted (both `Clock.now()` seconds, None
    before the
    first). `error` is the reason of the last failure, empty after a success; the last value stays beside it.
    `freshness` was judged by the engine at the instant of the snapshot.
    """

    value: T_co | None = None
    at: float | None = None
    tried_at: float | None = None
    error: str = ""
    freshness: Freshness = Freshness.PENDING
    next_at: float | None = None

    def age_s(self, now: float) -> float | None:
        """Seconds since the value was read; None while there is none."""
        return None if self.at is None else max(0.0, now - self.at)
