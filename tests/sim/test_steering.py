import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.sim.estate import AREA_SHARE, STEERING
from npconsole.sim.record import Record
from npconsole.sim.steering import Arrangement, Steering
from tests.sim.fakeclock import FakeClock


def steering(fallback: str = "") -> tuple[Steering, Record]:
    record = Record(FakeClock())
    return Steering(Arrangement(STEERING, fallback), AREA_SHARE, 2, record), record


def down(edge: Steering, *regions: str) -> None:
    for region in regions:
        for _ in range(3):
            edge.observe(region, "refuses")


def test_the_standby_gets_nothing_until_the_primary_is_down() -> None:
    edge, record = steering()
    assert edge.shares() == pytest.approx({"us-east": 0.65, "us-west": 0, "eu-west": 0.35})
    assert [edge.observe("us-east", "refuses") for _ in range(3)] == [True, True, False]
    assert edge.shares() == pytest.approx({"us-east": 0, "us-west": 0.65, "eu-west": 0.35})
    assert [(entry.kind, entry.subject) for entry in record.entries] == [
        ("pool down", "us-east"),
        ("fail-over", "america"),
    ]
    assert record.entries[1].plain().items() >= {"before": "us-east", "after": "us-west"}.items()


def test_one_good_check_between_bad_ones_starts_the_count_again() -> None:
    edge, _ = steering()
    for problem in ("x", "x", "", "x", "x"):
        edge.observe("us-east", problem)
    assert edge.serving("america") == "us-east"


def test_a_pool_comes_back_after_two_good_checks() -> None:
    edge, record = steering()
    for problem in ("x", "x", "x", "", "x", ""):
        edge.observe("us-east", problem)
    assert edge.serving("america") == "us-west"
    edge.observe("us-east", "")
    assert edge.serving("america") == "us-east"
    assert [entry.kind for entry in record.entries] == ["pool down", "fail-over", "pool up", "fail-over"]


def test_nobody_serves_when_every_pool_is_down() -> None:
    edge, _ = steering()
    down(edge, "us-east", "us-west", "eu-west")
    assert edge.serving_all() == {"america": None, "europe": None}
    assert sum(edge.shares().values()) == 0


def test_the_fallback_serves_when_no_other_does_healthy_or_not_but_only_while_it_is_on() -> None:
    edge, _ = steering("eu-west")
    down(edge, "us-east", "us-west", "eu-west")
    assert edge.serving_all() == {"america": "eu-west", "europe": "eu-west"}
    assert edge.shares() == pytest.approx({"us-east": 0, "us-west": 0, "eu-west": 1})
    edge.place("eu-west", enabled=False, shed_ratio=0, actor="a")
    assert edge.serving_all() == {"america": None, "europe": None}


def test_a_drain_and_its_end_are_one_effect_each_however_often_they_are_asked_for() -> None:
    edge, record = steering()
    for enabled in (False, False, True, True):
        edge.place("us-east", enabled=enabled, shed_ratio=0, actor="ops")
    assert [(entry.kind, entry.subject) for entry in record.entries] == [
        ("drained", "us-east"),
        ("fail-over", "america"),
        ("restored", "us-east"),
        ("fail-over", "america"),
    ]
    assert record.entries[0].plain()["actor"] == "ops"


def test_a_pool_that_is_off_is_not_judged_and_has_no_health_until_it_was_checked_again() -> None:
    edge, _ = steering()
    down(edge, "us-east")
    edge.place("us-east", enabled=False, shed_ratio=0, actor="a")
    down(edge, "us-east")
    edge.place("us-east", enabled=True, shed_ratio=0, actor="a")
    assert (edge.pools["us-east"].healthy, edge.pools["us-east"].checked) == (True, False)
    assert edge.serving("america") == "us-east"
    edge.observe("us-east", "refuses")
    assert edge.pools["us-east"].checked


def test_a_load_balancer_that_is_off_serves_nobody() -> None:
    edge, _ = steering("eu-west")
    edge.arrange(Arrangement(STEERING, "eu-west", enabled=False), "a")
    assert edge.serving_all() == {"america": None, "europe": None}
    assert edge.route("america", lambda: 0.5) is None


@given(st.floats(0, 1), st.floats(0, 1), st.sets(st.sampled_from(["us-east", "us-west", "eu-west"])))
def test_users_are_shifted_and_never_lost_or_doubled(first: float, second: float, off: set[str]) -> None:
    edge, _ = steering("eu-west")
    for region, ratio in (("us-east", first), ("eu-west", second)):
        edge.place(region, enabled=True, shed_ratio=ratio, actor="a")
    for region in off:
        edge.place(region, enabled=False, shed_ratio=0, actor="a")
    shares = edge.shares()
    assert all(shares[region] == 0 for region in off)
    assert sum(shares.values()) <= 1 + 1e-9
    if "eu-west" not in off:
        assert sum(shares.values()) == pytest.approx(1)
