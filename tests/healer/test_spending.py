"""Budgets and pauses."""

import pytest

from npconsole.healer.rules import Brakes
from npconsole.healer.spending import Spent, age, spend
from tests.healer.estate import HOUR, MIN

NEW = Spent("restart", "us-east", "us-east")


def spent(*times: float, spent: Spent = NEW) -> Spent:
    for at in times:
        spent = spend(spent, at)
    return spent


@pytest.mark.parametrize(
    ("count", "pause_min"), [(0, 0), (1, 10), (2, 20), (3, 40), (4, 80), (5, 120), (6, 120), (2000, 120)]
)
def test_the_pause_doubles_up_to_its_cap(count: int, pause_min: float) -> None:
    assert spent(*[0.0] * count).cools_s(0.0, Brakes()) == pause_min * MIN


def test_a_purge_has_its_own_pause() -> None:
    assert spent(0.0, spent=Spent("purge", "edge", "us-east")).cools_s(MIN, Brakes()) == 4 * MIN


def test_each_healthy_hour_takes_one_step_back() -> None:
    given: Spent | None = spent(0.0, 0.0, 0.0)
    ranks = []
    for minute in range(1, 241):
        assert given is not None
        given = age(given, MIN, minute * MIN, well=True)
        if minute % 60 == 0:
            ranks.append(given.rank if given else None)
    assert ranks == [2, 1, 0, 0]


def test_an_hour_that_is_not_healthy_throughout_does_not_count() -> None:
    given: Spent | None = spent(0.0, 0.0)
    for minute in range(1, 300):
        assert given is not None
        given = age(given, MIN, minute * MIN, well=minute % 59 != 0)
    assert given is not None
    assert given.rank == 2


def test_what_is_older_than_a_day_is_forgotten() -> None:
    given = spent(0.0, 10 * HOUR)
    assert (given.within(10 * HOUR, HOUR), given.within(10 * HOUR, 24 * HOUR)) == (1, 2)
    later = age(given, MIN, 24 * HOUR, well=False)
    assert later is not None
    assert later.times == (10 * HOUR,)
    assert age(Spent("restart", "us-east", "us-east", (0.0,)), MIN, 24 * HOUR, well=True) is None
