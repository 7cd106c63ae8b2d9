"""A feed whose snapshots the test decides, and a clock that stands until it is told to move."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace

from npconsole.model.estate import Edge, Estate, Region, Role, Tier
from npconsole.model.issue import Event, Issue, IssueLevel, IssueList, Substatus
from npconsole.model.level import Level, worst
from npconsole.model.reading import Freshness, Reading
from npconsole.model.snapshot import EdgeState, Judgement, RegionState, Snapshot
from npconsole.model.vitals import Health, Lag, Sample, Vitals

NOW = 10_000.0
WALL = 1_795_442_587.0
"""23 November 2026, 14:03:07 UTC."""


class StillClock:
    """Moves only when told."""

    def __init__(self) -> None:
        self.passed_s = 0.0

    def now(self) -> float:
        return NOW + self.passed_s

    def wall(self) -> float:
        return WALL + self.passed_s


class StillFeed:
    """Fulfils `Feed`. `publish` is what the engine does each second."""

    def __init__(self, snapshot: Snapshot, samples: Sequence[Sample] = ()) -> None:
        self._snapshot = snapshot
        self._samples = tuple(samples)
        self.listeners: list[Callable[[Snapshot], None]] = []

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def publish(self, snapshot: Snapshot) -> None:
        self._snapshot = replace(snapshot, sequence=self._snapshot.sequence + 1)
        for listener in self.listeners:
            listener(self._snapshot)

    def subscribe(self, listener: Callable[[Snapshot], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def trail(self, region_id: str, start_wall: float, end_wall: float) -> Sequence[Sample]:
        del region_id
        return [sample for sample in self._samples if start_wall <= sample.wall <= end_wall]

    def refresh(self) -> None:
        raise AssertionError("the wallboard never asks for anything")

    def latest_event(self, issue: Issue) -> Future[Event]:
        raise AssertionError(f"the wallboard never asks for anything: {issue}")


def state(name: str, level: Level = Level.OK, **changes: object) -> RegionState:
    """A region with fresh figures that suit its level."""
    slow = 612.0 if level is Level.DEGRADED else 184.0
    measured = Vitals(p50_ms=34.0, p95_ms=slow, p99_ms=slow * 2, request_rate=37.0, error_ratio=0.0042)
    reasons = {
        Level.DEGRADED: "p95 612 ms is above 400 ms",
        Level.DOWN: "health check: connection refused",
        Level.UNKNOWN: "no answer to the health check for 45 s",
    }
    since = None if level is Level.OK else NOW - 240
    built = RegionState(
        region=Region(name, "api", name, Role.ACTIVE, f"http://{name}.example"),
        judgement=Judgement(level, reasons.get(level, ""), since),
        health=Reading(Health(status=200, word="ok", version="17.1.3"), NOW - 3, NOW - 3, "", Freshness.FRESH),
        vitals=Reading(measured, NOW - 6, NOW - 6, "", Freshness.FRESH),
    )
    return replace(built, **changes)  # type: ignore[arg-type]  # fields by name, as the tests need them


def estate_of(*states: RegionState, tier: Tier = Tier.PRODUCTION, answered_by: str = "us-west") -> Snapshot:
    """A snapshot of these regions behind one edge, with a few issues."""
    edge = Edge("edge", "api", "http://edge.example")
    level = worst(each.level for each in states)
    sinces = [each.judgement.since for each in states if each.level is level and each.judgement.since is not None]
    return Snapshot(
        estate=Estate("neuropilot", tier, tuple(each.region for each in states), (edge,)),
        sequence=1,
        now=NOW,
        wall=WALL,
        regions=states,
        edges=(
            EdgeState(
                edge,
                Judgement(Level.OK, "", None),
                Reading(Health(status=200, word="ok"), NOW - 2, NOW - 2, "", Freshness.FRESH),
                answered_by,
                NOW - 230,
            ),
        ),
        issues=Reading(IssueList(issues()), NOW - 20, NOW - 20, "", Freshness.FRESH),
        online=True,
        overall=Judgement(level, "", min(sinces, default=NOW - 9000)),
        started=NOW - 20_000,
    )


def issues() -> tuple[Issue, ...]:
    """Seven, of which two are new and one came back."""
    kinds = [Substatus.NEW, Substatus.NEW, Substatus.REGRESSED, *[Substatus.ONGOING] * 4]
    return tuple(
        Issue(str(index), f"API-{index}", "TimeoutError", "", "api", IssueLevel.ERROR, kind, 9, 2, None, None)
        for index, kind in enumerate(kinds)
    )


def three() -> Snapshot:
    """One region down, one slow, one well with replication lag."""
    return estate_of(
        state("us-east", Level.DOWN),
        state("us-west", Level.DEGRADED),
        state("eu-west", lag=Reading(Lag(0.34, "promql"), NOW - 5, NOW - 5, "", Freshness.FRESH)),
    )


def trail() -> list[Sample]:
    """Half an hour that ends badly."""
    return [
        Sample(WALL - 1800 + 15 * index, 30, 150 + (index * 37 % 60) + (420 if index > 100 else 0), 800)
        for index in range(120)
    ]
