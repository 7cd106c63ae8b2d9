"""The ports: what the engine needs of the world. Adapters in `sources` fulfil them, `wiring` connects the two.

Every read is a coroutine with its own deadline inside. It returns a value or raises `SourceError`; it never returns a
value made up for want of one.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Protocol

from npconsole.model.issue import Event, Issue, IssueList
from npconsole.model.snapshot import Snapshot
from npconsole.model.vitals import Health, Lag, Sample, Vitals


class HealthSource(Protocol):
    """`GET /health` of one region or edge. Returns a Health also when nothing answered: that is a measurement."""

    async def read(self) -> Health: ...


class VitalsSource(Protocol):
    """The vital figures of one region. Stateful: rates come from the difference to the read before."""

    async def read(self) -> Vitals: ...


class HistorySource(Protocol):
    """Past samples of one region, oldest first, so that no chart begins empty."""

    async def history(self, region_id: str, start_wall: float, end_wall: float, step_s: float) -> Sequence[Sample]: ...


class LagSource(Protocol):
    """Replication lag of one region's replica."""

    async def read(self) -> Lag: ...


class IssueSource(Protocol):
    """Unresolved issues of the watched projects, and the latest event of one."""

    async def read(self) -> IssueList: ...

    async def latest_event(self, issue: Issue) -> Event: ...


class ConnectivitySource(Protocol):
    """Whether this host reaches anything at all.

    True when any of the configured addresses answers; False when none does.
    """

    async def read(self) -> bool: ...


class WriteProbe(Protocol):
    """A record behind an edge that is written and read back, to measure what a failover loses."""

    async def write(self, number: int) -> None:
        """Store a number; returns when the service has acknowledged it."""
        ...

    async def read(self) -> int | None:
        """The number that is stored now; None when none is."""
        ...


class Feed(Protocol):
    """What a face sees of the engine. Safe to call from any thread; listeners run on the engine's thread and must not
    block.
    """

    @property
    def snapshot(self) -> Snapshot: ...

    def subscribe(self, listener: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Have `listener` called with each new snapshot; returns the function that ends it."""
        ...

    def trail(self, region_id: str, start_wall: float, end_wall: float) -> Sequence[Sample]:
        """The kept samples of a region within the two epoch seconds, oldest first; empty for an unknown id."""
        ...

    def refresh(self) -> None:
        """Have every source read now instead of at its next turn."""
        ...

    def latest_event(self, issue: Issue) -> Future[Event]:
        """Fetch the latest event of an issue; the future fails with SourceError."""
        ...
