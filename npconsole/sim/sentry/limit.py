"""Sentry's request limits: a fixed window for each caller and endpoint, told in `X-Sentry-Rate-Limit-*` headers.

Like the real one it sends no `Retry-After`; `Reset` says when (epoch seconds).
"""

import math
from dataclasses import dataclass

LIMIT = 40
WINDOW_S = 10
CONCURRENT = 25


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a request may pass, and the headers that go with its answer."""

    allowed: bool
    headers: dict[str, str]


class RateLimit:
    """Counts requests by caller and endpoint."""

    def __init__(self) -> None:
        self._window = -1
        self._used: dict[tuple[str, str], int] = {}

    def ask(self, caller: str, endpoint: str, wall: float, *, exhausted: bool) -> Ruling:
        """Count one request at `wall`. `exhausted` refuses whatever the count says."""
        window = math.floor(wall / WINDOW_S)
        if window != self._window:
            self._window = window
            self._used.clear()
        used = self._used.get((caller, endpoint), 0) + 1
        self._used[caller, endpoint] = used
        remaining = 0 if exhausted else max(0, LIMIT - used)
        headers = {
            "X-Sentry-Rate-Limit-Limit": str(LIMIT),
            "X-Sentry-Rate-Limit-Remaining": str(remaining),
            "X-Sentry-Rate-Limit-Reset": str((window + 1) * WINDOW_S),
            "X-Sentry-Rate-Limit-ConcurrentLimit": str(CONCURRENT),
            "X-Sentry-Rate-Limit-ConcurrentRemaining": str(CONCURRENT - 1),
        }
        return Ruling(allowed=not exhausted and used <= LIMIT, headers=headers)
