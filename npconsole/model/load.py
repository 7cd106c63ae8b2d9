"""The port to the load engine: it sends traffic to an edge or a region, and stops when it is told to."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent. `users` at most at once, over `duration_s` seconds in all, ramps included."""

    address: str
    users: int
    duration_s: float


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """What the engine has measured since it began. Latencies in ms, `error_ratio` 0 to 1; None is not measured."""

    elapsed_s: float
    requests: int
    request_rate: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    error_ratio: float | None = None


class LoadRun(Protocol):
    """One load that is being sent."""

    async def figures(self) -> LoadFigures: ...

    @property
    def is_over(self) -> bool:
        """Whether it has come to its end."""
        ...

    async def stop(self) -> LoadFigures:
        """End it, with all its processes; its last figures. Nothing is sent any more when this returns."""
        ...


class LoadEngine(Protocol):
    """Where load comes from. A load ends at the latest when the process that started it does."""

    async def start(self, load: Load) -> LoadRun:
        """Begin. Raises NotAppliedError when nothing was sent."""
        ...
