"""What tells a person's key from a burst."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.views.console.dialog.cadence import BURST_S, REST_S, Cadence


@pytest.mark.parametrize(
    ("keys", "deliberate"),
    [
        ((1.0,), True),
        ((0.399,), False),
        ((0.401,), True),
        ((1.0, 1.01), False),
        ((1.0, 1.01, 1.2), True),
        ((-5.0,), False),
        ((0.39, 0.41), False),
    ],
)
def test_a_key_acts_alone_and_after_a_rest(keys: tuple[float, ...], deliberate: bool) -> None:
    cadence = Cadence()
    cadence.shown(0.0)
    for at in keys:
        cadence.key(at)
    assert cadence.deliberate is deliberate


def test_nothing_acts_on_what_is_not_in_view() -> None:
    cadence, seen = Cadence(), []
    cadence.key(1e9)
    seen.append(cadence.deliberate)
    cadence.shown(0.0)
    seen.append(cadence.deliberate)
    cadence.hidden()
    seen.append(cadence.deliberate)
    assert seen == [False, True, False]


@given(st.lists(st.floats(0, 10), min_size=1).map(sorted), st.floats(0, 10))
def test_no_key_of_a_burst_and_none_before_the_rest_acts(arrivals: list[float], shown: float) -> None:
    cadence = Cadence()
    cadence.shown(shown)
    before = float("-inf")
    for at in arrivals:
        cadence.key(at)
        if cadence.deliberate:
            assert at - before >= BURST_S
            assert at - shown >= REST_S
        before = at
