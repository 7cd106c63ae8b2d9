"""What every request to the API passes first: faults, token, limit, organization. Errors become answers here."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from npconsole.sim.clock import Clock
from npconsole.sim.fault import SENTRY, Fault, Kind
from npconsole.sim.record import Record
from npconsole.sim.sentry.limit import LIMIT, WINDOW_S, RateLimit

SLOW_S = 1.5
ERROR_RATIO = 0.5
TOO_OFTEN = f"You are attempting to use this endpoint too frequently. Limit is {LIMIT} requests in {WINDOW_S} seconds"

Handler = Callable[[Request], Awaitable[Response]]


class Answer(JSONResponse):
    """JSON in ASCII, so that a lone surrogate of an event goes out as it came in instead of failing."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode()


class ApiError(Exception):
    """An answer other than 200, as `{"detail": …}`."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Tokens:
    """`writer` may do all, `reader` may not change issues."""

    writer: str
    reader: str


class Gate:
    """Guards the API of one organization. `faults` are those at work on Sentry now."""

    def __init__(
        self,
        organization: str,
        tokens: Tokens,
        clock: Clock,
        rng: Random,
        faults: Callable[[], Mapping[Kind, Fault]],
        record: Record,
    ) -> None:
        self.organization = organization
        self._tokens = tokens
        self._clock = clock
        self._rng = rng
        self._faults = faults
        self._record = record
        self._limit = RateLimit()

    def check(self, endpoint: str, handler: Handler) -> Handler:
        """Ask for the token, the limit and the organization before the handler, and turn its errors into answers."""

        async def handle(request: Request) -> Response:
            self._count(request)
            faults = self._faults()
            if Kind.SLOW in faults:
                await asyncio.sleep(SLOW_S)
            if Kind.ERRORS in faults and self._rng.random() < ERROR_RATIO:
                return Answer({"detail": "Internal Error", "errorId": None}, 500)
            headers: dict[str, str] = {}
            try:
                caller = self._caller(request)
                exhausted = Kind.VENDOR_429 in faults
                ruling = self._limit.ask(caller, endpoint, self._clock.wall(), exhausted=exhausted)
                headers = ruling.headers
                if not ruling.allowed:
                    raise ApiError(429, TOO_OFTEN)
                if request.path_params["organization"] != self.organization:
                    raise ApiError(404, "The requested resource does not exist")
                response = await handler(request)
            except ApiError as error:
                response = Answer({"detail": error.detail}, error.status)
            response.headers.update(headers)
            return response

        return handle

    def _count(self, request: Request) -> None:
        """Count a request that was sent to change something, whatever becomes of it."""
        if request.method in ("GET", "HEAD"):
            return
        token = request.headers.get("authorization", "").rpartition(" ")[2]
        actor = {self._tokens.writer: "npconsole", self._tokens.reader: "reader"}.get(token, "")
        self._record.write(SENTRY, actor, f"{request.method} {request.url.path}")

    def _caller(self, request: Request) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise ApiError(401, "Authentication credentials were not provided.")
        if token not in (self._tokens.writer, self._tokens.reader):
            raise ApiError(401, "Invalid token")
        if request.method != "GET" and token != self._tokens.writer:
            raise ApiError(403, "You do not have permission to perform this action.")
        return token
