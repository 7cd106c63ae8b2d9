"""Burn rates from snapshots: what was down, for how long, against the budget."""

import pytest

from npconsole.exposition.burn import Burn, services_up
from tests.engine.estates import HEALTHY, REFUSED, World, make_estate

OBJECTIVE = 0.999


def burnt(world: World, burn: Burn, rounds: int) -> dict[str, float]:
    for _ in range(rounds):
        burn.see(world.round())
    return {each.window: each.rate for each in burn.rates()}


def test_up_all_the_time_burns_nothing() -> None:
    assert burnt(World(), Burn(OBJECTIVE), 40) == {"5m": 0.0, "1h": 0.0, "6h": 0.0}


def test_down_all_the_time_burns_the_inverse_of_the_budget() -> None:
    world = World()
    world.all_health(REFUSED)
    world.health["us-east"] = HEALTHY
    rates = burnt(world, Burn(OBJECTIVE), 40)
    assert rates == {name: pytest.approx(1000.0) for name in ("5m", "1h", "6h")}


def test_a_short_window_forgets_sooner() -> None:
    world, burn = World(), Burn(OBJECTIVE)
    world.health["edge"] = REFUSED
    burnt(world, burn, 6)
    world.health["edge"] = HEALTHY
    rates = burnt(world, burn, 54)
    assert rates["5m"] == 0.0
    assert rates["1h"] == pytest.approx(1000 * 50 / 590, rel=0.05)
    assert rates["1h"] == rates["6h"]


def test_a_gap_and_a_host_that_is_offline_count_neither_way() -> None:
    world, burn = World(), Burn(OBJECTIVE)
    burnt(world, burn, 2)
    world.health["edge"] = REFUSED
    burn.see(world.pass_time(7200))
    world.connectivity = False
    world.all_health(REFUSED)
    assert burnt(world, burn, 5) == {"6h": 0.0}


def test_nothing_seen_is_no_rate() -> None:
    burn = Burn(OBJECTIVE)
    burn.see(World().look())
    assert burn.rates() == ()


def test_without_an_edge_any_region_will_do() -> None:
    world = World(make_estate(edge=False))
    world.health["us-east"] = REFUSED
    assert services_up(world.round()) == {"api": True}
    world.all_health(REFUSED)
    assert services_up(world.round()) == {"api": False}
    assert services_up(World().look()) == {}
