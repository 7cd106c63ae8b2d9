from hypothesis import given
from hypothesis import strategies as st

from npconsole.sources.page.counters import Counters
from npconsole.sources.page.tally import Tally
from npconsole.sources.page.window import Window

VALUES = st.dictionaries(st.sampled_from("abc"), st.floats(-10, 1e6), max_size=3)


def advance(*pages: dict[str, float]) -> dict[str, float]:
    counters = Counters()
    counters.begin(pages[0])
    growth: dict[str, float] = {}
    for page in pages[1:]:
        growth = counters.advance(page, restarted=False)
    return growth


def test_growth_resets_and_newcomers() -> None:
    assert advance({"a": 5, "b": 100}, {"a": 8, "b": 3, "c": 2}) == {"a": 3, "b": 3, "c": 2}


def test_a_series_that_was_away_counts_from_its_last_value() -> None:
    assert advance({"a": 1000}, {}, {}, {"a": 1004}) == {"a": 4}


def test_after_a_restart_everything_counts_from_zero() -> None:
    counters = Counters()
    counters.begin({"a": 5, "b": 7})
    assert counters.advance({"a": 9}, restarted=True) == {"a": 9}
    assert counters.advance({"a": 10, "b": 1}, restarted=False) == {"a": 1, "b": 1}


@given(st.lists(st.tuples(VALUES, st.booleans()), min_size=1, max_size=8))
def test_growth_is_never_negative(pages: list[tuple[dict[str, float], bool]]) -> None:
    counters = Counters()
    counters.begin(pages[0][0])
    for page, restarted in pages[1:]:
        growth = counters.advance(page, restarted=restarted)
        assert growth.keys() == page.keys()
        assert all(value >= 0 for value in growth.values())


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=20))
def test_growth_of_a_counter_without_resets_adds_up(increments: list[int]) -> None:
    counters, value, total = Counters(), 50.0, 0.0
    counters.begin({"a": value})
    for increment in increments:
        value += increment
        total += counters.advance({"a": value}, restarted=False)["a"]
    assert total == sum(increments)


def test_the_fewest_tallies_that_span_the_window() -> None:
    window = Window(60)
    for index in range(10):
        window.add(Tally(index * 15.0, (index + 1) * 15.0, requests=1, buckets={1.0: 2.0}))
    total = window.total()
    assert total is not None
    assert (total.start, total.end, total.requests, total.buckets) == (90, 150, 4, {1.0: 8.0})


def test_a_tally_longer_than_the_window_stands_alone() -> None:
    window = Window(10)
    window.add(Tally(0, 30, requests=3))
    window.add(Tally(30, 60, requests=5))
    total = window.total()
    assert total is not None
    assert (total.start, total.requests) == (30, 5)


def test_a_window_begins_empty_and_can_be_emptied() -> None:
    window = Window(10)
    assert window.total() is None
    window.add(Tally(0, 5))
    window.clear()
    assert window.total() is None


@given(st.floats(1, 100), st.lists(st.floats(0.5, 50), min_size=1, max_size=30))
def test_a_window_spans_its_length_and_not_a_tally_more(length_s: float, steps: list[float]) -> None:
    window, now = Window(length_s), 0.0
    for step in steps:
        window.add(Tally(now, now + step))
        now += step
    total = window.total()
    assert total is not None
    assert total.end == now
    span = total.end - total.start
    assert span >= min(length_s, now) or span == now
    assert span <= length_s + max(steps) + 1e-6
