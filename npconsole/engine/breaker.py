"""A circuit breaker for one host that several pollers share: when it fails again and again, it is left alone for a
while.

closed -> (`trip` failures in a row) -> open -> (after `cool_s`) -> one trial -> closed or open again, twice as long.
"""

from dataclasses import dataclass
from enum import StrEnum


class Circuit(StrEnum):
    """The state of a breaker."""

    CLOSED = "closed"
    OPEN = "open"
    TRIAL = "trial"


@dataclass(slots=True)
class Breaker:
    """Counts failures of one host. Times are `Clock.now()` seconds."""

    host: str
    trip: int = 5
    cool_s: float = 15.0
    coolest_s: float = 120.0
    failures: int = 0
    opened_at: float | None = None
    openings: int = 0
    trial: bool = False

    def allows(self, now: float) -> bool:
        """Whether a read may go out now. After the cooling time exactly one caller is let through."""
        if self.opened_at is None:
            return True
        if now < self.reopens_at and not self.trial:
            return False
        if self.trial:
            return False
        self.trial = True
        return True

    @property
    def reopens_at(self) -> float:
        """When the next trial may go out; 0 while closed."""
        if self.opened_at is None:
            return 0.0
        return self.opened_at + min(self.cool_s * 2.0 ** min(self.openings - 1, 10), self.coolest_s)

    @property
    def circuit(self) -> Circuit:
        if self.opened_at is None:
            return Circuit.CLOSED
        return Circuit.TRIAL if self.trial else Circuit.OPEN

    def succeeded(self) -> None:
        """The host answered: all is forgiven."""
        self.failures, self.opened_at, self.openings, self.trial = 0, None, 0, False

    def failed(self, now: float) -> None:
        """The host failed once more."""
        self.failures += 1
        if self.trial or self.failures >= self.trip:
            self.opened_at, self.trial = now, False
            self.openings += 1

    def abandoned(self) -> None:
        """The read that was let through never ended (it was cancelled): let another one try."""
        self.trial = False

    def reset(self) -> None:
        """A person asked to read now."""
        if self.opened_at is not None:
            self.opened_at = self.opened_at - self.coolest_s
