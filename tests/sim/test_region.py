from random import Random
from statistics import fmean

import pytest

from npconsole.sim.estate import MEMORY_LIMIT_MB, REGIONS
from npconsole.sim.failure import Cause, Failure
from npconsole.sim.fault import Fault, Kind, Reach
from npconsole.sim.record import Record
from npconsole.sim.region import Region
from npconsole.sim.route import HEALTH, ITEMS
from tests.sim.fakeclock import FakeClock

EAST, _, EU = REGIONS
TICK_S = 0.2


class Stage:
    """One region with its clock; `play` lets seconds pass."""

    def __init__(self, seed: int = 1, plan_index: int = 0) -> None:
        self.clock = FakeClock()
        self.record = Record(self.clock)
        self.region = Region(REGIONS[plan_index], Random(seed), self.record, 0.0, self.clock.wall())

    def play(self, seconds: float, *kinds: Kind, rps: float = 40.0) -> list[Failure]:
        faults = {kind: Fault("", kind, self.clock.at_s, None) for kind in kinds}
        failures = []
        for _ in range(round(seconds / TICK_S)):
            self.clock.at_s += TICK_S
            failures += self.region.step(self.clock.at_s, TICK_S, self.clock.wall(), rps, faults)
        return failures

    def reach(self) -> Reach:
        return self.region.reach

    def mean_ms(self) -> float:
        drawn = [self.region.answer(ITEMS, Random(n))[1] for n in range(300)]
        return fmean(drawn)


def test_the_same_seed_gives_the_same_counters() -> None:
    one, same, other = Stage(1), Stage(1), Stage(2)
    for stage in (one, same, other):
        stage.play(20)
    counted = [{key: h.cumulative() for key, h in s.region.tally.requests.items()} for s in (one, same, other)]
    assert counted[0] == counted[1] != counted[2]
    assert one.region.memory == same.region.memory


def test_traffic_is_counted_at_its_rate() -> None:
    stage = Stage()
    stage.play(60, rps=40)
    assert stage.region.tally.request_count == pytest.approx(2400, rel=0.08)


def test_latency_grows_with_the_background_and_with_real_requests() -> None:
    stage = Stage()
    stage.play(5, rps=10)
    quiet = stage.mean_ms()
    stage.play(5, rps=100)
    busy = stage.mean_ms()
    for _ in range(60):
        stage.region.demand.begin()
    stage.play(1, rps=100)
    crowded = stage.mean_ms()
    assert quiet * 2 < busy < busy * 1.5 < crowded


def test_real_requests_that_have_ended_stop_slowing() -> None:
    stage = Stage()
    for _ in range(100):
        stage.region.demand.begin()
    stage.play(0.2, rps=40)
    loaded = stage.region.demand.utilisation
    for _ in range(100):
        stage.region.demand.finish()
    stage.play(10, rps=40)
    assert stage.region.demand.utilisation == pytest.approx(40 / EAST.capacity_rps, abs=0.02)
    assert loaded > 1


@pytest.mark.parametrize(
    ("kinds", "least", "most"),
    [((), 0, 0.008), ((Kind.ERRORS,), 0.15, 0.3), ((Kind.BAD_DEPLOY,), 0.07, 0.16)],
)
def test_failures_are_as_many_as_the_fault_says(kinds: tuple[Kind, ...], least: float, most: float) -> None:
    stage = Stage()
    failures = stage.play(60, *kinds)
    counted = sum(h.count for (_, _, status), h in stage.region.tally.requests.items() if status == 500)
    assert len(failures) == counted
    assert least <= counted / stage.region.tally.request_count <= most


def test_slow_is_far_above_the_warning_threshold_and_calm_far_below() -> None:
    calm, slow = Stage(), Stage()
    calm.play(30)
    slow.play(30, Kind.SLOW)
    assert 20 < calm.mean_ms() < 60
    assert slow.mean_ms() == pytest.approx(8 * calm.mean_ms(), rel=0.05)


def test_a_restart_takes_seconds_and_resets_counters() -> None:
    stage = Stage()
    stage.play(10)
    started, before = stage.region.started_wall, stage.region.tally.request_count
    stage.region.restart(stage.clock.at_s)
    stage.play(1)
    assert stage.reach() is Reach.REFUSED
    stage.play(1.5)
    assert stage.reach() is Reach.OPEN
    assert stage.region.answer(HEALTH, Random(1))[0] == 503
    assert stage.region.not_ready == "starting"
    stage.play(4)
    assert stage.region.not_ready == ""
    assert stage.region.answer(HEALTH, Random(1))[0] == 200
    assert 0 < stage.region.tally.request_count < before
    assert stage.region.started_wall == pytest.approx(started + 12.2, abs=0.5)
    assert [entry.kind for entry in stage.record.entries] == [
        "restart begun",
        "process stopped",
        "process started",
        "process ready",
    ]


def test_a_region_that_was_down_comes_back_as_a_new_process() -> None:
    stage = Stage()
    stage.play(10)
    counted = stage.region.tally.request_count
    stage.play(5, Kind.DOWN)
    assert stage.reach() is Reach.REFUSED
    assert stage.region.tally.request_count == counted
    stage.play(1)
    assert stage.reach() is Reach.OPEN
    assert stage.region.tally.request_count < counted


def test_a_hang_counts_nothing_and_piles_up_requests() -> None:
    stage = Stage()
    stage.play(10)
    counted = stage.region.tally.request_count
    stage.play(5, Kind.HANG)
    assert stage.reach() is Reach.SILENT
    assert stage.region.tally.request_count == counted
    assert stage.region.stuck > 100
    stage.play(1)
    assert stage.region.stuck == 0
    assert stage.region.tally.request_count > counted


def test_a_bad_deploy_is_another_release_and_its_end_the_old_one() -> None:
    stage = Stage()
    stage.play(5)
    failures = stage.play(20, Kind.BAD_DEPLOY)
    assert stage.region.version == "17.2.0"
    assert {failure.release for failure in failures} == {"neuropilot@17.2.0"}
    assert {failure.cause for failure in failures} == {Cause.RELEASE}
    stage.play(1)
    assert stage.region.version == "17.1.3"
    assert stage.reach() is Reach.OPEN


def test_memory_wanders_without_a_leak_and_a_leak_ends_in_a_kill() -> None:
    stage = Stage()
    stage.play(300)
    assert stage.region.memory == pytest.approx(210e6, rel=0.1)
    stage.play(150, Kind.MEMORY_LEAK)
    kinds = [entry.kind for entry in stage.record.entries]
    assert kinds == ["killed", "restart begun", "process stopped", "process started", "process ready"]
    assert stage.region.memory < MEMORY_LIMIT_MB * 1e6


def test_the_replica_falls_behind_and_catches_up() -> None:
    stage = Stage(plan_index=2)
    stage.play(10)
    assert stage.region.lag_s < 1
    stage.play(30, Kind.REPLICA_LAG)
    assert 20 < stage.region.lag_s < 30
    assert stage.region.not_ready.startswith("replica is ")
    stage.play(10)
    assert stage.region.lag_s < 1


def test_a_flood_is_many_equal_failures() -> None:
    failures = Stage().play(20, Kind.SENTRY_FLOOD)
    flood = [failure for failure in failures if failure.cause is Cause.FLOOD]
    assert len(flood) == pytest.approx(240, rel=0.25)


def test_a_restart_happens_however_fast_time_goes() -> None:
    stage = Stage()
    stage.play(10)
    counted = stage.region.tally.request_count
    stage.region.restart(stage.clock.at_s)
    stage.clock.at_s += 60
    stage.play(0.2)
    assert stage.reach() is Reach.REFUSED
    stage.play(0.2)
    assert stage.reach() is Reach.OPEN
    assert stage.region.tally.request_count < counted


def test_a_stopped_process_stays_away_until_a_restart_or_a_replacement() -> None:
    stage = Stage()
    stage.play(1)
    stage.region.stop()
    stage.play(30)
    assert stage.reach() is Reach.REFUSED
    stage.region.restart(stage.clock.at_s)
    stage.play(6)
    assert (stage.reach(), stage.region.not_ready) == (Reach.OPEN, "")
    stage.region.stop()
    stage.play(1)
    stage.region.replace("17.1.3")
    stage.play(4)
    assert (stage.reach(), stage.region.not_ready) == (Reach.OPEN, "")


def test_a_replacement_is_a_new_process_without_a_gap() -> None:
    stage = Stage()
    stage.play(10)
    counted = stage.region.tally.request_count
    stage.region.replace("17.1.2")
    stage.play(0.2)
    assert (stage.reach(), stage.region.not_ready, stage.region.version) == (Reach.OPEN, "", "17.1.2")
    assert stage.region.tally.request_count < counted


def test_an_unhealthy_region_fails_its_health_check_and_answers_all_else() -> None:
    stage = Stage()
    stage.play(5, Kind.UNHEALTHY)
    assert {stage.region.answer(HEALTH, Random(n))[0] for n in range(20)} == {500}
    assert stage.region.answer(ITEMS, Random(1))[0] == 200
    stage.play(1)
    assert stage.region.answer(HEALTH, Random(1))[0] == 200
