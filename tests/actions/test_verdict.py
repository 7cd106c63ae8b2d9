"""Helped, no effect, worse, unknown: from a measurement before and one after."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.actions.verdict import Measured, compare
from npconsole.model.run import Verdict
from npconsole.model.thresholds import Thresholds

SLOW = Measured(healthy=True, p95_ms=612.0, error_ratio=0.001, traffic=True)
FINE = Measured(healthy=True, p95_ms=110.0, error_ratio=0.001, traffic=True)
FAILING = Measured(healthy=True, p95_ms=110.0, error_ratio=0.2, traffic=True)
SICK = Measured(healthy=False)
IDLE = Measured(healthy=True, traffic=False)
BLIND = Measured()


@pytest.mark.parametrize(
    ("before", "after", "verdict", "well"),
    [
        (SLOW, FINE, Verdict.HELPED, True),
        (SICK, FINE, Verdict.HELPED, True),
        (SICK, SLOW, Verdict.HELPED, False),
        (SICK, IDLE, Verdict.HELPED, True),
        (FINE, FINE, Verdict.NO_EFFECT, True),
        (SLOW, SLOW, Verdict.NO_EFFECT, False),
        (SICK, SICK, Verdict.NO_EFFECT, False),
        (IDLE, IDLE, Verdict.NO_EFFECT, True),
        (FINE, SICK, Verdict.WORSE, False),
        (FINE, SLOW, Verdict.WORSE, False),
        (FINE, Measured(True, 130.0, 0.001, True), Verdict.NO_EFFECT, True),
        (FINE, FAILING, Verdict.WORSE, False),
        (FAILING, FINE, Verdict.HELPED, True),
        (FAILING, FAILING, Verdict.NO_EFFECT, False),
        (FINE, IDLE, Verdict.UNKNOWN, True),
        (IDLE, FINE, Verdict.UNKNOWN, True),
        (FINE, BLIND, Verdict.UNKNOWN, False),
        (BLIND, FINE, Verdict.UNKNOWN, True),
    ],
)
def test_verdicts(before: Measured, after: Measured, verdict: Verdict, well: bool) -> None:
    finding = compare(before, after, Thresholds())
    assert (finding.verdict, finding.well) == (verdict, well)


def test_the_numbers_are_in_the_words() -> None:
    words = compare(SLOW, FINE, Thresholds()).words
    assert words == (
        "healthy before, healthy now; p95 612 ms before, 110 ms now (bound 400 ms); errors 0.10 % before, 0.10 % now"
    )


measurements = st.builds(
    Measured,
    st.sampled_from([True, False, None]),
    st.none() | st.floats(1, 5000),
    st.none() | st.floats(0, 1),
    st.sampled_from([True, False, None]),
)


@given(measurements, measurements)
def test_helped_is_only_said_of_what_was_measured(before: Measured, after: Measured) -> None:
    finding = compare(before, after, Thresholds())
    if finding.verdict is Verdict.HELPED:
        assert after.healthy
        came_back = before.healthy is False
        fewer = None not in (before.error_ratio, after.error_ratio) and before.error_ratio > after.error_ratio  # type: ignore[operator]  # neither is None
        faster = before.p95_ms is not None and after.p95_ms is not None and after.p95_ms < before.p95_ms
        assert came_back or faster or fewer


@given(measurements)
def test_it_survives_the_journal(measured: Measured) -> None:
    assert Measured.of_data(measured.as_data()) == measured
