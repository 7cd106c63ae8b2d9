"""What the exceptions of requests and urllib3 mean. Their texts are not used: they hold the whole query."""

import socket
import ssl
from collections.abc import Iterator

import urllib3.exceptions as urllib3

from npconsole.errors import Failure

_PHRASES = {
    Failure.DNS: "its name could not be resolved",
    Failure.TLS: "TLS: the certificate or the handshake was refused",
    Failure.TIMEOUT: "no answer in time",
    Failure.CONNECT: "no connection",
    Failure.RESET: "the connection was cut off",
}


def explain(error: BaseException) -> tuple[Failure, str]:
    """How our side failed, and a phrase for people. The cause that says most is often the innermost one."""
    chain = tuple(_causes(error))
    failure = next((kind for kind in Failure if any(isinstance(link, _KINDS[kind]) for link in chain)), Failure.RESET)
    return failure, _PHRASES[failure]


_KINDS: dict[Failure, tuple[type[BaseException], ...]] = {
    Failure.DNS: (socket.gaierror, urllib3.NameResolutionError),
    Failure.TLS: (ssl.SSLError, urllib3.SSLError),
    Failure.TIMEOUT: (TimeoutError, urllib3.TimeoutError),
    Failure.CONNECT: (ConnectionRefusedError, urllib3.NewConnectionError),
    Failure.RESET: (ConnectionError, urllib3.ProtocolError),
}


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
