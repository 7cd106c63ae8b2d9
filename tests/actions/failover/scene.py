"""The platform with an edge that learns of a pool's change late, and whose users can be counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from npconsole.actions.drill import DrillRules
from npconsole.actions.failover.outcome import KEY
from npconsole.actions.rules import Budget, Pace, Rules
from npconsole.actions.world import World
from npconsole.errors import NotAppliedError, ProcessError
from npconsole.model.alarm import Alarm
from npconsole.model.controls import LoadBalancer, Pool
from npconsole.model.ports import WriteProbe
from npconsole.model.run import Run
from npconsole.model.vitals import Health
from tests.actions.desk import Desk
from tests.actions.world import HEALTHY, SICK, FakeTraffic, Platform

FAST = DrillRules(hold_s=20.0, step_pause_s=6.0, shift_within_s=30.0, back_within_s=5.0)
WATCHED = Pace(operator_silence_s=100_000.0)


@dataclass
class Edge(Platform):
    """`lag_s` is how long a pool's change takes to reach the edge; with a `gap` users get nothing meanwhile.

    `shifts` are (instant, region that serves then).
    """

    lag_s: float = 1.5
    gap: bool = False
    balancers: tuple[LoadBalancer, ...] = ()
    alarm: Alarm | None = None
    writer: WriteProbe | None = None
    drill: DrillRules = FAST
    shifts: list[tuple[float, str]] = field(default_factory=list)
    seen: dict[str, Pool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.seen = dict(self.pools)
        pools = tuple(self.pools)
        self.balancers = self.balancers or (LoadBalancer("lb", "api", True, pools, pools[-1], "off"),)

    def change_pool(self, pool_id: str, **fields: object) -> Pool:
        pool = super().change_pool(pool_id, **fields)

        def learn() -> None:
            before = self.serving()
            self.seen[pool_id] = pool
            if self.serving() != before:
                self.shifts.append((self.clock.now(), self.serving()))

        self.later(self.lag_s, f"the edge learns of {pool_id}", learn)
        return pool

    def serving(self) -> str:
        """The region that serves users, in the balancer's order; empty for none."""
        on = [name for name in self.names if self.seen[f"pool-{name}"].enabled]
        return on[0] if on else ""

    def world(self) -> World:
        world = super().world()
        return replace(
            world,
            probes={**world.probes, "edge": _User(self)},
            traffic=_Traffic(self),
            drill=self.drill,
            alarm=self.alarm,
            writes={"edge": self.writer} if self.writer else {},
        )


@dataclass
class _User:
    platform: Edge

    async def read(self) -> Health:
        self.platform.land()
        region = self.platform.serving()
        gone = self.platform.gap and not self.platform.pools[f"pool-{region}"].enabled
        if not region or gone or not self.platform.health[region].healthy:
            return SICK
        return replace(HEALTHY, answered_by=region)


@dataclass
class _Traffic(FakeTraffic):
    platform: Edge

    async def balancers(self) -> tuple[LoadBalancer, ...]:
        await self.platform.read()
        return self.platform.balancers


@dataclass
class HostTimer:
    """An Alarm that notes what is asked of it. `broken` is why the host refuses."""

    calls: list[tuple[str, str, float]] = field(default_factory=list)
    broken: str = ""

    async def arm(self, run_id: str, after_s: float) -> str:
        if self.broken:
            raise ProcessError(self.broken)
        self.calls.append(("arm", run_id, after_s))
        return f"a timer in {after_s:.0f} s"

    async def disarm(self, run_id: str) -> None:
        self.calls.append(("disarm", run_id, 0.0))


@dataclass
class Record:
    """A WriteProbe whose second region has not got the last `lost` writes."""

    platform: Edge
    lost: int = 0
    stored: dict[str, int] = field(default_factory=dict)
    written: list[int] = field(default_factory=list)

    async def write(self, number: int) -> None:
        region = self.platform.serving()
        if not region:
            raise NotAppliedError("nobody serves")
        self.written.append(number)
        self.stored[region] = number

    async def read(self) -> int | None:
        region = self.platform.serving()
        kept = self.written[: len(self.written) - self.lost] if region != self.platform.names[0] else self.written
        return max((self.stored.get(region, 0), *kept)) or None


def desk_of(folder: Path, platform: Edge, pace: Pace = WATCHED) -> Desk:
    """A desk whose operator is always there, unless `pace` says otherwise."""
    return Desk(folder, platform, Rules(pace, Budget()))


def calls(platform: Platform) -> list[str]:
    """What the vendor was asked for, in order."""
    return [f"{write.call} {write.target}" for write in platform.writes]


def drill(run: Run) -> Mapping[str, object]:
    """What a drill has measured."""
    found = run.result[KEY]
    assert isinstance(found, dict)
    return found
