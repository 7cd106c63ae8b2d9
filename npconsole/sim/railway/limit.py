"""Railway's request limits of the Pro plan: 10000 an hour and 50 a second. https://docs.railway.com/integrations/api

The headers go with every answer; `Retry-After` in whole seconds only with 429.
"""

import math
from collections import defaultdict
from dataclasses import dataclass

PER_HOUR = 10_000
PER_SECOND = 50
HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a request may pass, and the headers that go with its answer."""

    allowed: bool
    headers: dict[str, str]


class RateLimit:
    """Counts each token's requests in windows of an hour and of a second."""

    def __init__(self) -> None:
        self._windows = (-1, -1)
        self._hour: defaultdict[str, int] = defaultdict(int)
        self._second: defaultdict[str, int] = defaultdict(int)

    def ask(self, token: str, wall: float) -> Ruling:
        """Count one request at `wall`."""
        hour, second = math.floor(wall / HOUR_S), math.floor(wall)
        if hour != self._windows[0]:
            self._hour.clear()
        if second != self._windows[1]:
            self._second.clear()
        self._windows = hour, second
        self._hour[token] += 1
        self._second[token] += 1
        reset = (hour + 1) * HOUR_S
        headers = {
            "x-ratelimit-limit": str(PER_HOUR),
            "x-ratelimit-remaining": str(max(0, PER_HOUR - self._hour[token])),
            "x-ratelimit-reset": str(reset),
        }
        if self._hour[token] > PER_HOUR:
            return Ruling(allowed=False, headers=headers | {"retry-after": str(max(1, math.ceil(reset - wall)))})
        if self._second[token] > PER_SECOND:
            return Ruling(allowed=False, headers=headers | {"retry-after": "1"})
        return Ruling(allowed=True, headers=headers)
