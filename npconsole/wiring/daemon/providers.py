"""What the vendors say of themselves, asked now and then, so that no check has to wait for their pages."""

import asyncio

from npconsole.errors import NpconsoleError
from npconsole.sources.statuspage import StatusPages
from npconsole.wiring.daemon.post import Post

EVERY_S = 60.0
BELIEVED_S = 600.0
"""How long trouble is believed in whose page cannot be read any more."""


class Providers:
    """Asks the pages until it is stopped. `trouble` is what they told of last, in words; empty for none."""

    def __init__(self, post: Post, pages: StatusPages) -> None:
        self._post = post
        self._pages = pages
        self._said = ""
        self._read_at = 0.0
        self._failure = ""

    @property
    def trouble(self) -> str:
        fresh = self._post.clock.now() - self._read_at <= BELIEVED_S
        return self._said if fresh else ""

    async def watch(self, stop: asyncio.Event) -> None:
        """Until `stop`."""
        while not stop.is_set():
            await self.ask()
            try:
                async with asyncio.timeout(EVERY_S):
                    await stop.wait()
            except TimeoutError:
                continue

    async def ask(self) -> None:
        """Once. A page that cannot be read is logged when that is new."""
        log = self._post.log
        try:
            said = await self._pages.read()
        except NpconsoleError as error:
            if error.message != self._failure:
                log.write("providers.unread", "warning", error=error.message)
            self._failure = error.message
            return
        if said != self._said:
            log.write("providers", "warning" if said else "info", text=said or "no grave trouble any more")
        self._said, self._read_at, self._failure = said, self._post.clock.now(), ""
