"""From readings to levels, over time: the stories that an on-call engineer lives through."""

import pytest

from npconsole.engine.sentence import sentence
from npconsole.model.level import Level
from npconsole.model.reading import Freshness
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Judging
from npconsole.model.vitals import Health, Lag, Vitals
from tests.engine.estates import FINE, HEALTHY, REFUSED, SICK, SLOW, World, make_estate


def level(snapshot: Snapshot, region: str = "us-east") -> Level:
    state = snapshot.region(region)
    assert state is not None
    return state.level


def reason(snapshot: Snapshot, region: str = "us-east") -> str:
    state = snapshot.region(region)
    assert state is not None
    return state.judgement.reason


def test_nothing_heard_is_unknown_and_says_that_it_waits() -> None:
    snapshot = World().look()
    assert {state.level for state in snapshot.regions} == {Level.UNKNOWN}
    assert sentence(snapshot).headline == "Waiting for the first answers of 3 regions"


def test_all_good_is_ok_for_at_least_as_long_as_it_was_watched() -> None:
    snapshot = World().rounds(3)
    said = sentence(snapshot)
    assert (snapshot.overall.level, said.headline, said.since_wall, said.at_least_s) == (
        Level.OK,
        "All is well in 3 regions",
        None,
        30.0,
    )


def test_one_bad_probe_changes_nothing_two_do() -> None:
    world = World()
    world.rounds(2)
    world.health["us-east"] = SICK
    first = world.round()
    assert level(first) is Level.OK
    state = first.region("us-east")
    assert state is not None
    assert state.judgement.pending == "503 Service Unavailable (1 of 2)"
    second = world.round()
    assert level(second) is Level.DOWN
    assert sentence(second).headline == "us-east is down: 503 Service Unavailable"


def test_trouble_begins_with_the_first_bad_probe_not_with_the_verdict() -> None:
    world = World()
    world.rounds(2)
    world.health["us-east"] = SICK
    began = world.clock.wall() + 9.0
    assert sentence(world.rounds(3)).since_wall == pytest.approx(began)


def test_recovery_needs_two_good_probes() -> None:
    world = World()
    world.health["us-east"] = SICK
    world.rounds(3)
    world.health.clear()
    assert level(world.round()) is Level.DOWN
    assert level(world.round()) is Level.OK


def test_a_refused_connection_is_down_when_others_answer() -> None:
    world = World()
    world.rounds(2)
    world.health["us-east"] = REFUSED
    snapshot = world.rounds(2)
    assert (level(snapshot), snapshot.online) == (Level.DOWN, True)


def test_when_nothing_answers_this_host_is_offline_and_no_region_is_called_down() -> None:
    world = World()
    world.rounds(2)
    world.all_health(REFUSED)
    world.connectivity = False
    seen = [world.round() for _ in range(4)]
    assert Level.DOWN not in {state.level for snapshot in seen for state in snapshot.regions}
    assert Level.DOWN not in {state.level for snapshot in seen for state in snapshot.edges}
    last = seen[-1]
    assert last.online is False
    assert {state.level for state in last.regions} == {Level.UNKNOWN}
    assert sentence(last).headline == "This host is offline: nothing is known of the estate"
    assert "offline" in last.activity[-1].text or any("offline" in line.text for line in last.activity)


def test_after_an_offline_spell_the_first_answers_count_at_once() -> None:
    world = World()
    world.rounds(2)
    world.all_health(REFUSED)
    world.connectivity = False
    world.rounds(4)
    world.health, world.connectivity = {"us-west": SICK}, True
    snapshot = world.round()
    assert (level(snapshot, "us-east"), level(snapshot, "us-west")) == (Level.OK, Level.DOWN)


def test_all_regions_down_while_the_connectivity_check_answers_is_an_outage() -> None:
    world = World()
    world.rounds(2)
    world.all_health(REFUSED)
    snapshot = world.rounds(2)
    assert {state.level for state in snapshot.regions} == {Level.DOWN}
    assert sentence(snapshot).headline == "us-east, us-west and 2 more are down"


def test_without_any_proof_a_refused_connection_is_unknown_and_says_why() -> None:
    world = World(estate=make_estate(1, edge=False), connectivity=None)
    world.health["us-east"] = REFUSED
    snapshot = world.rounds(3)
    assert level(snapshot) is Level.UNKNOWN
    assert reason(snapshot) == "connection refused; not yet known whether the fault is this host's"


def test_old_readings_are_not_believed() -> None:
    world = World()
    world.rounds(2)
    stale = world.pass_time(25)
    assert (level(stale), stale.regions[0].health.freshness) == (Level.OK, Freshness.STALE)
    gone = world.pass_time(15)
    assert (level(gone), gone.regions[0].health.freshness) == (Level.UNKNOWN, Freshness.UNKNOWN)
    assert reason(gone).startswith("no answer to the health check for 41 s")


def test_a_metrics_page_that_fails_makes_the_region_unknown_with_the_reason() -> None:
    world = World()
    world.rounds(2)
    world.vitals["us-west"] = "connection refused"
    snapshot = world.rounds(5)
    assert level(snapshot, "us-west") is Level.UNKNOWN
    assert reason(snapshot, "us-west").startswith("no metrics for")
    assert reason(snapshot, "us-west").endswith("connection refused")
    assert level(snapshot, "us-east") is Level.OK


def test_down_outranks_missing_metrics() -> None:
    world = World()
    world.rounds(2)
    world.health["us-west"], world.vitals["us-west"] = REFUSED, "connection refused"
    assert level(world.rounds(6), "us-west") is Level.DOWN


def test_a_region_that_dies_is_never_unknown_on_its_way_down_though_its_metrics_are_gone_first() -> None:
    world = World(judging=Judging(fall=5))
    world.rounds(2)
    world.health["us-west"], world.vitals["us-west"] = REFUSED, "connection refused"
    levels = [level(world.round(), "us-west") for _ in range(6)]
    assert levels == [Level.OK] * 4 + [Level.DOWN] * 2


def test_missing_metrics_are_unknown_again_once_the_health_check_has_thought_better_of_it() -> None:
    world = World(judging=Judging(fall=5))
    world.rounds(2)
    world.health["us-west"], world.vitals["us-west"] = REFUSED, "connection refused"
    world.rounds(4)
    world.health.clear()
    assert level(world.round(), "us-west") is Level.UNKNOWN


@pytest.mark.parametrize(
    ("vitals", "expected", "said"),
    [
        (SLOW, Level.DEGRADED, "p95 612 ms, above 400 ms"),
        (Vitals(p95_ms=612, requests=5), Level.OK, ""),
        (Vitals(p95_ms=100, error_ratio=0.12, requests=500), Level.DEGRADED, "12 % of answers are errors, above 5 %"),
        (Vitals(p95_ms=100, error_ratio=0.05, requests=500), Level.OK, ""),
        (Vitals(memory_ratio=0.91), Level.DEGRADED, "memory 91 % of its limit, above 85 %"),
        (Vitals(), Level.OK, ""),
    ],
)
def test_vitals_are_judged_by_the_thresholds(vitals: Vitals, expected: Level, said: str) -> None:
    world = World()
    world.vitals["us-east"] = vitals
    snapshot = world.rounds(2)
    assert (level(snapshot), reason(snapshot)) == (expected, said)


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        (Health(status=200, word="degraded", detail="status is degraded"), Level.DEGRADED),
        (Health(status=200, word="fail", detail="status is fail"), Level.DOWN),
        (Health(status=200, word="", detail="answered 200 but is not JSON"), Level.DOWN),
        (Health(status=404, word="ok", detail="404 Not Found"), Level.DOWN),
        (HEALTHY, Level.OK),
    ],
)
def test_health_is_judged_by_code_and_word(health: Health, expected: Level) -> None:
    world = World()
    world.health["us-east"] = health
    assert level(world.rounds(2)) is expected


def test_replication_lag_degrades_only_its_region() -> None:
    world = World(estate=make_estate(lag=True), lag=Lag(4.2, "sql"))
    snapshot = world.rounds(2)
    assert (level(snapshot, "eu-west"), reason(snapshot, "eu-west")) == (
        Level.DEGRADED,
        "replication lag 4.20 s, above 2 s",
    )
    assert level(snapshot, "us-east") is Level.OK


def test_a_fail_over_is_told_with_its_time() -> None:
    world = World()
    world.health["edge"] = Health(status=200, word="ok", answered_by="us-east")
    assert world.rounds(2).edges[0].answered_since is None
    world.health["edge"] = Health(status=200, word="ok", answered_by="us-west")
    snapshot = world.round()
    assert snapshot.edges[0].answered_by == "us-west"
    assert "answered by us-west, before by us-east" in [line.text for line in snapshot.activity]
    assert any(line.startswith("edge answered by us-west since") for line in sentence(snapshot).details)


def test_a_new_version_and_a_restart_are_told() -> None:
    world = World()
    world.vitals["us-east"] = Vitals(started_at=1000.0)
    world.rounds(2)
    world.health["us-east"] = Health(status=200, word="ok", version="v17.2")
    world.vitals["us-east"] = Vitals(started_at=2000.0)
    texts = [line.text for line in world.round().activity]
    assert "now runs v17.2, before v17.1" in texts
    assert any("its process restarted" in text for text in texts)


def test_states_that_did_not_change_are_the_same_objects() -> None:
    world = World(judging=Judging())
    first = world.rounds(3)
    world.clock.seconds += 1
    second = world.look()
    assert all(old is new for old, new in zip(first.regions, second.regions, strict=True))
    assert second.sequence == first.sequence + 1


def test_trails_keep_what_was_measured() -> None:
    world = World()
    world.rounds(3)
    trail = world.state.trail("us-east")
    assert trail is not None
    assert [sample.p95_ms for sample in trail.between(0, 2e9)] == [FINE.p95_ms] * 3
