"""The one HTTP client. Every request has a total deadline, a bounded answer, no surprises on the way.

Nothing is taken from the environment, no cookie is kept, a credential goes to its own origin only, and no exception
holds a query string or a header. Every status is an answer; `accept` judges it.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import Self

import httpcore

from npconsole import __version__
from npconsole.errors import BadAnswerError, Failure, SecretError, UnreachableError, UsageError
from npconsole.model.secret import Secret
from npconsole.net.answer import Answer, accept, decode_json
from npconsole.net.dialer import Dialer
from npconsole.net.failure import explain
from npconsole.net.inflate import BodyError, collect
from npconsole.net.lean import httpx
from npconsole.net.offload import offload
from npconsole.net.pools import Pools
from npconsole.net.resolver import Resolver
from npconsole.net.stopwatch import Phase, Stopwatch
from npconsole.net.text import clean
from npconsole.net.tls import client_context

__all__ = ["Answer", "Credential", "Http", "accept", "decode_json"]

MOST_HEADERS = 100
LONGEST_HEADER = 8000
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret for a header, pinned to one origin (`scheme://host[:port]`).

    The header's value is the prefix, a space, and the secret; without a prefix the secret alone. `resolve` may block.
    `setting` is the dotted configuration key, for messages.
    """

    origin: str
    header: str
    prefix: str
    resolve: Callable[[], Secret]
    setting: str


class Http:
    """Requests over kept-alive connections; one per process, used as an async context manager.

    `now` is a monotonic clock in seconds. `max_connections` requests run at once, the others wait within their
    deadline; so many connections are kept. `ca_file` is trusted instead of the host's certificates. A `transport`
    replaces the network.
    """

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], float],
        max_connections: int = 4000,
        ca_file: str = "",
        resolver: Resolver | None = None,
    ) -> None:
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._now = now
        self._resolver = resolver or Resolver(now)
        self._transport = transport or Pools(
            Dialer(now, resolver=self._resolver),
            tls=lambda: client_context(ca_file),
            most_idle=max_connections,
        )
        self._slots = asyncio.Semaphore(max_connections)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    async def request(
        self,
        method: str,
        url: str,
        *,
        what: str,
        deadline_s: float,
        params: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] = _NO_HEADERS,
        json: object = None,
        content: bytes | None = None,
        credential: Credential | None = None,
        max_bytes: int = 2_000_000,
        same_host_redirects: int = 0,
        fresh: bool = False,
    ) -> Answer:
        """Send one request and read the whole answer, of any status, within `deadline_s` seconds in all.

        `what` begins every message; empty for the bare reason. The body is `json`, or `content` as it is. `max_bytes`
        bounds the decompressed body. `fresh` opens a connection of its own, so that the timings have a look-up and a
        connect. A redirect that may not be followed is the answer. Raises UnreachableError when our side failed,
        BadAnswerError for an answer that breaks the protocol or the bounds, SecretError when the credential cannot be
        used here.
        """
        watch = Stopwatch(self._now)
        address = _address(url, params, what)
        where = _where(what, address)
        try:
            async with asyncio.timeout(deadline_s), self._slots:
                named = {name.lower(): value for name, value in headers.items()}
                sent = {**_OWN_HEADERS, **named, **await _authorisation(credential, address)}
                asked = httpx.Request(
                    method,
                    address,
                    headers=sent,
                    json=json,
                    content=content,
                    extensions={"trace": watch.trace, "fresh": fresh},
                )
                asked.extensions["timeout"] = {"connect": deadline_s}
                return await self._follow(asked, watch, where, max_bytes, same_host_redirects)
        except TimeoutError:
            raise self._out_of_time(address.host, watch, where, deadline_s) from None

    async def _follow(
        self, asked: httpx.Request, watch: Stopwatch, where: str, max_bytes: int, redirects: int
    ) -> Answer:
        answer = await self._persist(asked, watch, where, max_bytes)
        for _ in range(redirects):
            target = _redirect(asked, answer)
            if target is None:
                break
            headers = dict(asked.headers)
            if _origin(target) != _origin(asked.url):
                headers = {name: value for name, value in headers.items() if name in _OWN_HEADERS}
            headers.pop("host", None)
            asked = httpx.Request(asked.method, target, headers=headers, extensions=asked.extensions)
            answer = await self._persist(asked, watch, where, max_bytes)
        return answer

    async def _persist(self, asked: httpx.Request, watch: Stopwatch, where: str, max_bytes: int) -> Answer:
        """Ask again, once, when a kept connection turns out to have been closed by the other side meanwhile."""
        try:
            return await self._exchange(asked, watch, where, max_bytes)
        except UnreachableError as error:
            was_stale = watch.is_sent and not watch.is_connected_anew and error.failure is Failure.RESET
            if not was_stale or asked.method not in ("GET", "HEAD"):
                raise
        asked.extensions["fresh"] = True
        return await self._exchange(asked, watch, where, max_bytes)

    async def _exchange(self, asked: httpx.Request, watch: Stopwatch, where: str, max_bytes: int) -> Answer:
        try:
            response = await self._transport.handle_async_request(asked)
            try:
                encoding = response.headers.get("content-encoding", "")
                stream = response.stream
                if not isinstance(stream, httpx.AsyncByteStream):
                    raise TypeError("the transport answered with a synchronous stream")
                body = await collect(stream, encoding=clean(encoding, limit=40), most=max_bytes)
            finally:
                await response.aclose()
        except BodyError as error:
            raise BadAnswerError(f"{where}{error}") from None
        except _TRANSPORT_ERRORS as error:
            failure, reason = explain(error, watch.phase)
            if failure is None:
                raise BadAnswerError(f"{where}{reason}") from None
            raise UnreachableError(f"{where}{reason}", failure, sent=_may_be_sent(watch, failure)) from None
        return Answer(response.status_code, _headers(response), body, watch.timings())

    def _out_of_time(self, host: str, watch: Stopwatch, where: str, deadline_s: float) -> UnreachableError:
        if watch.phase is Phase.CONNECT and self._resolver.is_waiting(host):
            message, failure = f"no address for {host}", Failure.DNS
        else:
            message, failure = str(watch.phase), Failure.TIMEOUT
        sent = _may_be_sent(watch, failure)
        return UnreachableError(f"{where}{message} within {deadline_s:g} s", failure, sent=sent)


_OWN_HEADERS = {"user-agent": f"npconsole/{__version__}", "accept": "*/*", "accept-encoding": "gzip"}
_TRANSPORT_ERRORS = (
    httpx.TransportError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


def _may_be_sent(watch: Stopwatch, failure: Failure) -> bool:
    """Whether any part of the request may have gone out; False only when it ended before a connection stood."""
    is_before = watch.phase in (Phase.CONNECT, Phase.TLS) or failure in (Failure.DNS, Failure.CONNECT, Failure.TLS)
    return watch.is_sent or not is_before


def _address(url: str, params: Sequence[tuple[str, str]], what: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
        if params:
            address = address.copy_merge_params(httpx.QueryParams(list(params)))
    except httpx.InvalidURL:
        raise UsageError(f"{what or 'a request'}: its address is not valid") from None
    if address.scheme not in _PORTS or not address.host or (address.port or 0) > 65535:
        raise UsageError(f"{what or 'a request'}: its address is not an http or https one")
    return address


def _where(what: str, address: httpx.URL) -> str:
    """The beginning of a message: what was asked and of whom. Host and port only: a path or query may hold secrets."""
    host = clean(f"[{address.host}]" if ":" in address.host else address.host, limit=255)
    port = f":{address.port}" if address.port else ""
    return f"{what} at {host}{port}: " if what else ""


def _origin(address: httpx.URL) -> tuple[str, str, int]:
    return address.scheme, address.host, address.port or _PORTS.get(address.scheme, 0)


async def _authorisation(credential: Credential | None, address: httpx.URL) -> dict[str, str]:
    """The credential's header, after checking that it may go there."""
    if credential is None:
        return {}
    if _origin(httpx.URL(credential.origin)) != _origin(address):
        raise SecretError(
            f"{credential.setting} belongs to {credential.origin} and is not sent to {address.host}",
            hint="make the address and the credential belong to one another in the configuration",
        )
    secret = await offload(credential.resolve, name=f"secret {credential.setting}")
    if not secret.is_token:
        raise SecretError(
            f"{credential.setting} cannot be sent: it is empty or has spaces, line ends or characters beyond ASCII",
            hint="look for a stray quote, space or line end where it is kept",
        )
    return {credential.header.lower(): f"{credential.prefix.strip()} {secret.reveal()}".lstrip()}


def _redirect(asked: httpx.Request, answer: Answer) -> httpx.URL | None:
    """Where to go on: only reading, only on the same host, from http to https at most; None to stay."""
    if asked.method not in ("GET", "HEAD") or answer.status not in (301, 302, 303, 307, 308):
        return None
    try:
        target = asked.url.join(answer.headers.get("location", ""))
    except httpx.InvalidURL:
        return None
    same = _origin(target) == _origin(asked.url)
    upgraded = _origin(asked.url) == ("http", target.host, 80) and _origin(target) == ("https", target.host, 443)
    return target if same or upgraded else None


def _headers(response: httpx.Response) -> Mapping[str, str]:
    """The first headers, cleaned; those that occur several times are joined by commas."""
    kept: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw[:MOST_HEADERS]:
        name = clean(raw_name.decode("latin-1"), limit=100).lower()
        value = clean(raw_value.decode("latin-1"), limit=LONGEST_HEADER)
        kept[name] = clean(f"{kept[name]}, {value}", limit=LONGEST_HEADER) if name in kept else value
    return MappingProxyType(kept)
