from hypothesis import given
from hypothesis import strategies as st

from npconsole.sim.bucket import Bucket


def test_it_says_how_long_to_wait_and_takes_nothing_then() -> None:
    bucket = Bucket(10, 2)
    assert bucket.take(10, 0.0) == 0
    assert bucket.take(4, 0.0) == 2.0
    assert bucket.take(4, 1.0) == 1.0
    assert bucket.take(4, 2.0) == 0


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(1, 20)), max_size=50))
def test_never_more_is_taken_than_was_there_and_came_back(asked: list[tuple[float, int]]) -> None:
    bucket, now_s, taken = Bucket(20, 3), 0.0, 0
    for pause_s, number in asked:
        now_s += pause_s
        if bucket.take(number, now_s) == 0:
            taken += number
        assert taken <= 20 + 3 * now_s + 1e-6
