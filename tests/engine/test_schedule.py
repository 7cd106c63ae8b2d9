"""When a source is read next."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.engine.breaker import Breaker, Circuit
from npconsole.engine.schedule import Pace, pause_s
from npconsole.errors import Failure, LimitedError, ServerError, UnauthorisedError, UnreachableError

PACE = Pace.of(10.0)


def pause(error: Exception | None, failures: int, took_s: float = 0.0, seed: int = 1) -> float:
    return pause_s(PACE, took_s=took_s, failures=failures, error=error, rng=Random(seed))


@given(st.floats(0, 9.0), st.integers())
def test_reads_start_an_interval_apart_however_long_they_take(took_s: float, seed: int) -> None:
    assert 9.5 <= took_s + pause(None, 0, took_s, seed) <= 10.5


def test_a_slow_read_is_not_followed_at_once() -> None:
    assert pause(None, 0, took_s=60.0) == 1.0


@given(st.integers(1, 60), st.integers())
def test_failures_slow_down_to_a_bound(failures: int, seed: int) -> None:
    pauses = pause(UnreachableError("refused", Failure.CONNECT), failures, seed=seed)
    assert 9.5 <= pauses <= 40.0
    if failures >= 3:
        assert pauses >= 20.0


@pytest.mark.parametrize("error", [LimitedError("429", 90.0), ServerError("503", 503, retry_after_s=90.0)])
def test_a_stated_pause_is_a_minimum(error: Exception) -> None:
    assert 90.0 <= pause(error, 1) <= 99.0


def test_a_refused_credential_is_not_tried_again_soon() -> None:
    assert pause(UnauthorisedError("401"), 1) >= 300.0


def test_a_breaker_opens_after_failures_in_a_row_and_lets_one_trial_through() -> None:
    breaker = Breaker("grafana.example", trip=3, cool_s=10.0)
    for _ in range(3):
        assert breaker.allows(100.0)
        breaker.failed(100.0)
    assert (breaker.circuit, breaker.allows(109.9)) == (Circuit.OPEN, False)
    assert [breaker.allows(110.0), breaker.allows(110.0)] == [True, False]
    assert breaker.circuit is Circuit.TRIAL
    breaker.succeeded()
    assert (breaker.circuit, breaker.allows(111.0)) == (Circuit.CLOSED, True)


def test_a_failed_trial_doubles_the_cooling_time_to_a_bound() -> None:
    breaker, now = Breaker("h", trip=1, cool_s=10.0, coolest_s=40.0), 0.0
    breaker.failed(now)
    waits = []
    for _ in range(5):
        waits.append(breaker.reopens_at - now)
        now = breaker.reopens_at
        assert breaker.allows(now)
        breaker.failed(now)
    assert waits == [10.0, 20.0, 40.0, 40.0, 40.0]


def test_a_cancelled_trial_does_not_close_the_door_for_ever() -> None:
    breaker = Breaker("h", trip=1, cool_s=10.0)
    breaker.failed(0.0)
    assert breaker.allows(10.0)
    breaker.abandoned()
    assert breaker.allows(10.0)


def test_a_person_may_ask_at_once() -> None:
    breaker = Breaker("h", trip=1, cool_s=10.0)
    breaker.failed(100.0)
    breaker.reset()
    assert breaker.allows(100.0)
