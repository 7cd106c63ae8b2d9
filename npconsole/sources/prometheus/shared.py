"""One fetch for many readers: the first one fetches, the others get the same outcome until it is too old.

A failure is shared as well; else a thousand readers would wait for a thousand time-outs, one after another.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from npconsole.errors import SourceError
from npconsole.model.clock import Clock

T = TypeVar("T")


class Shared(Generic[T]):
    """The outcome of `fetch`, at most `max_age_s` old. A reader that is cancelled leaves the fetch to the next one."""

    def __init__(self, fetch: Callable[[], Awaitable[T]], max_age_s: float, clock: Clock) -> None:
        self._fetch = fetch
        self._max_age_s = max_age_s
        self._clock = clock
        self._lock = asyncio.Lock()
        self._outcome: T | SourceError | None = None
        self._at = float("-inf")

    async def get(self) -> T:
        """The value, or the SourceError that the fetch ended with."""
        async with self._lock:
            outcome = self._outcome
            if outcome is None or self._clock.now() - self._at >= self._max_age_s:
                outcome = await self._fetched()
        if isinstance(outcome, SourceError):
            # One instance is raised many times: without this its traceback would grow with each.
            raise outcome.with_traceback(None)
        return outcome

    async def _fetched(self) -> T | SourceError:
        outcome: T | SourceError
        try:
            outcome = await self._fetch()
        except SourceError as error:
            outcome = error
        self._outcome, self._at = outcome, self._clock.now()
        return outcome
