"""The wallboard in a browser: a server on loopback that starts a wallboard for every page, and the wallboard it starts.

The server has no log-in, so it answers only pages of its own address: another web site in the same browser can neither
read the wall nor start one (no foreign `Host`, no foreign `Origin`).
"""

import os
import shlex
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from textual.drivers.web_driver import WebDriver
from textual_serve.server import Server

from npconsole.errors import NpconsoleError
from npconsole.views.face import Face

HOST = "127.0.0.1"
SHUTDOWN_S = 1.0
"""How long pages that are still open may hold up the end."""


def serve(argv: Sequence[str], port: int) -> None:
    """Serve until interrupted; `argv` is what runs for each page. Raises NpconsoleError when the port is taken."""
    # The browser's terminal has all colours, whatever the terminal that this was started from.
    os.environ.update(COLORTERM="truecolor", TERM="xterm-256color")
    try:
        LoopbackServer(argv, port).serve()
    except OSError as error:
        raise NpconsoleError(
            f"port {port} cannot be served: {error.strerror or error}", hint="choose another one with --port"
        ) from None


def run_served(face: Face) -> int:
    """Run a face in a process that the server started, through its pipes, and return the exit code."""
    face.driver_class = WebDriver
    face.run(mouse=False)
    return face.return_code or 0


class LoopbackServer(Server):
    """textual-serve's server without its banner and logs, for its own pages only."""

    def __init__(self, argv: Sequence[str], port: int) -> None:
        super().__init__(shlex.join(argv), host=HOST, port=port, title="npconsole wallboard")

    def serve(self, debug: bool = False) -> None:
        """Serve until SIGINT or SIGTERM. `debug` is textual-serve's; it does nothing here."""
        del debug
        web.run_app(
            self._make_app(),
            host=self.host,
            port=self.port,
            access_log=None,
            print=self._announce,
            shutdown_timeout=SHUTDOWN_S,
        )

    async def on_startup(self, app: web.Application) -> None:
        """Nothing yet: the port is not open."""

    def _announce(self, *_: object) -> None:
        self.console.print(f"wallboard on {self.public_url} (ctrl+c ends it)", markup=False, highlight=False)

    async def handle_index(self, request: web.Request) -> Any:
        """The page."""
        self.admit(request)
        return await super().handle_index(request)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """The page's connection to its wallboard."""
        self.admit(request)
        return await super().handle_websocket(request)

    def admit(self, request: web.Request) -> None:
        """Raise HTTPForbidden unless the request is for this server and comes from one of its own pages."""
        own = f"{HOST}:{self.port}"
        origin = request.headers.get("Origin", f"http://{own}")
        if request.headers.get("Host") != own or origin != f"http://{own}":
            raise web.HTTPForbidden(text=f"open http://{own}")
