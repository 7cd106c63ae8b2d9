"""What a user at the edge saw, and what it says of the traffic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.actions.failover.shift import LONGEST_QUIET_S, Baseline, back_s, to_baseline, to_shift
from npconsole.actions.failover.witness import Sighting

ALL = Baseline(20, 0, 1.0)


def seen(*letters: str, start: float = 100.0, step: float = 0.1) -> list[Sighting]:
    """`o` the drained region, `n` another, `x` a failure, `?` a good answer without a name."""
    names = {"o": "east", "n": "west", "m": "south", "x": "", "?": ""}
    text = "".join(letters)
    return [Sighting(start + i * step, names[each], well=each != "x") for i, each in enumerate(text)]


@pytest.mark.parametrize(
    ("text", "noticed_s", "first_s", "last_s", "moved_s", "failed"),
    [
        ("ooo" + "n" * 12, 0.3, 0.3, 0.2, 0.3, 0),
        ("ooxxx" + "n" * 12, 0.2, 0.5, 0.1, 0.5, 3),
        ("oonon" + "n" * 12, 0.2, 0.2, 0.3, 0.4, 0),
        ("oonxn" + "n" * 12, 0.2, 0.2, 0.1, 0.4, 1),
        ("ooo", None, None, 0.2, None, 0),
        ("ooonnn", 0.3, 0.3, 0.2, None, 0),
        ("xxxx", 0.0, None, None, None, 4),
        ("oo????" + "?" * 12, 0.2, None, 0.1, None, 0),
        ("n" * 12, 0.0, 0.0, None, 0.0, 0),
        ("", None, None, None, None, 0),
    ],
)
def test_shift(
    text: str, noticed_s: float | None, first_s: float | None, last_s: float | None, moved_s: float | None, failed: int
) -> None:
    shift = to_shift(seen(text), "east", 100.0, ALL, 1.0)
    found = [shift.noticed_s, shift.first_s, shift.last_s, shift.moved_s]
    assert found == [pytest.approx(each) for each in (noticed_s, first_s, last_s, moved_s)]
    assert (shift.asked, shift.failed) == (len(text), failed)


def test_what_was_before_the_drain_does_not_count() -> None:
    assert to_shift(seen("nnxo" + "n" * 12), "east", 100.4, ALL, 1.0).moved_s == pytest.approx(0.0)


def test_the_region_that_took_over_is_the_one_that_answers_most() -> None:
    assert to_shift(seen("on" + "m" * 15 + "n" * 3), "east", 100.0, ALL, 1.0).to == "south"


@pytest.mark.parametrize(("share", "factor"), [(1.0, 1), (0.5, 10), (0.1, 66), (0.0, 1), (None, 1)])
def test_a_small_share_takes_longer_to_be_missed(share: float | None, factor: int) -> None:
    assert Baseline(100, 0, share).quiet_factor == factor


def test_where_regions_take_turns_a_short_silence_proves_nothing() -> None:
    some = Baseline(20, 0, 0.2)
    assert to_shift(seen("o" + "n" * 15), "east", 100.0, some, 1.0).moved_s is None
    assert to_shift(seen("o" + "n" * 40), "east", 100.0, some, 1.0).moved_s == pytest.approx(0.1)


def test_a_silence_is_never_waited_for_longer_than_a_minute() -> None:
    rare = Baseline(10_000, 0, 0.0005)
    assert to_shift(seen("n" * 610), "east", 100.0, rare, 1.0).moved_s == pytest.approx(0.0)
    assert LONGEST_QUIET_S == 60.0


@pytest.mark.parametrize(
    ("text", "share", "failed"), [("oooo", 1.0, 0), ("onon", 0.5, 0), ("nn", 0.0, 0), ("xx", None, 2), ("", None, 0)]
)
def test_baseline(text: str, share: float | None, failed: int) -> None:
    assert to_baseline(seen(text), "east") == Baseline(len(text), failed, share)


def test_back() -> None:
    assert back_s(seen("nnno"), "east", 100.1) == pytest.approx(0.2)
    assert back_s(seen("nnnx"), "east", 100.0) is None


@given(st.text("onx?", max_size=120), st.floats(0.1, 5.0))
def test_a_shift_is_followed_by_nothing_else_for_as_long_as_it_takes(text: str, quiet_s: float) -> None:
    shift = to_shift(seen(text), "east", 100.0, ALL, quiet_s)
    if shift.moved_s is None:
        return
    start = round(shift.moved_s * 10)
    needed = round(quiet_s * 10 - 0.5)
    assert set(text[start : start + needed + 1]) == {"n"}
    assert shift.first_s is not None
    assert shift.first_s <= shift.moved_s
