from collections import Counter
from random import Random
from statistics import fmean, pvariance

import pytest

from npconsole.sim.route import ROUTES
from npconsole.sim.traffic import MEAN_RPS, Traffic, arrivals, pick


@pytest.mark.parametrize("expected", [0.5, 8, 200])
def test_arrivals_have_the_mean_and_variance_of_poisson(expected: float) -> None:
    rng = Random(3)
    drawn = [arrivals(rng, expected) for _ in range(4000)]
    assert fmean(drawn) == pytest.approx(expected, rel=0.06)
    assert pvariance(drawn) == pytest.approx(expected, rel=0.15)


def test_a_day_has_its_quiet_and_its_busy_hours_around_the_mean() -> None:
    traffic = Traffic(Random(1))
    rates = [traffic.rate(minute * 60.0, 60.0) for minute in range(1440)]
    assert fmean(rates) == pytest.approx(MEAN_RPS, rel=0.05)
    assert min(rates) < 0.8 * MEAN_RPS < 1.2 * MEAN_RPS < max(rates)


def test_routes_are_picked_by_share() -> None:
    rng = Random(2)
    picked = Counter(pick(rng) for _ in range(5000))
    for route in ROUTES:
        assert picked[route] / 5000 == pytest.approx(route.share, abs=0.03)
    assert sum(route.share for route in ROUTES) == pytest.approx(1)
