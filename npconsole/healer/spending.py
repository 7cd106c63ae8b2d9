"""What an action on a target has cost: how often of late, and the pause that it asks for before the next.

The pause doubles with each time, up to a cap; each hour in which the region is well takes one step back.
"""

from dataclasses import dataclass, replace

from npconsole.healer.rules import PURGE, Brakes

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S


@dataclass(frozen=True, slots=True)
class Spent:
    """`times` within a day, on the healer's clock, oldest first. `region` is the one whose trouble it was done for."""

    action: str
    target: str
    region: str
    times: tuple[float, ...] = ()
    rank: int = 0
    well_s: float = 0.0

    def within(self, at: float, window_s: float) -> int:
        return sum(at - each < window_s for each in self.times)

    def cools_s(self, at: float, brakes: Brakes) -> float:
        """Seconds that it still cools down."""
        if not self.times or not self.rank:
            return 0.0
        base_s = brakes.purge_cool_down_s if self.action == PURGE else brakes.cool_down_s
        pause_s = min(base_s * 2.0 ** min(self.rank - 1, 30), brakes.cool_down_cap_s)
        return max(0.0, self.times[-1] + pause_s - at)


def spend(spent: Spent, at: float) -> Spent:
    """Once more."""
    times = tuple(each for each in spent.times if at - each < DAY_S)
    return replace(spent, times=(*times, at), rank=spent.rank + 1, well_s=0.0)


def age(spent: Spent, elapsed_s: float, at: float, *, well: bool) -> Spent | None:
    """After a check; None when there is nothing to remember any more."""
    times = tuple(each for each in spent.times if at - each < DAY_S)
    well_s = spent.well_s + elapsed_s if well else 0.0
    steps, rest_s = divmod(well_s, HOUR_S)
    rank = max(0, spent.rank - int(steps))
    return replace(spent, times=times, rank=rank, well_s=rest_s) if times or rank else None
