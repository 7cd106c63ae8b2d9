"""The steps and the hold that people ask for."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.actions.drill import DrillRules
from npconsole.actions.failover.action import Failover
from npconsole.actions.failover.course import Course, read_course
from npconsole.actions.inputs import check_inputs
from npconsole.errors import UsageError

RULES = DrillRules(hold_s=300.0, longest_hold_s=900.0)


def course(**given: str) -> Course:
    return read_course(check_inputs(Failover.spec, {name: [value] for name, value in given.items()}), RULES)


@pytest.mark.parametrize(
    ("given", "steps", "hold_s"),
    [
        ({}, (100.0,), 300.0),
        ({"steps": "25,50,100"}, (25.0, 50.0, 100.0), 300.0),
        ({"steps": " 25% , 100 %".replace(" %", "%")}, (25.0, 100.0), 300.0),
        ({"steps": "0.5,100"}, (0.5, 100.0), 300.0),
        ({"hold": "30s"}, (100.0,), 30.0),
        ({"hold": "15m"}, (100.0,), 900.0),
    ],
)
def test_what_makes_sense(given: dict[str, str], steps: tuple[float, ...], hold_s: float) -> None:
    assert course(**given) == Course(steps, hold_s)


@pytest.mark.parametrize(
    "steps", ["50", "100,100", "50,25,100", "0,100", "101", "25,,100", "a", "-5,100", "1e2", ",", "nan"]
)
def test_steps_that_make_no_sense(steps: str) -> None:
    with pytest.raises(UsageError, match="growing shares that end with 100"):
        course(steps=steps)


def test_a_hold_longer_than_the_longest() -> None:
    with pytest.raises(UsageError, match="at most"):
        course(hold="901s")


@given(st.lists(st.integers(1, 99), max_size=9, unique=True).map(sorted))
def test_any_growing_shares_are_taken_as_they_are(shares: list[int]) -> None:
    text = ",".join(map(str, [*shares, 100]))
    assert course(steps=text).steps == (*map(float, shares), 100.0)


@given(st.text(max_size=30))
def test_any_text_is_a_course_or_a_usage_error(text: str) -> None:
    try:
        steps = course(steps=text).steps
    except UsageError:
        return
    assert steps[-1] == 100.0
    assert all(low < high for low, high in pairwise(steps))


def test_the_longest_time_covers_every_part() -> None:
    rules = DrillRules(step_pause_s=10.0, shift_within_s=60.0, baseline_s=2.0, call_s=5.0)
    assert Course((50.0, 100.0), 30.0).longest_s(rules) == 2 * 15.0 + 2.0 + 10.0 + 60.0 + 30.0
