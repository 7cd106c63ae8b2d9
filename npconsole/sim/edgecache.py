"""The edge's cache of static files: bounded in entries and bytes, oldest used out first. Pure: time is given."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

ENTRIES = 256
TOTAL_BYTES = 8_000_000
ONE_BYTES = 1_000_000


class CacheStatus(StrEnum):
    """What `CF-Cache-Status` says."""

    HIT = "HIT"
    MISS = "MISS"
    EXPIRED = "EXPIRED"
    DYNAMIC = "DYNAMIC"


@dataclass(frozen=True, slots=True)
class Entry:
    """One kept answer. Times are sim-time. `host` is without a port, `target` is path and query; a purge goes by these
    and by the `tags` that the origin gave."""

    body: bytes
    media_type: str
    stored_s: float
    expires_s: float
    host: str = ""
    target: str = ""
    tags: frozenset[str] = frozenset()


class EdgeCache:
    """Kept answers by host, path and query."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def look_up(self, key: str, now_s: float) -> tuple[CacheStatus, Entry | None]:
        """HIT with the entry; EXPIRED or MISS without one."""
        entry = self._entries.get(key)
        if entry is None:
            return CacheStatus.MISS, None
        if entry.expires_s <= now_s:
            self._remove(key)
            return CacheStatus.EXPIRED, None
        self._entries.move_to_end(key)
        return CacheStatus.HIT, entry

    def keep(self, key: str, entry: Entry) -> None:
        """Keep an answer unless it is larger than 1 MB; make room for it."""
        if len(entry.body) > ONE_BYTES:
            return
        self._remove(key)
        self._entries[key] = entry
        self.bytes += len(entry.body)
        while len(self._entries) > ENTRIES or self.bytes > TOTAL_BYTES:
            self._remove(next(iter(self._entries)))

    def purge(self, chosen: Callable[[Entry], bool]) -> int:
        """Forget the chosen entries; how many they were."""
        keys = [key for key, entry in self._entries.items() if chosen(entry)]
        for key in keys:
            self._remove(key)
        return len(keys)

    def _remove(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        self.bytes -= len(entry.body) if entry else 0
