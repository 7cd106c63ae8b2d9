"""All that a picture of the wall is made from: it is the same picture whenever these are the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from npconsole.model.reading import Freshness, Reading
from npconsole.model.snapshot import EdgeState, RegionState, Snapshot
from npconsole.model.thresholds import Thresholds
from npconsole.model.vitals import Sample
from npconsole.views.theme import Palette

Trail = Callable[[str, float, float], Sequence[Sample]]


@dataclass(frozen=True, slots=True)
class View:
    """A snapshot, the instant it is looked at (`now` and `wall`, seconds), and how.

    `turn` counts the pages shown so far. `silent` says that the engine itself has stopped to answer.
    """

    snapshot: Snapshot
    now: float
    wall: float
    turn: int
    silent: bool
    palette: Palette
    thresholds: Thresholds
    utc: bool
    trail: Trail

    def stale_s(self) -> float | None:
        """Age of the estate's newest figure when none is fresh any more; None while one is, or before the first.

        While this host is cut off, a probe that failed says nothing about the estate and counts as no figure.
        """
        states: list[RegionState | EdgeState] = [*self.snapshot.regions, *self.snapshot.edges]
        heard = [reading for state in states for reading in self._readings(state) if reading.at is not None]
        if not heard or not (self.silent or all(reading.freshness is not Freshness.FRESH for reading in heard)):
            return None
        return min(reading.age_s(self.now) or 0.0 for reading in heard)

    def _readings(self, state: RegionState | EdgeState) -> list[Reading[object]]:
        health = state.health.value
        cut_off = self.snapshot.online is False and health is not None and health.failure is not None
        readings: list[Reading[object]] = [] if cut_off else [state.health]
        return [*readings, state.vitals] if isinstance(state, RegionState) else readings

    def tile_stale_s(self, state: RegionState) -> float | None:
        """Age of the older of a region's two readings when it is no longer fresh."""
        readings: tuple[Reading[object], ...] = (state.health, state.vitals)
        ages = [reading.age_s(self.now) for reading in readings if self.silent or reading.freshness not in _BELIEVED]
        return max((age for age in ages if age is not None), default=None)


_BELIEVED = (Freshness.FRESH, Freshness.PENDING)
