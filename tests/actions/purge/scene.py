"""The platform with a cache in front: limits, refusals, late effects, other users who fetch things again."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from npconsole.actions.world import World
from npconsole.errors import BadAnswerError
from npconsole.model.controls import Allowance, CacheEntry, PurgeKind, PurgeLimits
from tests.actions.world import Platform

LIMITS = PurgeLimits(100, 15, 15.0)
ASSET = "https://inventory.example/app.js"


@dataclass
class Cached(Platform):
    """`stored` is when the edge stored its copy of an address. `takes_s` is how long a purge takes to come about."""

    stored: dict[str, float] = field(default_factory=dict)
    limits: PurgeLimits = LIMITS
    takes_s: float = 0.5
    refetched_s: float | None = None
    asked: list[tuple[PurgeKind, tuple[str, ...]]] = field(default_factory=list)
    unreadable_assets: bool = False
    asset: str = ASSET
    late: deque[float] = field(default_factory=deque)

    def world(self) -> World:
        return replace(super().world(), caches={"edge": Cache(self)}, assets={"edge": self.asset} if self.asset else {})

    def drop(self, kind: PurgeKind, values: Sequence[str]) -> None:
        """The purge takes effect; and other users fetch at once what they want."""
        now = self.clock.now()
        gone = [url for url in values if url in self.stored]
        if kind in (PurgeKind.PREFIXES, PurgeKind.HOSTS):
            gone = [url for url in self.stored if url.removeprefix("https://").startswith(tuple(values))]
        for url in list(self.stored) if kind is PurgeKind.EVERYTHING else gone:
            del self.stored[url]
            if self.refetched_s is not None:
                self.stored[url] = now + self.refetched_s


@dataclass
class Cache:
    """CacheControl of the edge."""

    platform: Cached

    @property
    def allowance(self) -> Allowance:
        return self.platform.allowance

    def limits(self, kind: PurgeKind) -> PurgeLimits:
        return self.platform.limits

    async def purge(self, kind: PurgeKind, values: Sequence[str]) -> None:
        platform = self.platform
        platform.asked.append((kind, tuple(values)))

        def effect() -> None:
            platform.later(platform.takes_s, "purged", lambda: platform.drop(kind, values))

        await platform.write("purge", f"{kind.value} {len(values)}", effect)

    async def cache_status(self, url: str) -> str:
        return (await self.entry(url)).status

    async def entry(self, url: str) -> CacheEntry:
        await asyncio.sleep(0.05)
        platform = self.platform
        platform.land()
        if platform.unreadable_assets:
            raise BadAnswerError("the edge does not answer")
        now = platform.clock.now()
        stored = platform.stored.get(url)
        if stored is None or stored > now:
            platform.stored[url] = now
            return CacheEntry("MISS")
        return CacheEntry("HIT", float(int(now - stored)))
