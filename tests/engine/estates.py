"""Estates, clocks and readings for the engine's tests."""

from dataclasses import dataclass, field
from typing import TypeVar

from npconsole.engine.freshness import Patience
from npconsole.engine.state import EstateState, Patiences
from npconsole.errors import Failure
from npconsole.model.estate import Edge, Estate, Region, Role, Tier
from npconsole.model.issue import IssueList
from npconsole.model.reading import Freshness, Reading
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Judging, Thresholds
from npconsole.model.vitals import Health, Lag, Vitals

T = TypeVar("T")

START_WALL = 1_750_000_000.0
INTERVAL_S = 10.0
HEALTHY = Health(status=200, word="ok", version="v17.1")
REFUSED = Health(failure=Failure.CONNECT, detail="connection refused")
SICK = Health(status=503, word="error", detail="503 Service Unavailable")
FINE = Vitals(p50_ms=40, p95_ms=110, p99_ms=180, request_rate=30, error_ratio=0.001, requests=900)
SLOW = Vitals(p50_ms=300, p95_ms=612, p99_ms=900, request_rate=30, error_ratio=0.001, requests=900)


@dataclass
class FakeClock:
    """A clock that moves when told."""

    seconds: float = 1000.0

    def now(self) -> float:
        return self.seconds

    def wall(self) -> float:
        return START_WALL + self.seconds - 1000.0


def make_estate(regions: int = 3, *, edge: bool = True, lag: bool = False) -> Estate:
    names = ["us-east", "us-west", "eu-west", *(f"r{number}" for number in range(3, regions))][:regions]
    return Estate(
        "neuropilot",
        Tier.PRODUCTION,
        tuple(
            Region(name, "api", name, Role.ACTIVE, f"http://{name}", measures_lag=lag and name == "eu-west")
            for name in names
        ),
        (Edge("edge", "api", "http://edge"),) if edge else (),
    )


def good(value: T, at: float) -> Reading[T]:
    """A reading that succeeded at `at`."""
    return Reading(value, at, at, "", Freshness.FRESH)


@dataclass
class World:
    """An EstateState driven round by round: each round polls every target once, an interval after the last."""

    estate: Estate = field(default_factory=make_estate)
    judging: Judging = field(default_factory=Judging)
    clock: FakeClock = field(default_factory=FakeClock)
    health: dict[str, Health] = field(default_factory=dict)
    vitals: dict[str, Vitals | str] = field(default_factory=dict)
    lag: Lag | None = None
    connectivity: bool | None = True
    issues: IssueList | None = None
    state: EstateState = field(init=False)

    def __post_init__(self) -> None:
        patience = Patience.of(INTERVAL_S, 5.0, self.judging)
        self.state = EstateState(
            self.estate,
            thresholds=Thresholds(),
            judging=self.judging,
            patiences=Patiences(patience, patience, patience, patience, patience),
            started=self.clock.now(),
            with_issues=self.issues is not None,
        )

    def round(self) -> Snapshot:
        """An interval passes, everything is polled, a second later the snapshot is made."""
        self.clock.seconds += INTERVAL_S - 1
        now = self.clock.now()
        for target_id in self.ids:
            self.state.heard_health(target_id, good(self.health.get(target_id, HEALTHY), now), now)
        for region in self.estate.regions:
            self._vitals(region.id, now)
            if region.measures_lag and self.lag is not None:
                self.state.heard_lag(region.id, good(self.lag, now))
        if self.connectivity is not None:
            self.state.heard_connectivity(good(self.connectivity, now))
        if self.issues is not None:
            self.state.heard_issues(good(self.issues, now))
        self.clock.seconds += 1
        return self.look()

    def rounds(self, number: int) -> Snapshot:
        snapshot = self.round()
        for _ in range(number - 1):
            snapshot = self.round()
        return snapshot

    def pass_time(self, seconds: float) -> Snapshot:
        """Time passes and nothing is heard."""
        self.clock.seconds += seconds
        return self.look()

    def look(self) -> Snapshot:
        return self.state.snapshot(self.clock.now(), self.clock.wall())

    def all_health(self, health: Health) -> None:
        self.health = dict.fromkeys(self.ids, health)

    @property
    def ids(self) -> list[str]:
        return [*(edge.id for edge in self.estate.edges), *(region.id for region in self.estate.regions)]

    def _vitals(self, region_id: str, now: float) -> None:
        vitals = self.vitals.get(region_id, FINE)
        if isinstance(vitals, str):
            self.last_good.setdefault(region_id, now)
            failed: Reading[Vitals] = Reading(FINE, self.last_good[region_id], now, vitals, Freshness.STALE)
            self.state.heard_vitals(region_id, failed, self.clock.wall())
        else:
            self.last_good[region_id] = now
            self.state.heard_vitals(region_id, good(vitals, now), self.clock.wall())

    last_good: dict[str, float] = field(default_factory=dict)
