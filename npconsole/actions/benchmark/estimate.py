"""How much a load will ask of its target, held against what that is measured to carry. Pure.

An edge sends what comes from one place to one region. Nobody knows beforehand which, so load on an edge is held against
the smallest region behind it.
"""

from dataclasses import dataclass

from npconsole.actions.blast import request_rate
from npconsole.actions.world import World
from npconsole.model import quantity
from npconsole.model.estate import Tier
from npconsole.model.load import Load
from npconsole.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Estimate:
    """The most requests per second that are sent, the region that may have to carry them, and what that one can.

    None is not known, and so is the empty id: then some region has no capacity configured.
    """

    rate: float | None
    carrier: str
    capacity: float | None

    @property
    def share(self) -> float | None:
        """Of the capacity, 0 to 1 and beyond."""
        return self.rate / self.capacity if self.rate is not None and self.capacity else None

    def words(self, target: str, snapshot: Snapshot | None) -> str:
        """A sentence for the plan, with what the carrier serves now."""
        if self.rate is None:
            return "how much is sent cannot be told beforehand: it is not held against any capacity"
        sent = f"at most about {quantity.rate(self.rate)}"
        if self.capacity is None:
            return f"{sent}; no capacity of {target} is configured, so nobody knows what it can take"
        who = self.carrier if self.carrier == target else f"{self.carrier}, the smallest behind it,"
        words = f"{sent}, {quantity.percent(self.share)} of the {quantity.rate(self.capacity)} that {who} can carry"
        serving = request_rate(snapshot, self.carrier)
        if serving is None:
            return f"{words}; what it serves now is not known"
        total = (self.rate + serving) / self.capacity
        together = f"{words}; with the {quantity.rate(serving)} it serves now {quantity.percent(total)}"
        return f"{together}: users will feel it" if total > 1 else together


def estimated(load: Load, world: World) -> Estimate:
    """The most that is sent to a target that answers at once; without any thinking there is no telling."""
    rules = world.benchmarking
    iterations = load.rate if load.rate is not None else load.users / rules.think_s if rules.think_s else None
    rate = None if load.script or iterations is None else iterations * rules.requests_per_iteration
    regions = loaded_regions(load.target, world)
    if not regions or any(each not in world.capacity for each in regions):
        return Estimate(rate, "", None)
    carrier = min(regions, key=lambda each: world.capacity[each])
    return Estimate(rate, carrier, world.capacity[carrier])


def is_light(load: Load, world: World) -> bool:
    """Whether nobody needs to be asked: not production, and little beside what the target is measured to carry."""
    share = estimated(load, world).share
    harmless = share is not None and share <= world.benchmarking.light_ratio
    return harmless and not load.cloud and world.estate.tier is not Tier.PRODUCTION


def loaded_regions(target: str, world: World) -> tuple[str, ...]:
    """The regions that the load may meet: the target itself, or all behind the edge."""
    if world.region(target) is not None:
        return (target,)
    return tuple(region.id for region in world.siblings(target))
