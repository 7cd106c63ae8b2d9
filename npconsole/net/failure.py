"""What a transport's exceptions mean: a short phrase, and whether our side or the answer is to blame."""

import errno
import os
import ssl
from collections.abc import Iterator

from npconsole.errors import Failure
from npconsole.net.resolver import ResolveError
from npconsole.net.stopwatch import Phase
from npconsole.net.text import clean

_WORDS = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EHOSTUNREACH: "no route to the host",
    errno.ENETUNREACH: "the network is unreachable",
    errno.ETIMEDOUT: "no connection",
    errno.EMFILE: "too many open files on this host",
}


def explain(error: Exception, phase: Phase) -> tuple[Failure | None, str]:
    """The failure of our side, or None for a broken answer, and a phrase for people.

    Goes by the exceptions' names, which httpx and httpcore share. Vendors' texts are used only where they come from the
    TLS library or from the HTTP parser: others may hold an address with its query.
    """
    chain = list(_chain(error))
    for link in chain:
        if isinstance(link, ResolveError):
            return Failure.DNS, clean(link)
        if isinstance(link, ssl.SSLError):
            return Failure.TLS, f"TLS: {_tls(link)}"
    if phase is Phase.TLS:
        return Failure.TLS, "TLS: the handshake was cut off"
    match type(error).__name__:
        case "ConnectError":
            return Failure.CONNECT, _system(chain) or "no connection"
        case "ConnectTimeout" | "ReadTimeout" | "WriteTimeout" | "PoolTimeout":
            return Failure.TIMEOUT, f"{phase} in time"
        case "ReadError" | "WriteError" | "CloseError":
            return Failure.RESET, _system(chain) or "connection reset"
    text = clean(error, limit=120)
    if text.startswith("Server disconnected"):
        return Failure.RESET, "the connection was closed without an answer"
    if "without sending complete message body" in text:
        return None, "the answer is cut off"
    if "event too large" in text or "Receive buffer" in text:
        return None, "the answer's headers are too large"
    return None, f"the answer is not HTTP/1.1 ({text})" if text else "the answer is not HTTP/1.1"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and what led to it; httpcore keeps the origin as argument and context, anyio as a group."""
    seen: set[int] = set()
    queue: list[BaseException | None] = [error]
    while queue:
        link = queue.pop(0)
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        queue += [link.__cause__, link.__context__]
        queue += [argument for argument in link.args if isinstance(argument, BaseException)]
        if isinstance(link, BaseExceptionGroup):
            queue += link.exceptions


def _system(chain: list[BaseException]) -> str:
    """The words of the first operating system error."""
    for link in chain:
        if isinstance(link, OSError) and link.errno:
            return _WORDS.get(link.errno) or os.strerror(link.errno).lower()
    return ""


def _tls(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return clean(error.verify_message, limit=200)
    if isinstance(error, ssl.SSLEOFError) or error.reason == "UNEXPECTED_EOF_WHILE_READING":
        return "the handshake was cut off"
    if error.reason == "WRONG_VERSION_NUMBER":
        return "the other side does not speak TLS on this port"
    return clean(error.reason or "the handshake failed").replace("_", " ").lower()
