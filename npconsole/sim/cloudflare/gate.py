"""What every request to the API passes first: token, limit, faults. Errors become envelopes here."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from npconsole.sim.clock import Clock
from npconsole.sim.cloudflare.caller import Caller, Tokens, caller_of
from npconsole.sim.cloudflare.envelope import ApiError, Result, failure, success
from npconsole.sim.cloudflare.limit import RateLimit
from npconsole.sim.fault import CLOUDFLARE
from npconsole.sim.record import Record
from npconsole.sim.trouble import Trouble

Refusal = tuple[int, int, str]
"""Status, code and message."""

UNKNOWN_TOKEN = (403, 9109, "Invalid access token")
FORBIDDEN = (403, 10000, "Authentication error")
REFUSALS = {
    200: (10001, "Unable to complete the request"),
    429: (971, "Please wait and consider throttling your request speed"),
    503: (10001, "Service temporarily unavailable"),
    504: (10001, "Gateway timeout"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in. `body` is the JSON of a write, else None."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    caller: Caller


Handler = Callable[[Call], Result]
Endpoint = Callable[[Request], Awaitable[Response]]


class Gate:
    """Guards the API. `tokens` are all that are known."""

    def __init__(self, tokens: Tokens, trouble: Trouble, clock: Clock, record: Record) -> None:
        self._tokens = tokens
        self._trouble = trouble
        self._clock = clock
        self._record = record
        self._limit = RateLimit()

    async def unrouted(self, request: Request) -> Response:
        """The answer where there is nothing, whoever asks."""
        self._count(request, "")
        message = f"Could not route to {request.url.path}, perhaps your object identifier is invalid?"
        return failure(ApiError(400, 7003, message, more=[{"code": 7000, "message": "No route for that URI"}]))

    def check(self, handler: Handler, unknown: Refusal = UNKNOWN_TOKEN) -> Endpoint:
        """Let a request through to its handler. `unknown` is what a token that is not known is told."""

        async def handle(request: Request) -> Response:
            headers: dict[str, str] = {}
            try:
                caller = self._caller(request, unknown)
                ruling = self._limit.ask(caller.name, self._clock.monotonic_s())
                headers = ruling.headers
                if not ruling.allowed:
                    raise ApiError(429, *REFUSALS[429])
                call = await _call(request, caller)
            except ApiError as error:
                response = failure(error)
            else:
                response = await self._trouble.serve(
                    request, lambda: _answer(handler, call), refusal, writes=_writes(request)
                )
            for name, value in headers.items():
                response.headers.setdefault(name, value)
            return response

        return handle

    def _caller(self, request: Request, unknown: Refusal) -> Caller:
        """Who calls. A write is counted even when it is refused: it was sent."""
        caller: Caller | None = None
        try:
            caller = caller_of(request.headers.get("authorization"), self._tokens)
        finally:
            self._count(request, caller.name if caller else "")
        if caller is None:
            raise ApiError(*unknown)
        if _writes(request) and not caller.may_write:
            raise ApiError(*FORBIDDEN)
        return caller

    def _count(self, request: Request, actor: str) -> None:
        if _writes(request):
            self._record.write(CLOUDFLARE, actor, f"{request.method} {request.url.path}")


def _writes(request: Request) -> bool:
    return request.method not in ("GET", "HEAD")


async def _call(request: Request, caller: Caller) -> Call:
    body = None
    if _writes(request):
        try:
            body = json.loads(await request.body())
        except ValueError:
            raise ApiError(400, 9207, "Request body is invalid.") from None
    return Call(request.path_params, request.query_params, body, caller)


def _answer(handler: Handler, call: Call) -> Response:
    try:
        return success(handler(call))
    except ApiError as error:
        return failure(error)


def refusal(status: int, headers: Mapping[str, str]) -> Response:
    """An answer that says no, in an envelope."""
    return failure(ApiError(status, *REFUSALS[status], headers=headers))
