"""A deterministic feed for the console: scenes are built by hand, time moves only when a test says so."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace

from npconsole.model.estate import Edge, Estate, Region, Role, Tier
from npconsole.model.issue import Event, Frame, Issue, IssueLevel, IssueList, Substatus
from npconsole.model.level import Level, worst
from npconsole.model.reading import Freshness, Reading
from npconsole.model.snapshot import Activity, EdgeState, Judgement, RegionState, Snapshot
from npconsole.model.vitals import Health, Lag, Sample, Timings, Vitals

WALL = 1_800_000_000.0 - 1_800_000_000 % 86400 + 14 * 3600 + 7 * 60 + 12
"""14:07:12 UTC."""
NOW = 50_000.0
NAMES = ("us-east", "us-west", "eu-west")
ROLES = (Role.PRIMARY, Role.STANDBY, Role.STANDBY)


class FakeClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.passed_s = 0.0

    def now(self) -> float:
        return NOW + self.passed_s

    def wall(self) -> float:
        return WALL + self.passed_s

    def pass_time(self, seconds: float) -> None:
        self.passed_s += seconds


class FakeFeed:
    """Holds a snapshot and the trails; remembers what was asked of it."""

    def __init__(self, snapshot: Snapshot, trails: dict[str, list[Sample]] | None = None) -> None:
        self.snapshot = snapshot
        self.trails = trails or {}
        self.listeners: list[Callable[[Snapshot], None]] = []
        self.refreshes = 0
        self.trail_calls = 0
        self.asked: list[tuple[Issue, Future[Event]]] = []

    def subscribe(self, listener: Callable[[Snapshot], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def trail(self, region_id: str, start_wall: float, end_wall: float) -> Sequence[Sample]:
        self.trail_calls += 1
        return [sample for sample in self.trails.get(region_id, ()) if start_wall <= sample.wall <= end_wall]

    def refresh(self) -> None:
        self.refreshes += 1

    def latest_event(self, issue: Issue) -> Future[Event]:
        future: Future[Event] = Future()
        self.asked.append((issue, future))
        return future

    def publish(self, snapshot: Snapshot) -> None:
        """As the engine does: replace, then tell."""
        self.snapshot = snapshot
        for listener in list(self.listeners):
            listener(snapshot)


def vitals(p95_ms: float | None = 180.0, *, factor: float = 1.0, errors: float = 0.002) -> Vitals:
    """Figures in plausible proportion to p95."""
    scale = (p95_ms or 0.0) * factor
    return Vitals(
        p50_ms=None if p95_ms is None else scale * 0.35,
        p95_ms=None if p95_ms is None else scale,
        p99_ms=None if p95_ms is None else scale * 1.7,
        request_rate=37.0 * factor,
        error_ratio=errors,
        cache_hit_ratio=0.92,
        memory_bytes=212e6,
        memory_ratio=0.41,
        started_at=WALL - 86400 * 3,
        requests=2200.0,
        window_s=60.0,
        generation="v20.1",
        source="page",
    )


def state(
    name: str,
    level: Level = Level.OK,
    *,
    reason: str = "",
    p95_ms: float | None = 180.0,
    since_s: float | None = 3600.0,
    age_s: float = 4.0,
    factor: float = 1.0,
    errors: float = 0.002,
    lag_s: float | None = None,
    role: Role = Role.PRIMARY,
) -> RegionState:
    """One region."""
    region = Region(name, "api", name, role, f"https://{name}.api.example.com", measures_lag=lag_s is not None)
    timings = Timings(dns_ms=1.2, connect_ms=9.0, tls_ms=18.0, first_byte_ms=41.0, total_ms=44.0)
    health = Health(status=200, word="ok", version="20.1.3", uptime_s=259_200.0, timings=timings)
    return RegionState(
        region,
        Judgement(level, reason, None if since_s is None else NOW - since_s),
        Reading(health, NOW - age_s, NOW - age_s, "", Freshness.FRESH, NOW + 6),
        Reading(vitals(p95_ms, factor=factor, errors=errors), NOW - age_s, NOW - age_s, "", Freshness.FRESH, NOW + 11),
        None if lag_s is None else Reading(Lag(lag_s, "promql"), NOW - 9, NOW - 9, "", Freshness.FRESH, NOW + 20),
    )


def issue(number: int, title: str, substatus: Substatus = Substatus.ONGOING, **changes: object) -> Issue:
    """One issue."""
    base = Issue(
        id=str(1000 + number),
        short_id=f"API-{number}",
        title=title,
        culprit="routes.items in list_items",
        project="api",
        level=IssueLevel.ERROR,
        substatus=substatus,
        count=842,
        users=57,
        first_seen=WALL - 86400,
        last_seen=WALL - 44,
        permalink="https://sentry.example.com/issues/1",
        release="20.1.3",
        region="us-west",
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the callers name fields of Issue


def event(title: str = "TimeoutError: pool exhausted") -> Event:
    """A last event with a stack trace."""
    return Event(
        id="9f2c1e",
        title=title,
        message="could not get a connection within 5 s",
        at=WALL - 44,
        release="20.1.3",
        environment="production",
        tags=(("region", "us-west"), ("server_name", "api-2")),
        exception="TimeoutError: pool exhausted",
        frames=(
            Frame("run", "lib/server.py", 88, in_app=False, context="await app(scope, receive, send)"),
            Frame("list_items", "app/routes/items.py", 41, in_app=True, context="rows = await pool.fetch(QUERY)"),
        ),
    )


ISSUES = (
    issue(3, "TimeoutError: pool exhausted while reading items", Substatus.ESCALATING, count=12_400),
    issue(7, "KeyError: 'forecast'", Substatus.NEW, count=3, users=2, region="eu-west", last_seen=WALL - 400),
    issue(5, "ConnectionResetError: peer closed", Substatus.REGRESSED, level=IssueLevel.WARNING, last_seen=WALL - 8000),
    issue(2, "Slow query on governance status", level=IssueLevel.INFO, region="", release=""),
)


def estate(states: Sequence[RegionState], tier: Tier = Tier.PRODUCTION) -> Estate:
    """The estate of some regions, with one edge."""
    return Estate("neuropilot", tier, tuple(state.region for state in states), (EDGE,))


EDGE = Edge("edge", "api", "https://api.example.com")


def scene(
    states: Sequence[RegionState] | None = None,
    *,
    issues: Sequence[Issue] | None = ISSUES,
    sequence: int = 1,
    tier: Tier = Tier.PRODUCTION,
    **changes: object,
) -> Snapshot:
    """A whole snapshot: by default three calm regions, an edge, four issues and a little activity."""
    states = tuple(
        states
        or [
            state(name, role=role, lag_s=None if role is Role.PRIMARY else 0.34)
            for name, role in zip(NAMES, ROLES, strict=True)
        ]
    )
    level = worst(each.level for each in states)
    reading = (
        None if issues is None else Reading(IssueList(tuple(issues)), NOW - 12, NOW - 12, "", Freshness.FRESH, NOW + 48)
    )
    edge = EdgeState(
        EDGE,
        Judgement(Level.OK, "", NOW - 7000),
        Reading(Health(status=200, word="ok", timings=Timings(total_ms=61.0)), NOW - 3, NOW - 3, "", Freshness.FRESH),
        answered_by=states[0].region.id,
        answered_since=NOW - 252,
    )
    activity = (
        Activity(WALL - 7000, "start", "", "watching 3 regions", None),
        Activity(WALL - 252, "edge", "edge", "answered by us-east, before us-west", Level.OK),
        Activity(WALL - 240, "level", states[-1].region.id, "ok → degraded: p95 512 ms > 400 ms", Level.DEGRADED),
    )
    base = Snapshot(
        estate(states, tier),
        sequence,
        NOW,
        WALL,
        states,
        (edge,),
        reading,
        True,
        Judgement(level, "", NOW - 240),
        activity,
        started=NOW - 7000,
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the callers name fields of Snapshot


def trouble() -> Snapshot:
    """One region down, one slow."""
    return scene(
        [
            state("us-east", p95_ms=164.0),
            state("us-west", Level.DOWN, reason="connection refused", p95_ms=None, since_s=240, lag_s=4.2),
            state(
                "eu-west",
                Level.DEGRADED,
                reason="p95 512 ms > 400 ms",
                p95_ms=512.0,
                since_s=90,
                errors=0.031,
                lag_s=0.3,
            ),
        ]
    )


def many(number: int, *, factor: float = 1.0, sequence: int = 1) -> Snapshot:
    """As many regions as one likes."""
    return scene(
        [state(f"region-{place:04d}", factor=factor, p95_ms=100.0 + place % 300) for place in range(number)],
        sequence=sequence,
    )


def trail(
    *, minutes: float = 60.0, step_s: float = 15.0, base_ms: float = 180.0, spike_ms: float = 0.0
) -> list[Sample]:
    """A wave with a spike in the last five minutes."""
    samples = []
    for place in range(int(minutes * 60 / step_s)):
        wall = WALL - minutes * 60 + (place + 1) * step_s
        p95 = base_ms * (1 + 0.2 * math.sin(place / 9)) + (spike_ms if wall > WALL - 300 else 0.0)
        samples.append(Sample(wall, p95 * 0.35, p95, p95 * 1.6, 37.0, 0.002))
    return samples


def trails(snapshot: Snapshot) -> dict[str, list[Sample]]:
    """A trail for each region."""
    return {
        each.region.id: trail(base_ms=150 + 30 * place, spike_ms=350.0 if each.level is not Level.OK else 0.0)
        for place, each in enumerate(snapshot.regions)
    }
