import pytest

from npconsole.sim.fault import Reach
from npconsole.sim.page import page
from npconsole.sim.record import Record
from npconsole.sim.scenario import SCENARIOS
from npconsole.sim.world import World
from tests.sim.fakeclock import FakeClock


def world(scenario: str = "calm", seed: int = 1) -> tuple[World, FakeClock]:
    clock = FakeClock()
    return World(seed, SCENARIOS[scenario], clock, Record(clock)), clock


def play(made: tuple[World, FakeClock], seconds: float) -> World:
    for _ in range(round(seconds / 0.2)):
        made[1].at_s += 0.2
        made[0].step()
    return made[0]


def pages(it: World) -> list[str]:
    return [page(region, it.clock.wall()) for region in it.regions.values()]


def test_the_same_seed_gives_the_same_world() -> None:
    first, same, other = (play(world("error-storm", seed), 40) for seed in (5, 5, 6))
    assert pages(first) == pages(same)
    assert pages(first) != pages(other)


def test_users_follow_the_steering() -> None:
    made = world()
    it = play(made, 20)
    before = {name: region.tally.request_count for name, region in it.regions.items()}
    assert before["us-east"] > before["eu-west"] > before["us-west"] > 20
    for _ in range(3):
        it.steering.observe("us-east", "down")
    play(made, 20)
    after = {name: region.tally.request_count - before[name] for name, region in it.regions.items()}
    assert after["us-east"] == 0
    assert after["us-west"] > after["eu-west"]


def test_nobody_comes_through_an_edge_that_is_down() -> None:
    made = world()
    made[0].faults.begin("edge", "down", 0.0)
    it = play(made, 20)
    assert it.regions["us-east"].tally.request_count == 0
    assert it.regions["us-west"].tally.request_count == pytest.approx(60, rel=0.4)


def test_a_cut_off_host_reaches_nothing_and_the_platform_goes_on() -> None:
    made = world()
    made[0].faults.begin("host", "down", 0.0)
    it = play(made, 10)
    assert it.host_cut_off
    assert {it.reach(name) for name in ("us-east", "edge", "sentry", "asset", "connectivity")} == {Reach.REFUSED}
    assert it.regions["us-east"].reach is Reach.OPEN
    assert it.regions["us-east"].tally.request_count > 100


def test_a_scenario_begins_and_ends_its_faults_on_time() -> None:
    it = play(world("region-down"), 175)
    told = [(entry.kind, round(entry.at_s)) for entry in it.record.entries if entry.kind.startswith("fault")]
    assert told == [("fault begun", 20), ("fault ended", 80), ("fault begun", 170)]


def test_a_long_pause_does_not_bring_a_burst() -> None:
    made = world()
    it = play(made, 10)
    before = it.regions["us-east"].tally.request_count
    made[1].at_s += 3600
    it.step()
    assert it.regions["us-east"].tally.request_count - before < 200
