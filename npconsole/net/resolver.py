"""Names to addresses, timed. One look-up per name at a time, however many wait for it; nothing is cached here."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, zip_longest

import httpcore

from npconsole.net.offload import offload

MOST_ADDRESSES = 4
_WORDS = {
    socket.EAI_NONAME: "the name does not exist",
    socket.EAI_AGAIN: "no name server answers",
    socket.EAI_FAIL: "the name server failed",
    socket.EAI_NODATA: "the name has no address",
}


class ResolveError(httpcore.ConnectError):
    """A name has no address we may use. The text says why."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The addresses to try, in order. `dns_ms` is how long the look-up took, None when the host is an address."""

    addresses: tuple[str, ...]
    dns_ms: float | None


def literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that `host` spells out, or None when it is a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


class Resolver:
    """Asks the system's resolver (`getaddrinfo`) on daemon threads. `now` is in seconds."""

    def __init__(self, now: Callable[[], float], *, lookup: Callable[[str], list[str]] | None = None) -> None:
        self._now = now
        self._lookup = lookup or _getaddrinfo
        self._under_way: dict[str, asyncio.Future[list[str]]] = {}

    def is_waiting(self, host: str) -> bool:
        """Whether a look-up of this name is under way."""
        return host in self._under_way

    async def resolve(self, host: str) -> Resolved:
        """The addresses of a host, the families interleaved; raises ResolveError.

        A name never leads to a link-local address (169.254/16, fe80::/10: the cloud's metadata service); only an
        address written in the configuration itself does.
        """
        if literal(host) is not None:
            return Resolved((host,), None)
        started = self._now()
        try:
            found = await asyncio.shield(self._start(host))
        except OSError as error:
            raise ResolveError(_WORDS.get(error.errno or 0, "the name could not be resolved")) from error
        except UnicodeError:
            raise ResolveError("the name is not a valid host name") from None
        dns_ms = (self._now() - started) * 1000
        allowed = [address for address in found if not _is_link_local(address)]
        if not allowed:
            raise ResolveError("the name leads to a link-local address, which is refused" if found else "no address")
        return Resolved(_interleave(allowed), dns_ms)

    def _start(self, host: str) -> asyncio.Future[list[str]]:
        future = self._under_way.get(host)
        if future is None:
            future = offload(lambda: self._lookup(host), name=f"lookup {host}")
            self._under_way[host] = future
            future.add_done_callback(lambda _: self._under_way.pop(host, None))
        return future


def _getaddrinfo(host: str) -> list[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_link_local(address: str) -> bool:
    parsed = literal(address)
    mapped = getattr(parsed, "ipv4_mapped", None)
    return parsed is not None and (mapped or parsed).is_link_local


def _interleave(addresses: list[str]) -> tuple[str, ...]:
    """Both families in turn, the resolver's favourite first (RFC 8305 section 4), so that a dead one costs one try."""
    first = [address for address in addresses if (":" in address) == (":" in addresses[0])]
    second = [address for address in addresses if address not in first]
    mixed = chain.from_iterable(zip_longest(first, second))
    return tuple(address for address in mixed if address is not None)[:MOST_ADDRESSES]
