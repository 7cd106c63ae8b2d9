"""The faults of a vendor's API, the same for all vendors: what happens to a request between its arrival and its answer.

An effect happens at most once: never for a request that is refused before, and later for one that is late.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import Response

from npconsole.sim.agenda import Agenda
from npconsole.sim.clock import Clock
from npconsole.sim.fault import Fault, Kind

SLOW_S = 1.5
LATE_S = 20.0
RETRY_S = 7
GIVE_UP_S = 100.0
"""Real seconds after which a gateway answers for a server that does not."""

Effect = Callable[[], Response]
Refusal = Callable[[int, Mapping[str, str]], Response]
"""An answer in the vendor's own shape that says no: status and further headers."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """`faults` are those at work on the vendor now."""

    faults: Callable[[], Mapping[Kind, Fault]]
    agenda: Agenda
    clock: Clock

    async def serve(self, request: Request, effect: Effect, refusal: Refusal, *, writes: bool) -> Response:
        """Answer a request by `effect`, which does what was asked for, or as the faults have it."""
        faults = self.faults()
        if Kind.SLOW in faults:
            await asyncio.sleep(SLOW_S)
        self.agenda.catch_up()
        limited = next((kind for kind in self._retry_after if kind in faults), None)
        if limited is not None:
            text = self._retry_after[limited]
            return refusal(429, {} if text is None else {"retry-after": text})
        if Kind.ERRORS in faults:
            return refusal(503, {})
        if Kind.OK_WITH_ERRORS in faults:
            return refusal(200, {})
        if not writes:
            return effect()
        return await self._write(request, effect, refusal, faults)

    async def _write(
        self, request: Request, effect: Effect, refusal: Refusal, faults: Mapping[Kind, Fault]
    ) -> Response:
        if Kind.ERROR_BEFORE in faults:
            return refusal(503, {})
        if Kind.LATE in faults:
            self.agenda.after(LATE_S, lambda: _forget(effect()))
            await _until_gone(request)
            return refusal(504, {})
        response = effect()
        return refusal(503, {}) if Kind.ERROR_AFTER in faults else response

    @property
    def _retry_after(self) -> Mapping[Kind, str | None]:
        return {
            Kind.VENDOR_429: str(RETRY_S),
            Kind.VENDOR_429_DATE: formatdate(self.clock.wall() + RETRY_S, usegmt=True),
            Kind.VENDOR_429_BARE: None,
            Kind.VENDOR_429_NEGATIVE: "-1",
            Kind.VENDOR_429_HUGE: "1000000000",
        }


async def _until_gone(request: Request) -> None:
    """Wait until the client gives up, or the gateway does."""
    try:
        async with asyncio.timeout(GIVE_UP_S):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        pass


def _forget(_: Response) -> None:
    """Nobody is there any more to be answered."""
