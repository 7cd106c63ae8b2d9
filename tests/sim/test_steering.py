import pytest

from npconsole.sim.estate import AREA_SHARE, STEERING
from npconsole.sim.record import Record
from npconsole.sim.steering import Steering
from tests.sim.fakeclock import FakeClock


def steering() -> tuple[Steering, Record]:
    record = Record(FakeClock())
    return Steering(STEERING, AREA_SHARE, 2, record), record


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
    for region in ("us-east", "us-west", "eu-west"):
        for _ in range(3):
            edge.observe(region, "refuses")
    assert edge.serving_all() == {"america": None, "europe": None}
    assert sum(edge.shares().values()) == 0
