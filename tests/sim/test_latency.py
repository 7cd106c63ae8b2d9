from random import Random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.sim.latency import draw_ms, queueing
from npconsole.sim.route import ITEMS


@given(st.floats(-1, 5), st.floats(-1, 5))
def test_queueing_grows_with_utilisation_and_is_capped(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 1 <= queueing(low) <= queueing(high) <= 20.0001


def test_an_idle_queue_adds_nothing_and_half_a_queue_doubles() -> None:
    assert queueing(0) == 1
    assert queueing(0.5) == 2


def test_the_median_of_many_draws_is_the_routes_median() -> None:
    rng = Random(1)
    drawn = [draw_ms(rng, ITEMS, 1.0) for _ in range(4000)]
    assert median(drawn) == pytest.approx(ITEMS.median_ms, rel=0.05)
