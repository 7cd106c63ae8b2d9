"""Connections kept alive between requests, so that a read costs the same with 3 origins as with 1,000.

A connection belongs to one request at a time and is kept only after a whole answer; whatever else happens to the
request, cancellation above all, closes it. httpcore's own pool is not used: a request that is cancelled at the wrong
moment leaves a connection in it that nobody owns, and ten of those block an origin for good.
"""

import ssl
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import cast

import httpcore

from npconsole.net.lean import httpx

KEPT_PER_ORIGIN = 4
KEEP_ALIVE_S = 75.0
"""Longer than the intervals between reads; a server that closes earlier is noticed."""

Key = tuple[bytes, bytes, int]


class Pools(httpx.AsyncBaseTransport):
    """httpx's transport interface over httpcore's connections. Raises httpcore's exceptions.

    With `extensions={"fresh": True}` the connection is opened for the request and closed after it. At most `most_idle`
    connections are kept in all. `tls` is called once, at the first https origin.
    """

    def __init__(
        self, backend: httpcore.AsyncNetworkBackend, *, tls: Callable[[], ssl.SSLContext], most_idle: int
    ) -> None:
        self._backend = backend
        self._tls = tls
        self._context: ssl.SSLContext | None = None
        self._most_idle = most_idle
        self._idle_count = 0
        self._idle: dict[Key, list[httpcore.AsyncHTTPConnection]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=cast(AsyncIterable[bytes], request.stream),
            extensions=request.extensions,
        )
        origin = asked.url.origin
        key = (origin.scheme, origin.host, origin.port)
        is_fresh = bool(request.extensions.get("fresh"))
        connection = (None if is_fresh else await self._take(key)) or self._open(origin)
        try:
            answer = await connection.handle_async_request(asked)
        except BaseException:
            await connection.aclose()
            raise
        release = connection.aclose if is_fresh else lambda: self._release(key, connection)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer, release), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        idle = [connection for kept in self._idle.values() for connection in kept]
        self._idle.clear()
        self._idle_count = 0
        for connection in idle:
            await connection.aclose()

    async def _take(self, key: Key) -> httpcore.AsyncHTTPConnection | None:
        """An idle connection that the other side has not closed."""
        kept = self._idle.get(key, [])
        while kept:
            connection = kept.pop()
            self._idle_count -= 1
            if connection.is_idle() and not connection.has_expired():
                return connection
            await connection.aclose()
        return None

    async def _release(self, key: Key, connection: httpcore.AsyncHTTPConnection) -> None:
        """Keep a connection whose answer was read to its end, close any other."""
        kept = self._idle.setdefault(key, [])
        if connection.is_idle() and len(kept) < KEPT_PER_ORIGIN and self._idle_count < self._most_idle:
            kept.append(connection)
            self._idle_count += 1
        else:
            await connection.aclose()

    def _open(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        if origin.scheme == b"https" and self._context is None:
            self._context = self._tls()
        return httpcore.AsyncHTTPConnection(
            origin, ssl_context=self._context, keepalive_expiry=KEEP_ALIVE_S, network_backend=self._backend
        )


class _Body(httpx.AsyncByteStream):
    """The body of an answer; closing it releases the connection."""

    def __init__(self, answer: httpcore.Response, release: Callable[[], Awaitable[None]]) -> None:
        self._answer = answer
        self._release = release

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in cast(AsyncIterable[bytes], self._answer.stream):
            yield chunk

    async def aclose(self) -> None:
        try:
            await self._answer.aclose()
        finally:
            await self._release()
