"""A small HTTP server for `/metrics` and `/healthz`: GET and HEAD, nothing else, nothing kept between requests.

Bounded in everything a stranger controls: bytes of a request, seconds for it, and how many there are at a time.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address

from npconsole.errors import UsageError
from npconsole.exposition.page import CONTENT_TYPE
from npconsole.net.text import clean

_MOST_BYTES = 8192
_MOST_AT_ONCE = 32
_TIMEOUT_S = 5.0
_TEXT = "text/plain; charset=utf-8"
_REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 503: "Service Unavailable"}


@dataclass(frozen=True, slots=True)
class Listen:
    """An address to listen at; port 0 takes a free one."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this host can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_listen(text: str) -> Listen:
    """`127.0.0.1:9877`, `[::1]:9877`, `:9877` for every address. Raises UsageError."""
    host, separator, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not separator or not (port.isascii() and port.isdigit()) or int(port) > 65535 or any(c.isspace() for c in host):
        raise UsageError(
            f"{clean(text, limit=80)!r} is not an address to listen at", hint="write 127.0.0.1:9877, or :9877 for all"
        )
    return Listen(host or "0.0.0.0", int(port))  # noqa: S104 - only when the address says so


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer."""

    status: int
    body: bytes
    kind: str = _TEXT


class MetricsServer:
    """Serves what `page` and `health` return at that moment; `health` is why this daemon is not well, empty when it is.

    As a context manager it listens from its beginning to its end.
    """

    def __init__(self, listen: Listen, *, page: Callable[[], bytes], health: Callable[[], str]) -> None:
        self._listen = listen
        self._page = page
        self._health = health
        self._slots = asyncio.Semaphore(_MOST_AT_ONCE)
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Listen:
        """Where it listens now. Raises UsageError when it cannot."""
        try:
            self._server = await asyncio.start_server(
                self._serve, self._listen.host, self._listen.port, limit=_MOST_BYTES
            )
        except OSError as error:
            reason = clean(error.strerror or type(error).__name__, limit=120)
            raise UsageError(
                f"cannot listen at {self._listen}: {reason}", hint="give another --listen, or daemon.listen"
            ) from None
        host, port = self._server.sockets[0].getsockname()[:2]
        return Listen(host, port)

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT_S), self._slots:
                head = await reader.readuntil(b"\r\n\r\n")
                method, answered = self._answer(head)
                writer.write(_head(answered) + (b"" if method == "HEAD" else answered.body))
                await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, head: bytes) -> tuple[str, Answered]:
        words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return "GET", Answered(400, b"not an HTTP request\n")
        method, path = words[0], words[1].partition("?")[0]
        if method not in ("GET", "HEAD"):
            return method, Answered(405, b"only GET\n")
        return method, self._resource(path)

    def _resource(self, path: str) -> Answered:
        match path:
            case "/metrics":
                return Answered(200, self._page(), CONTENT_TYPE)
            case "/healthz":
                problem = self._health()
                return Answered(503 if problem else 200, f"{problem or 'ok'}\n".encode())
            case "/":
                return Answered(200, b"npconsole heal: /metrics, /healthz\n")
            case _:
                return Answered(404, b"there is /metrics and /healthz\n")


def _head(answered: Answered) -> bytes:
    lines = [
        f"HTTP/1.1 {answered.status} {_REASONS[answered.status]}",
        f"Content-Type: {answered.kind}",
        f"Content-Length: {len(answered.body)}",
        "Connection: close",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
    ]
    if answered.status == 405:
        lines.append("Allow: GET, HEAD")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
