"""The running engine: its own thread, coalesced snapshots, and an end that never waits for a stuck source."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from random import Random

import pytest

from npconsole.engine.engine import Engine
from npconsole.engine.look import look
from npconsole.engine.watch import RegionWatch, Watch, Watches
from npconsole.errors import Failure, SourceError, UnreachableError
from npconsole.model.clock import SystemClock
from npconsole.model.issue import Event, Issue, IssueLevel, IssueList, Substatus
from npconsole.model.level import Level
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Judging, Thresholds
from npconsole.model.vitals import Health, Sample, Vitals
from tests.engine.estates import FINE, HEALTHY, REFUSED, make_estate

ISSUE = Issue("1", "API-1", "boom", "", "backend", IssueLevel.ERROR, Substatus.NEW, 3, 1, None, None)


def always(value: Vitals | Health | bool | IssueList) -> Callable[[], Awaitable[object]]:
    async def read() -> object:
        return value

    return read


class Counting:
    """A vitals source that has figures from the second read on, as a metrics page has."""

    def __init__(self) -> None:
        self.reads = 0

    async def read(self) -> Vitals:
        self.reads += 1
        return FINE if self.reads > 1 else Vitals(notice="first reading: rates need two")


class History:
    async def history(self, region_id: str, start: float, end: float, step: float) -> Sequence[Sample]:
        if region_id == "us-west":
            raise SourceError("Prometheus answered 503")
        return [Sample(start + 1.0, p95_ms=50.0), Sample(start + 2.0, p95_ms=60.0)]


async def event_of(issue: Issue) -> Event:
    return Event("e1", issue.title, "", None, "", "", (), "ValueError: boom", ())


def watches(health: dict[str, Health] | None = None, *, stuck: bool = False, interval_s: float = 0.05) -> Watches:
    async def never() -> Vitals:
        await asyncio.to_thread(time.sleep, 3)
        return FINE

    found = health or {}
    return Watches(
        {
            region.id: RegionWatch(
                Watch(always(found.get(region.id, HEALTHY)), interval_s, 1.0),  # type: ignore[arg-type] # one fake for all
                Watch(never if stuck else Counting().read, interval_s, 10.0),
            )
            for region in make_estate().regions
        },
        {"edge": Watch(always(found.get("edge", HEALTHY)), interval_s, 1.0)},  # type: ignore[arg-type]
        connectivity=Watch(always(value=True), interval_s, 1.0),  # type: ignore[arg-type]
        issues=Watch(always(IssueList((ISSUE,))), interval_s, 1.0),  # type: ignore[arg-type]
        latest_event=event_of,
        history=History(),
        history_s=600.0,
    )


def engine_of(given: Watches, refresh_s: float = 0.2) -> Engine:
    return Engine(
        make_estate(),
        given,
        thresholds=Thresholds(),
        judging=Judging(),
        clock=SystemClock(),
        rng=Random(1),
        refresh_s=refresh_s,
    )


def until(engine: Engine, true_of: Callable[[Snapshot], bool], within_s: float = 10.0) -> Snapshot:
    """The first published snapshot of which it is true."""
    found: list[Snapshot] = []
    came = threading.Event()

    def listen(snapshot: Snapshot) -> None:
        if not found and true_of(snapshot):
            found.append(snapshot)
            came.set()

    end = engine.subscribe(listen)
    listen(engine.snapshot)
    assert came.wait(within_s), engine.snapshot
    end()
    return found[0]


def test_it_reads_judges_and_publishes() -> None:
    engine = engine_of(watches({"us-west": REFUSED}))
    engine.start()
    try:
        snapshot = until(engine, lambda s: s.overall.level is Level.DOWN and s.regions[0].vitals.value == FINE)
        assert [state.level for state in snapshot.regions] == [Level.OK, Level.DOWN, Level.OK]
        assert snapshot.issues is not None
        assert engine.latest_event(ISSUE).result(5).exception == "ValueError: boom"
    finally:
        engine.stop()


def test_trails_begin_with_history_and_go_on_live() -> None:
    engine = engine_of(watches())
    engine.start()
    try:
        until(engine, lambda _: len(engine.trail("us-east", 0, 1e12)) > 3)
        figures = [sample.p95_ms for sample in engine.trail("us-east", 0, 1e12)]
        assert figures[:2] == [50.0, 60.0]
        assert set(figures[2:]) == {FINE.p95_ms}
        assert engine.trail("nowhere", 0, 1e12) == ()
    finally:
        engine.stop()


def test_a_listener_that_fails_takes_nobody_with_it(caplog: pytest.LogCaptureFixture) -> None:
    engine = engine_of(watches())

    def broken(_: Snapshot) -> None:
        raise RuntimeError("a face broke")

    engine.subscribe(broken)
    engine.start()
    try:
        first = engine.snapshot.sequence
        until(engine, lambda s: s.sequence > first + 3)
    finally:
        engine.stop()
    assert "a listener failed" in caplog.text


def test_snapshots_are_not_more_often_than_the_gap() -> None:
    engine = engine_of(watches(interval_s=0.001), refresh_s=0.2)
    seen: list[float] = []
    engine.subscribe(lambda s: seen.append(s.now))
    engine.start()
    try:
        until(engine, lambda _: len(seen) > 5)
    finally:
        engine.stop()
    assert min(later - earlier for earlier, later in pairwise(seen)) >= 0.09


def test_stopping_does_not_wait_for_a_source_stuck_in_a_thread() -> None:
    engine = engine_of(watches(stuck=True))
    engine.start()
    until(engine, lambda s: s.regions[0].health.value is not None)
    began = SystemClock().now()
    engine.stop(within_s=2.0)
    assert SystemClock().now() - began < 1.0


def test_an_engine_without_issues_says_what_to_set() -> None:
    engine = engine_of(Watches({r.id: watches().regions[r.id] for r in make_estate().regions}, watches().edges))
    with pytest.raises(SourceError, match="no issue source"):
        engine.latest_event(ISSUE).result(0)


async def test_one_look_reads_percentiles_twice_and_judges_at_once() -> None:
    snapshot = await look(
        make_estate(),
        watches({"us-west": REFUSED}),
        thresholds=Thresholds(),
        judging=Judging(),
        clock=SystemClock(),
        sample_s=0.01,
    )
    assert [state.level for state in snapshot.regions] == [Level.OK, Level.DOWN, Level.OK]
    assert [state.vitals.value for state in snapshot.regions] == [FINE] * 3


async def test_one_look_with_nothing_but_failures_knows_nothing() -> None:
    async def offline() -> bool:
        return False

    async def no_metrics() -> Vitals:
        raise UnreachableError("connection refused", Failure.CONNECT)

    refused = watches(dict.fromkeys(["us-east", "us-west", "eu-west", "edge"], REFUSED))
    regions = {
        region_id: RegionWatch(watch.health, Watch(no_metrics, 1.0, 1.0))
        for region_id, watch in refused.regions.items()
    }
    snapshot = await look(
        make_estate(),
        Watches(regions, refused.edges, connectivity=Watch(offline, 1.0, 1.0)),
        thresholds=Thresholds(),
        judging=Judging(),
        clock=SystemClock(),
        sample_s=0.01,
    )
    assert snapshot.online is False
    assert {state.level for state in snapshot.regions} == {Level.UNKNOWN}
