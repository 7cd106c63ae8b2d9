"""A vendor that knows its part: each call must be the next one of the script, and none may be left over."""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from npconsole.model.secret import Secret
from npconsole.net.http import Http
from npconsole.net.resolver import ResolveError

WALL = 1_795_000_000.0
TOKEN = "tok-4f7a9c21b8e3"
ANYTHING: Any = object()
SENT = ("http11.send_request_headers.started",)


class Clock:
    """Stands still."""

    def now(self) -> float:
        return 0.0

    def wall(self) -> float:
        return WALL


@dataclass(frozen=True)
class Answer:
    """What comes back. A body that is not bytes is sent as JSON."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> httpx.Response:
        content = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        return httpx.Response(self.status, headers=dict(self.headers), content=content)


@dataclass(frozen=True)
class Break:
    """What goes wrong instead, after these steps of httpcore."""

    error: Exception
    steps: Sequence[str] = SENT


@dataclass(frozen=True)
class Hang:
    """No answer ever."""


@dataclass(frozen=True)
class Call:
    """One call, and what becomes of it. `path` includes the query, `body` is the JSON sent, None for none."""

    method: str
    path: str
    then: Answer | Break | Hang
    body: Any = ANYTHING
    headers: Mapping[str, str] = field(default_factory=dict)


class Script(httpx.AsyncBaseTransport):
    """The transport. `sent` is the body of every call so far, `fresh` whether it asked for a connection of its own."""

    def __init__(self, calls: Sequence[Call]) -> None:
        self.left = list(calls)
        self.sent: list[Any] = []
        self.fresh: list[bool] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        said = f"{request.method} {request.url.raw_path.decode()}"
        assert self.left, f"{said} was not expected, nothing more was"
        call = self.left.pop(0)
        assert said == f"{call.method} {call.path}"
        body = json.loads(request.content) if request.content else None
        assert call.body is ANYTHING or body == call.body
        assert {name: request.headers.get(name) for name in call.headers} == dict(call.headers)
        self.sent.append(body)
        self.fresh.append(bool(request.extensions["fresh"]))
        return await self._act(request, call.then)

    async def _act(self, request: httpx.Request, then: Answer | Break | Hang) -> httpx.Response:
        match then:
            case Answer():
                return then.response()
            case Break():
                for step in then.steps:
                    await request.extensions["trace"](step, {})
                raise then.error
            case Hang():
                await asyncio.Event().wait()
                raise AssertionError("nobody sets that event")


@asynccontextmanager
async def played(*calls: Call) -> AsyncIterator[tuple[Http, Script]]:
    """A client of the vendor that plays this script, to the end."""
    script = Script(calls)
    async with Http(transport=script, now=time.monotonic) as http:
        yield http, script
    assert not script.left, f"{len(script.left)} calls were not made"


def token() -> Secret:
    """The token of all tests."""
    return Secret(TOKEN)


def caused(error: Exception, cause: Exception) -> Exception:
    """An error with its cause, as httpx raises them."""
    error.__cause__ = cause
    return error


def _tls_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


REFUSED = Break(caused(httpx.ConnectError("x"), ConnectionRefusedError(111, "refused")), steps=())
NO_NAME = Break(caused(httpx.ConnectError("x"), ResolveError("no such host")), steps=())
NO_CONNECTION = Break(httpx.ConnectTimeout("x"), steps=("connection.connect_tcp.started",))
NO_HANDSHAKE = Break(
    caused(httpx.ConnectError("x"), _tls_error("SSLV3_ALERT_HANDSHAKE_FAILURE")),
    steps=("connection.connect_tcp.started", "connection.start_tls.started"),
)
RESET = Break(caused(httpx.ReadError("x"), ConnectionResetError(104, "reset")))
CLOSED = Break(httpx.RemoteProtocolError("Server disconnected without sending a response."))
NOT_HTTP = Break(httpx.RemoteProtocolError("illegal status line"))


CUT_TLS = Break(caused(httpx.ReadError("x"), _tls_error("BAD_RECORD_MAC")))
"""After the request went out: the class of the failure is that of a broken handshake."""
