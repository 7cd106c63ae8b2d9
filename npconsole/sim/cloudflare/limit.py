"""Cloudflare's request limit for each token, told in `Ratelimit` headers.

1200 requests in 5 minutes; whoever exceeds it is refused for 5 minutes.
https://developers.cloudflare.com/fundamentals/api/reference/limits/
"""

import math
from dataclasses import dataclass

REQUESTS = 1200
WINDOW_S = 300
POLICY = f'"default";q={REQUESTS};w={WINDOW_S}'


@dataclass(slots=True)
class Window:
    """One token's requests since `begun_s`."""

    begun_s: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a request may pass, and the headers that go with its answer."""

    allowed: bool
    headers: dict[str, str]


class RateLimit:
    """Counts each token's requests. Seconds are real."""

    def __init__(self) -> None:
        self._windows: dict[str, Window] = {}

    def ask(self, token: str, now_s: float) -> Ruling:
        """Count one request."""
        window = self._windows.get(token)
        if window is None or now_s - window.begun_s >= WINDOW_S:
            window = self._windows[token] = Window(now_s)
        window.used += 1
        if window.used == REQUESTS + 1:
            window.begun_s = now_s
        left_s = max(1, math.ceil(window.begun_s + WINDOW_S - now_s))
        remaining = max(0, REQUESTS - window.used)
        headers = {"ratelimit": f'"default";r={remaining};t={left_s}', "ratelimit-policy": POLICY}
        allowed = window.used <= REQUESTS
        return Ruling(allowed, headers if allowed else headers | {"retry-after": str(left_s)})
