"""Opening connections: look-up and connect timed apart, several addresses tried, link-local names refused."""

import asyncio
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from npconsole.net.resolver import Resolver


class Dialer(httpcore.AsyncNetworkBackend):
    """httpcore's network backend over its own anyio one. A stream's extra info `dns_ms` is its look-up's time."""

    def __init__(self, now: Callable[[], float], *, resolver: Resolver) -> None:
        self._now = now
        self._resolver = resolver
        self._backend = httpcore.AnyIOBackend()
        self._last_good: dict[str, str] = {}

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that accepts, beginning with the one that did so last."""
        started = self._now()
        resolved = await self._resolver.resolve(host)
        addresses = sorted(resolved.addresses, key=lambda address: address != self._last_good.get(host))
        for left in range(len(addresses), 0, -1):
            address = addresses[-left]
            try:
                async with asyncio.timeout(self._share(timeout, started, left)):
                    stream = await self._backend.connect_tcp(address, port, None, local_address, socket_options)
            except (TimeoutError, httpcore.ConnectError) as error:
                if left > 1:
                    continue
                if isinstance(error, TimeoutError):
                    raise httpcore.ConnectTimeout from error
                raise
            if len(addresses) > 1:
                self._last_good[host] = address
            return _Timed(stream, resolved.dns_ms)
        raise AssertionError("a resolved host has an address")

    def _share(self, timeout_s: float | None, started: float, left: int) -> float | None:
        """Seconds for one of `left` addresses out of what remains."""
        return None if timeout_s is None else max(0.0, timeout_s - (self._now() - started)) / left


class _Timed(httpcore.AsyncNetworkStream):
    """A stream that remembers how long its host's look-up took."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, dns_ms: float | None) -> None:
        self._stream = stream
        self._dns_ms = dns_ms

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:  # a handshake that is cancelled at the deadline would leave the socket open
            await self._stream.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._dns_ms if info == "dns_ms" else self._stream.get_extra_info(info)
