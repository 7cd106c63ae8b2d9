"""A platform of regions, pools and a vendor who answers late, wrongly or not at all; and the World that sees it.

Every write that reaches the vendor is kept in `writes`, and `on_write` hears of it at that instant: invariants about
what must be on disk before are checked there.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from npconsole.actions.world import World
from npconsole.errors import BadAnswerError, Failure, LimitedError, NotAppliedError, SourceError, UnknownOutcomeError
from npconsole.model.controls import Allowance, Deployment, DeploymentState, LoadBalancer, Pool
from npconsole.model.estate import Edge, Estate, Region, Role, Tier
from npconsole.model.level import Level
from npconsole.model.reading import Freshness, Reading
from npconsole.model.snapshot import EdgeState, Judgement, RegionState, Snapshot
from npconsole.model.vitals import Health, Vitals
from tests.actions.virtual import FakeClock

HEALTHY = Health(status=200, word="ok", version="v17.1")
SICK = Health(status=503, word="error", detail="503 Service Unavailable")
REFUSED = Health(failure=Failure.CONNECT, detail="connection refused")


class Manner(StrEnum):
    """How the vendor treats one write."""

    OK = "ok"
    REFUSED = "refused"
    LIMITED = "limited"
    SERVER_ERROR_AFTER_EFFECT = "5xx after the effect"
    SERVER_ERROR = "5xx without effect"
    SILENT_AFTER_EFFECT = "no answer, effect at once"
    SILENT_LATE_EFFECT = "no answer, effect late"
    SILENT = "no answer, no effect"


LATE_S = 20.0
"""When a late effect lands: after the call's time-out, within what an undo waits for."""


@dataclass(frozen=True, slots=True)
class Write:
    """One write that the vendor got. `effect_at` is when it took effect, None never."""

    at: float
    call: str
    target: str
    manner: Manner


@dataclass
class Platform:
    """Three regions behind an edge. Faults and manners are set by the test, effects land as the clock passes."""

    clock: FakeClock = field(default_factory=FakeClock)
    names: tuple[str, ...] = ("us-east", "us-west", "eu-west")
    health: dict[str, Health] = field(default_factory=dict)
    p95_ms: dict[str, float | None] = field(default_factory=dict)
    p95_after_restart_ms: float = 110.0
    requests: float = 900.0
    deployments: dict[str, Deployment] = field(default_factory=dict)
    newer: dict[str, Deployment] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    manners: deque[Manner] = field(default_factory=deque)
    unreadable: str = ""
    unverified: SourceError | None = None
    online: bool | None = True
    freshness: Freshness = Freshness.FRESH
    restart_s: float = 8.0
    allowance: Allowance = field(default_factory=Allowance)
    writes: list[Write] = field(default_factory=list)
    effects: list[tuple[float, str]] = field(default_factory=list)
    on_write: Callable[[Write], None] = lambda _: None
    _due: list[tuple[float, str, Callable[[], None]]] = field(default_factory=list)
    _revision: int = 1

    def __post_init__(self) -> None:
        for number, name in enumerate(self.names):
            self.health.setdefault(name, HEALTHY)
            self.p95_ms.setdefault(name, 110.0)
            self.deployments[name] = Deployment(
                id=f"dep-{number}",
                state=DeploymentState.LIVE,
                word="SUCCESS",
                changed="t0",
                instances=((f"i-{number}-1", "RUNNING"),),
            )
            self.pools[f"pool-{name}"] = Pool(f"pool-{name}", name, enabled=True, revision="r0")

    @property
    def estate(self) -> Estate:
        regions = tuple(Region(name, "api", name, Role.ACTIVE, f"http://{name}") for name in self.names)
        return Estate("neuropilot", Tier.PRODUCTION, regions, (Edge("edge", "api", "http://edge"),))

    def world(self) -> World:
        """The ports, all fulfilled by this platform."""
        self.land()
        return World(
            estate=self.estate,
            clock=self.clock,
            look=self.look,
            probes={name: _Probe(self, name) for name in (*self.names, "edge")},
            connectivity=_Online(self),
            services={name: FakeService(self, name) for name in self.names},
            traffic=FakeTraffic(self),
            pool_ids={name: f"pool-{name}" for name in self.names},
            credentials={"railway": _Credential(self), "cloudflare": _Credential(self)},
            capacity=dict.fromkeys(self.names, 100.0),
        )

    def land(self) -> None:
        """Let everything take effect whose time has come."""
        for each in sorted(self._due, key=lambda due: due[0]):
            at, what, effect = each
            if at <= self.clock.now():
                self._due.remove(each)
                self.effects.append((at, what))
                effect()

    @property
    def quiet(self) -> bool:
        """Whether nothing is still to take effect."""
        return not self._due

    def later(self, after_s: float, what: str, effect: Callable[[], None]) -> None:
        self._due.append((self.clock.now() + after_s, what, effect))
        self.land()

    def restarts(self, name: str) -> int:
        """How often a region was restarted in fact."""
        return sum(what == f"restart {name}" for _, what in self.effects)

    def restart_now(self, name: str) -> None:
        deployment = self.deployments[name]
        self.deployments[name] = replace(deployment, state=DeploymentState.CHANGING, changed=f"t{self.clock.now()}")
        self.health[name] = SICK

        def back() -> None:
            self.health[name] = HEALTHY
            self.p95_ms[name] = self.p95_after_restart_ms
            self.deployments[name] = replace(
                self.deployments[name], state=DeploymentState.LIVE, changed=f"t{self.clock.now()}"
            )

        self.later(self.restart_s, f"back {name}", back)

    def change_pool(self, pool_id: str, **fields: object) -> Pool:
        """A change by anybody: it gets a new revision."""
        self._revision += 1
        self.pools[pool_id] = replace(self.pools[pool_id], revision=f"r{self._revision}", **fields)  # type: ignore[arg-type]  # the test names fields of Pool
        return self.pools[pool_id]

    def rotation(self) -> tuple[str, ...]:
        """The regions that are healthy and switched on."""
        self.land()
        return tuple(name for name in self.names if self.health[name].healthy and self.pools[f"pool-{name}"].enabled)

    async def look(self) -> Snapshot:
        await asyncio.sleep(0.5)
        self.land()
        now = self.clock.now()
        return Snapshot(
            estate=self.estate,
            sequence=1,
            now=now,
            wall=self.clock.wall(),
            regions=tuple(self._region(region, now) for region in self.estate.regions),
            edges=tuple(
                EdgeState(edge, Judgement(Level.OK), self._reading(HEALTHY, now)) for edge in self.estate.edges
            ),
            online=self.online,
        )

    def _region(self, region: Region, now: float) -> RegionState:
        health, p95_ms = self.health[region.id], self.p95_ms[region.id]
        vitals = Vitals(p95_ms=p95_ms, request_rate=30.0, error_ratio=0.001, requests=self.requests, window_s=5.0)
        level = Level.OK if health.healthy else Level.DOWN
        return RegionState(
            region,
            Judgement(level, health.detail),
            self._reading(health, now),
            self._reading(vitals, now) if health.healthy else Reading(error="connection refused"),
        )

    def _reading(self, value: object, now: float) -> Reading:  # type: ignore[type-arg]  # of health and of vitals alike
        return Reading(value, now, now, "", self.freshness)

    async def write(self, call: str, target: str, effect: Callable[[], None]) -> None:
        """One write, treated in the next manner; then, and only then, there is an answer or none."""
        self.land()
        manner = self.manners.popleft() if self.manners else Manner.OK
        write = Write(self.clock.now(), call, target, manner)
        self.writes.append(write)
        self.on_write(write)
        what = f"{call} {target}"
        await asyncio.sleep(0.1)
        match manner:
            case Manner.OK:
                self.later(0.0, what, effect)
            case Manner.REFUSED:
                raise NotAppliedError("the vendor refused: not authorized")
            case Manner.LIMITED:
                raise LimitedError("too many requests", 10.0)
            case Manner.SERVER_ERROR_AFTER_EFFECT:
                self.later(0.0, what, effect)
                raise UnknownOutcomeError("503 Service Unavailable")
            case Manner.SERVER_ERROR:
                raise UnknownOutcomeError("503 Service Unavailable")
            case Manner.SILENT_AFTER_EFFECT:
                self.later(0.0, what, effect)
                await asyncio.sleep(3600)
            case Manner.SILENT_LATE_EFFECT:
                self.later(LATE_S, what, effect)
                await asyncio.sleep(3600)
            case Manner.SILENT:
                await asyncio.sleep(3600)

    async def read(self) -> None:
        await asyncio.sleep(0.05)
        self.land()
        if self.unreadable:
            raise BadAnswerError(self.unreadable)


@dataclass
class _Probe:
    platform: Platform
    name: str

    async def read(self) -> Health:
        await asyncio.sleep(0.01)
        self.platform.land()
        if self.name == "edge":
            return replace(HEALTHY, answered_by=next(iter(self.platform.rotation()), ""))
        return self.platform.health[self.name]


@dataclass
class _Online:
    platform: Platform

    async def read(self) -> bool:
        if self.platform.online is None:
            raise BadAnswerError("no connectivity check")
        return self.platform.online


@dataclass
class _Credential:
    platform: Platform

    async def verify(self) -> str:
        if self.platform.unverified is not None:
            raise self.platform.unverified
        return "valid"


@dataclass
class FakeService:
    """ServiceControl of one region."""

    platform: Platform
    name: str

    @property
    def allowance(self) -> Allowance:
        return self.platform.allowance

    async def live(self) -> Deployment:
        await self.platform.read()
        return self.platform.deployments[self.name]

    async def deployment(self, deployment_id: str) -> Deployment:
        await self.platform.read()
        known = {each.id: each for each in self.platform.deployments.values()}
        if deployment_id not in known:
            raise BadAnswerError(f"there is no deployment {deployment_id}")
        return known[deployment_id]

    async def recent(self, limit: int) -> Sequence[Deployment]:
        await self.platform.read()
        newer = self.platform.newer.get(self.name)
        return [each for each in (newer, self.platform.deployments[self.name]) if each is not None][:limit]

    async def restart(self, deployment_id: str) -> None:
        def effect() -> None:
            self.platform.restart_now(self.name)

        await self.platform.write("restart", self.name, effect)

    async def redeploy(self, deployment_id: str) -> str:
        raise AssertionError("nobody asked for a redeploy")

    async def rollback(self, deployment_id: str) -> None:
        raise AssertionError("nobody asked for a rollback")


@dataclass
class FakeTraffic:
    """TrafficControl of all pools."""

    platform: Platform

    @property
    def allowance(self) -> Allowance:
        return self.platform.allowance

    async def pool(self, pool_id: str) -> Pool:
        await self.platform.read()
        return self.platform.pools[pool_id]

    async def pools(self, ids: Collection[str] | None = None) -> Sequence[Pool]:
        await self.platform.read()
        return [pool for pool in self.platform.pools.values() if ids is None or pool.id in ids]

    async def balancers(self) -> Sequence[LoadBalancer]:
        await self.platform.read()
        pools = tuple(self.platform.pools)
        return [LoadBalancer("lb", "api", enabled=True, pools=pools, fallback=pools[-1], steering="off")]

    async def set_enabled(self, pool_id: str, *, enabled: bool) -> Pool:
        def effect() -> None:
            self.platform.change_pool(pool_id, enabled=enabled)

        await self.platform.write("enable" if enabled else "disable", pool_id, effect)
        return self.platform.pools[pool_id]

    async def set_shedding(self, pool_id: str, *, percent: float, session_percent: float) -> Pool:
        def effect() -> None:
            self.platform.change_pool(pool_id, shed_percent=percent, session_shed_percent=session_percent)

        await self.platform.write(f"shed {percent:g}", pool_id, effect)
        return self.platform.pools[pool_id]
