"""A daemon's life: it starts, works by one configuration after the other, and leaves so that another can lead at once.

SIGHUP reads the configuration anew; one that is no good changes nothing, and is said in the log, on `/metrics` and in
what people see of the healer. SIGTERM and SIGINT end it between two ticks.
"""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass, field

from npconsole.config.loading import Loaded
from npconsole.errors import ExitCode, NpconsoleError, StoreError, UsageError
from npconsole.exposition.page import page
from npconsole.exposition.server import Listen, MetricsServer
from npconsole.wiring.daemon.errand import words
from npconsole.wiring.daemon.log import LogHandler
from npconsole.wiring.daemon.post import Post
from npconsole.wiring.daemon.shift import Shift

_FIXED = ("environment", "state", "daemon")
"""Blocks that a running daemon cannot take anew: where it remembers, where it listens, where it logs."""


@dataclass(slots=True)
class Daemon:
    """`reload` reads the configuration again and raises NpconsoleError; `ready` is told where it listens."""

    loaded: Loaded
    post: Post
    listen: Listen
    reload: Callable[[], Loaded]
    ready: Callable[[Listen], None]
    _exit: ExitCode | None = None
    _asked: asyncio.Event = field(default_factory=asyncio.Event)
    _reload_asked: bool = False
    _shift: Shift | None = None

    async def run(self) -> ExitCode:
        """Until a signal. Raises NpconsoleError when it cannot even start."""
        post = self.post
        post.meters.reloaded_wall = started_wall = post.clock.wall()
        shift = self._shift = Shift(self.loaded, post, started_wall=started_wall)
        handler = LogHandler(post.log)
        logging.getLogger("npconsole").addHandler(handler)
        self._heed_signals()
        try:
            async with MetricsServer(self.listen, page=self._page, health=self._health) as where:
                post.log.write("started", listen=str(where), owner=post.leadership.owner, speed=post.speed)
                self.ready(where)
                async with asyncio.TaskGroup() as group:
                    while True:
                        working = group.create_task(shift.work())
                        following = await self._next(started_wall)
                        shift.stop()
                        await working
                        if following is None:
                            break
                        shift = self._shift = following
        finally:
            logging.getLogger("npconsole").removeHandler(handler)
            self._leave()
        return self._exit or ExitCode.OK

    def _heed_signals(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._end, ExitCode.OK)
        loop.add_signal_handler(signal.SIGINT, self._end, ExitCode.SIGINT)
        loop.add_signal_handler(signal.SIGHUP, self._ask_reload)

    def _end(self, code: ExitCode) -> None:
        self._exit = code
        self._asked.set()

    def _ask_reload(self) -> None:
        self._reload_asked = True
        self._asked.set()

    async def _next(self, started_wall: float) -> Shift | None:
        """The shift by a new configuration, as soon as there is a good one; None when it is time to leave."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            if self._exit is not None:
                return None
            if self._reload_asked:
                self._reload_asked = False
                shift = self._reloaded(started_wall)
                if shift is not None:
                    return shift

    def _reloaded(self, started_wall: float) -> Shift | None:
        post = self.post
        try:
            loaded = self.reload()
            _require_same(self.loaded, loaded)
            shift = Shift(loaded, post, started_wall=started_wall)
        except NpconsoleError as error:
            post.meters.reload_problem = f"the new configuration was not taken: {words(error)}"
            post.log.write("reload.failed", "error", error=words(error))
            return None
        self.loaded = loaded
        post.meters.reload_problem, post.meters.reloaded_wall = "", post.clock.wall()
        post.log.write("reload.done", path=loaded.path, warnings=[str(each) for each in loaded.warnings])
        return shift

    def _page(self) -> bytes:
        return b"" if self._shift is None else page(self._shift.exposed)

    def _health(self) -> str:
        return "starting" if self._shift is None else self._shift.problem

    def _leave(self) -> None:
        with contextlib.suppress(StoreError):
            self.post.leadership.resign()
        self.post.log.write("ended", exit=int(self._exit or ExitCode.OK))


def _require_same(before: Loaded, after: Loaded) -> None:
    for block in _FIXED:
        if getattr(before.config, block) != getattr(after.config, block):
            raise UsageError(f"{block} has changed, and a running daemon cannot take it", hint="restart the daemon")
