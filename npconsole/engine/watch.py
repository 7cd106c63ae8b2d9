"""What the engine is given to watch: reads with their pace and deadline, by target. `wiring` makes these from ports."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from npconsole.model.issue import Event, Issue, IssueList
from npconsole.model.ports import HistorySource
from npconsole.model.vitals import Health, Lag, Vitals

T = TypeVar("T")


async def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Watch(Generic[T]):
    """One read. `host` names the breaker it shares with other reads of that host, empty for none.

    `renew` drops cached credentials after a 401 or 403, so that one more try uses fresh ones.
    """

    read: Callable[[], Awaitable[T]]
    interval_s: float
    timeout_s: float
    host: str = ""
    renew: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class RegionWatch:
    """The reads of one region."""

    health: Watch[Health]
    vitals: Watch[Vitals]
    lag: Watch[Lag] | None = None


@dataclass(frozen=True, slots=True)
class Watches:
    """All reads of an estate, by region and edge id. `close` ends connections when the engine stops."""

    regions: Mapping[str, RegionWatch]
    edges: Mapping[str, Watch[Health]] = field(default_factory=dict)
    connectivity: Watch[bool] | None = None
    issues: Watch[IssueList] | None = None
    latest_event: Callable[[Issue], Awaitable[Event]] | None = None
    history: HistorySource | None = None
    history_s: float = 0.0
    close: Callable[[], Awaitable[None]] = _nothing
