"""How fast the error budget of each service burns. Pure: time comes in with each observation.

A burn rate of 1 spends exactly the budget of the objective; 14.4 over an hour spends a month's budget in two days
(Google's SRE workbook, chapter 5). A service is up while its edge is healthy; one without an edge, while any of its
regions is. Time in which that is not known counts neither way.
"""

from collections import deque
from dataclasses import dataclass, field

from npconsole.model.snapshot import Snapshot

WINDOWS = (("5m", 300.0), ("1h", 3600.0), ("6h", 21600.0))
_SLICE_S = 60.0
_LONGEST_STEP_S = 30.0


@dataclass(frozen=True, slots=True)
class BurnRate:
    """Of one service over one window, named as Prometheus writes durations."""

    service: str
    window: str
    rate: float


@dataclass(slots=True)
class _Slice:
    began: float
    up_s: float = 0.0
    down_s: float = 0.0


@dataclass(slots=True)
class _Track:
    """One service's time in slices of a minute, oldest first, for as long as the longest window."""

    slices: deque[_Slice] = field(default_factory=deque)

    def add(self, now: float, seconds: float, *, up: bool) -> None:
        if not self.slices or now - self.slices[-1].began >= _SLICE_S:
            self.slices.append(_Slice(now))
        while now - self.slices[0].began > WINDOWS[-1][1] + _SLICE_S:
            self.slices.popleft()
        last = self.slices[-1]
        last.up_s += seconds if up else 0.0
        last.down_s += 0.0 if up else seconds

    def down_ratio(self, now: float, window_s: float) -> float | None:
        recent = [each for each in self.slices if now - each.began <= window_s]
        total_s = sum(each.up_s + each.down_s for each in recent)
        return sum(each.down_s for each in recent) / total_s if total_s else None


class Burn:
    """Follows every service of the snapshots it is shown. `objective` is the share of time to be up, 0 to 1."""

    def __init__(self, objective: float) -> None:
        self._budget = max(1.0 - objective, 1e-6)
        self._tracks: dict[str, _Track] = {}
        self._seen: float | None = None

    def see(self, snapshot: Snapshot) -> None:
        """Count the time since the snapshot before; a gap, such as a suspended host, counts neither way."""
        before, self._seen = self._seen, snapshot.now
        if before is None or not 0 < snapshot.now - before <= _LONGEST_STEP_S:
            return
        for service, up in services_up(snapshot).items():
            self._tracks.setdefault(service, _Track()).add(snapshot.now, snapshot.now - before, up=up)

    def rates(self) -> tuple[BurnRate, ...]:
        """Those for which any time was counted."""
        now = self._seen or 0.0
        found = [
            (service, name, track.down_ratio(now, window_s))
            for service, track in self._tracks.items()
            for name, window_s in WINDOWS
        ]
        return tuple(
            BurnRate(service, name, ratio / self._budget) for service, name, ratio in found if ratio is not None
        )


def services_up(snapshot: Snapshot) -> dict[str, bool]:
    """Whether each service answers its users well; without those of which it is not known, all of them when this host
    is offline.
    """
    if snapshot.online is False:
        return {}
    found: dict[str, bool] = {}
    fronted = {state.edge.service for state in snapshot.edges}
    for service, state in (
        *((state.edge.service, state.health) for state in snapshot.edges),
        *((state.region.service, state.health) for state in snapshot.regions if state.region.service not in fronted),
    ):
        if state.value is not None:
            found[service] = found.get(service, False) or state.value.healthy
    return found
