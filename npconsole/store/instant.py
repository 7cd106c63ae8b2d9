"""The store's time: what leases, deadlines and heartbeats are measured with. Wall time is for display only.

One file on one host goes by the host's clock that counts through suspends; its instants of an earlier boot have all
passed. A shared server goes by the server's clock, so that hosts with wrong clocks still agree.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, func, select

from npconsole.model.clock import Clock

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Instant:
    """Now: `at` seconds of the clock named by `epoch`, and `wall` epoch seconds for people."""

    at: float
    epoch: str
    wall: float

    def left_s(self, at: float, epoch: str) -> float:
        """Seconds until `at`; negative when it has passed, minus infinity when it belongs to another boot."""
        return at - self.at if epoch == self.epoch else -math.inf


class StoreTime(Protocol):
    """Where the store's time comes from."""

    def read(self, connection: Connection) -> Instant: ...


class HostTime:
    """The clock of this host, during this boot."""

    def __init__(self, clock: Clock, boot_id: str) -> None:
        self._clock = clock
        self._boot_id = boot_id

    def read(self, connection: Connection) -> Instant:
        return Instant(self._clock.now(), self._boot_id, self._clock.wall())


class ServerTime:
    """The clock of the database server."""

    def read(self, connection: Connection) -> Instant:
        seconds = float(connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())
        return Instant(seconds, "server", seconds)


def boot_id() -> str:
    """The kernel's name for this boot; the same in every container of a host."""
    return _BOOT_ID.read_text(encoding="ascii").strip()
