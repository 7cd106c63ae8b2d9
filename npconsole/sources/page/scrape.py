"""One scrape as it is remembered between commands, so that `status` in a cron job measures since the time before.

Best effort: a file that cannot be read, is from another boot or makes no sense is as good as none.
"""

import contextlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_BYTES = 20_000_000
_MOST_SERIES = 20_000


@dataclass(frozen=True, slots=True)
class Scrape:
    """The counters of a page by series text, when they were read (`Clock.now()`), and the process's start."""

    generation: str
    at: float
    started_at: float | None
    counters: Mapping[str, float]


class Scrapes:
    """Scrapes by address, in a file of one's own. `boot` names the boot whose clock `at` belongs to."""

    def __init__(self, path: Path, *, boot: str) -> None:
        self._path = path
        self._boot = boot

    def load(self, *, now: float, youngest_s: float, oldest_s: float) -> dict[str, Scrape]:
        """Those read between `youngest_s` and `oldest_s` seconds ago."""
        try:
            with self._path.open("rb") as file:
                body = json.loads(file.read(MOST_BYTES))
            found = {str(url): _scrape(one) for url, one in body["pages"].items()} if body["boot"] == self._boot else {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {}
        return {url: scrape for url, scrape in found.items() if youngest_s <= now - scrape.at <= oldest_s}

    def save(self, scrapes: Mapping[str, Scrape]) -> None:
        """Replace the file, at once or not at all."""
        pages = {
            url: {
                "generation": one.generation,
                "at": one.at,
                "started_at": one.started_at,
                "counters": dict(one.counters),
            }
            for url, one in scrapes.items()
            if len(one.counters) <= _MOST_SERIES
        }
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump({"boot": self._boot, "pages": pages}, file)
            beside.replace(self._path)


def boot_id() -> str:
    """This boot of the kernel."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return ""


def _scrape(body: Any) -> Scrape:
    started_at = body["started_at"]
    counters = {str(series): _finite(value) for series, value in body["counters"].items()}
    return Scrape(
        str(body["generation"]), _finite(body["at"]), None if started_at is None else _finite(started_at), counters
    )


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number
