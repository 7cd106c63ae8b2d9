"""One loop per source: await the read, then sleep. Never overlapping, always with a deadline, and it survives any
error.

The only place where a source's unexpected exception is caught; it becomes the reading's reason and a log line.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Generic, TypeVar

from npconsole.engine.breaker import Breaker
from npconsole.engine.freshness import cause
from npconsole.engine.schedule import Pace, pause_s
from npconsole.engine.watch import Watch
from npconsole.errors import Failure, NpconsoleError, SourceError, UnauthorisedError, UnreachableError
from npconsole.model import quantity
from npconsole.model.clock import Clock
from npconsole.model.reading import Freshness, Reading

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Poller(Generic[T]):
    """Reads one source for as long as it runs; `report` gets each reading and when its attempt began.

    `late` hears how many seconds after its turn each read began, but for those that were asked for in between.
    """

    def __init__(
        self,
        name: str,
        watch: Watch[T],
        report: Callable[[Reading[T], float], None],
        *,
        clock: Clock,
        rng: Random,
        breaker: Breaker | None = None,
        late: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.name = name
        self._watch = watch
        self._report = report
        self._clock = clock
        self._rng = rng
        self._breaker = breaker
        self._late = late
        self._pace = Pace.of(watch.interval_s)
        self._reading: Reading[T] = Reading()
        self._failures = 0
        self._wake = asyncio.Event()

    async def run(self, delay_s: float = 0.0) -> None:
        """Read until cancelled, first after `delay_s`."""
        await asyncio.sleep(delay_s)
        while True:
            self._wake.clear()
            began = self._clock.now()
            error = await self.read(began)
            now = self._clock.now()
            pause = pause_s(self._pace, took_s=now - began, failures=self._failures, error=error, rng=self._rng)
            self._tell(replace(self._reading, next_at=now + pause), began)
            if not await self._sleep(pause):
                self._late(self._clock.now() - now - pause)

    @property
    def reading(self) -> Reading[T]:
        """The reading after the last attempt."""
        return self._reading

    def wake(self) -> None:
        """Read at once instead of at the next turn."""
        if self._breaker is not None:
            self._breaker.reset()
        self._wake.set()

    async def read(self, began: float) -> Exception | None:
        """One attempt; returns its error. The reading keeps the last value and says why there is no newer one."""
        error: Exception | None = None
        try:
            value = await self._guarded(began)
        except Exception as raised:  # noqa: BLE001 - whatever a source raises, the others go on
            error = raised
            self._failures += 1
            reading = replace(self._reading, tried_at=began, error=self._reason(raised))
            self._reading = replace(reading, freshness=cause(raised) or Freshness.STALE)
        else:
            self._failures = 0
            self._reading = Reading(value, self._clock.now(), began, "", Freshness.FRESH)
        return error

    async def _guarded(self, began: float) -> T:
        breaker = self._breaker
        if breaker is None:
            return await self._once()
        if not breaker.allows(began):
            left = quantity.duration(breaker.reopens_at - began)
            raise SourceError(f"{breaker.host} failed {breaker.failures} times in a row; tried again in {left}")
        try:
            value = await self._once()
        except UnauthorisedError:
            breaker.succeeded()  # it answered: the credential is at fault, not the host
            raise
        except Exception:
            breaker.failed(self._clock.now())
            raise
        except BaseException:
            breaker.abandoned()
            raise
        breaker.succeeded()
        return value

    async def _once(self) -> T:
        try:
            return await self._in_time()
        except UnauthorisedError:
            if self._watch.renew is None or self._failures:
                raise
            self._watch.renew()
            return await self._in_time()

    async def _in_time(self) -> T:
        # The source has its own deadline; this one is for a source that forgets it.
        limit = self._watch.timeout_s * 1.5 + 0.5
        try:
            async with asyncio.timeout(limit):
                return await self._watch.read()
        except TimeoutError:
            raise UnreachableError(f"no answer within {quantity.duration(limit)}", Failure.TIMEOUT) from None

    def _tell(self, reading: Reading[T], began: float) -> None:
        try:
            self._report(reading, began)
        except Exception:  # noqa: BLE001 - a defect in judging one source must not end the reading of all
            _log.exception("%s was read but not judged", self.name)

    def _reason(self, error: Exception) -> str:
        if isinstance(error, NpconsoleError):
            return error.message
        _log.error("%s raised %s", self.name, type(error).__name__, exc_info=error)
        return f"internal error ({type(error).__name__}); see the log"

    async def _sleep(self, pause: float) -> bool:
        """Whether it was woken before its turn."""
        try:
            async with asyncio.timeout(pause):
                return await self._wake.wait()
        except TimeoutError:
            return False
