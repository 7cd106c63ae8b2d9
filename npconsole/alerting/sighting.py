"""What a reading says by itself: good, bad, or not known."""

from typing import TypeVar

from npconsole.alerting.observation import Sight
from npconsole.alerting.rules import AlertRules
from npconsole.model.level import Level
from npconsole.model.reading import Freshness, Reading
from npconsole.model.vitals import Health, Vitals

T = TypeVar("T")

_BELIEVED = (Freshness.FRESH, Freshness.STALE)


def sight_of_health(reading: Reading[Health], level: Level) -> Sight:
    """Bad once the level says so, which takes several answers; good answers count at once, the rise takes its time."""
    if level is Level.DOWN:
        return Sight.BAD
    health = believed(reading)
    if health is None:
        return Sight.UNKNOWN
    if health.healthy:
        return Sight.GOOD
    # An answer that limps is bad as it stands; one that failed waits for the engine to call it down.
    return Sight.BAD if health.failure is None and level is Level.DEGRADED else Sight.UNKNOWN


def sight_of_figure(vitals: Vitals | None, figure: float | None, bound: float, rules: AlertRules) -> Sight:
    """Too few requests judge nothing, as on the screen: no trouble is seen, whatever it was before."""
    if vitals is None or (vitals.requests is None and vitals.window_s is not None):
        return Sight.UNKNOWN
    if vitals.requests is not None and vitals.requests < rules.min_requests:
        return Sight.GOOD
    return Sight.UNKNOWN if figure is None else above(figure, bound)


def above(figure: float | None, bound: float) -> Sight:
    """Bad above the bound; a figure that is not there is no trouble."""
    return Sight.BAD if figure is not None and figure > bound else Sight.GOOD


def believed(reading: Reading[T]) -> T | None:
    """The value, as long as it is young enough to be judged."""
    return reading.value if reading.freshness in _BELIEVED else None
