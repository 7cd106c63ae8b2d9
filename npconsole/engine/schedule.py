"""When a source is read next: interval with jitter, exponential back-off, `Retry-After`.

Pure; randomness is a parameter.
"""

from dataclasses import dataclass
from random import Random

from npconsole.errors import LimitedError, ServerError, UnauthorisedError

_JITTER = 0.05
_AUTH_PAUSE_S = 300.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a source is read. After failures the pause doubles up to `slowest_s`."""

    interval_s: float
    slowest_s: float

    @classmethod
    def of(cls, interval_s: float, *, patience: float = 4.0) -> "Pace":
        """A pace that backs off to at most `patience` intervals."""
        return cls(interval_s, interval_s * patience)


def pause_s(pace: Pace, *, took_s: float, failures: int, error: Exception | None, rng: Random) -> float:
    """Seconds from the end of one read to the start of the next.

    Without failures reads start an interval apart however long each takes, give or take 5 %; after `failures` in a
    row the pause is
    drawn from the upper half of the doubled interval, so that many consoles do not return in step. A stated
    `Retry-After`
    is a minimum. A refused credential is not tried again soon: only a person can change that.
    """
    if error is None or failures == 0:
        start_to_start = pace.interval_s * rng.uniform(1 - _JITTER, 1 + _JITTER)
        return max(start_to_start - took_s, pace.interval_s * 0.1)
    if isinstance(error, UnauthorisedError):
        return max(_AUTH_PAUSE_S, pace.interval_s) * rng.uniform(1.0, 1.1)
    widest = min(pace.interval_s * 2.0 ** min(failures - 1, 16), max(pace.slowest_s, pace.interval_s))
    pause = max(rng.uniform(widest / 2, widest), pace.interval_s * (1 - _JITTER))
    told = error.retry_after_s if isinstance(error, LimitedError | ServerError) else None
    return pause if told is None else max(pause, told * rng.uniform(1.0, 1.1))
