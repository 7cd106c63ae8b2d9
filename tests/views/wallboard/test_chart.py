import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.model.vitals import Sample
from npconsole.views.wallboard.chart import HOLD_S, bars, columns


def test_each_column_is_the_worst_of_its_stretch() -> None:
    samples = [Sample(10, p95_ms=5), Sample(19, p95_ms=9), Sample(20, p95_ms=4), Sample(39, p95_ms=None)]
    assert columns(samples, 0, 40, 4) == [None, 9, 4, 4]


def test_a_gap_stays_a_gap() -> None:
    step_s = HOLD_S / 2
    found = columns([Sample(0, p95_ms=7), Sample(step_s * 9, p95_ms=8)], 0, step_s * 10, 10)
    assert found == [7, 7, 7, *[None] * 6, 8]


def test_samples_outside_are_left_out() -> None:
    assert columns([Sample(-1000, p95_ms=1), Sample(40, p95_ms=1)], 0, 40, 2) == [None, None]


@pytest.mark.parametrize(
    ("values", "height", "expected"),
    [
        ([8.0, 4.0, 1.0, None], 1, ["█▄▁ "]),
        ([8.0, 4.0, 0.0, None], 2, ["█   ", "██▁ "]),
        ([99.0], 1, ["█"]),
    ],
)
def test_bars(values: list[float | None], height: int, expected: list[str]) -> None:
    assert bars(values, height, 8.0) == expected


@given(st.lists(st.none() | st.floats(0, 1e15), min_size=1, max_size=50), st.integers(1, 8), st.floats(0.001, 1e9))
def test_bars_always_fill_their_box(values: list[float | None], height: int, top: float) -> None:
    lines = bars(values, height, top)
    assert len(lines) == height
    assert {len(line) for line in lines} == {len(values)}
