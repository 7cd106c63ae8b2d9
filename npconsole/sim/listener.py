"""One address of the simulator: an ASGI app that can be refused or fall silent, as a real server can.

The port is held by a bound socket that never listens, so that a refused address stays ours, cannot be handed to a
client as its own port (which would let it connect to itself), and comes back as it was.
"""

import asyncio
import errno
import logging
import socket
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from npconsole.sim.fault import Reach

LOOPBACK = "127.0.0.1"
BACKLOG = 256


class Listener:
    """Serves `app` on a loopback port once `follow(Reach.OPEN)` was awaited. Port 0 takes a free one."""

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        """Raises OSError when the port is taken."""
        if not free(port):
            raise OSError(errno.EADDRINUSE, f"port {port} is taken")
        self._app = app
        self._holder = _bound(port, listens=False)
        self.port: int = self._holder.getsockname()[1]
        self._server: asyncio.Server | None = None
        self._state = ServerState()
        self._config = Config(
            self._gate,
            interface="asgi3",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            ws="none",
            timeout_keep_alive=60,
        )
        self._config.load()
        self.reach = Reach.REFUSED

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    async def follow(self, reach: Reach) -> None:
        """Open, refuse or fall silent. Every change drops the connections that are open, as a dying process does."""
        if reach is self.reach:
            return
        self.reach = reach
        self._drop()
        if reach is Reach.REFUSED:
            self._close()
        elif self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(
                self._protocol, sock=_bound(self.port, listens=True), backlog=BACKLOG
            )

    def end(self) -> None:
        """Refuse for good and give the port back."""
        self.reach = Reach.REFUSED
        self._drop()
        self._close()
        self._holder.close()

    def _protocol(self) -> asyncio.Protocol:
        factory: Any = self._config.http_protocol_class  # uvicorn types it without its arguments
        protocol: asyncio.Protocol = factory(config=self._config, server_state=self._state, app_state={})
        return protocol

    def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _drop(self) -> None:
        for connection in list(self._state.connections):
            connection.transport.abort()

    async def _gate(self, scope: Scope, receive: Receive, send: Send) -> None:
        while self.reach is Reach.SILENT:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
        await self._app(scope, receive, send)


def hush() -> None:
    """Keep uvicorn from reporting requests that are cut off when this process ends; it still reports real failures."""
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))
    )


def free(port: int) -> bool:
    """Whether nobody holds the port. Connections that a killed process left behind do not count."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _bound(port: int, *, listens: bool) -> socket.socket:
    """A bound socket. SO_REUSEPORT lets the listening one share the port with its holder; the holder goes without
    SO_REUSEADDR, so that `free` sees it."""
    # The protocol is named because asyncio sets TCP_NODELAY only then; without it every answer waits 40 ms for an ACK.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if listens:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((LOOPBACK, port))
    except OSError:
        bound.close()
        raise
    return bound
