"""From bad checks to a turn, and from good ones to the end."""

from hypothesis import given
from hypothesis import strategies as st

from npconsole.healer.condition import Sight
from npconsole.healer.course import Course, interrupt, observe
from npconsole.healer.rules import Brakes
from tests.healer.estate import HEALTH, HOUR, LATENCY, MIN

BAD, GOOD, DOUBT, NOTHING = Sight.BREACH, Sight.GOOD, Sight.DOUBTFUL, Sight.UNKNOWN
START = Course("high-latency", "us-east")


def seen(*sights: Sight, course: Course = START, at: float = 0.0, tainted: bool = False) -> Course:
    """After one look a minute."""
    for number, sight in enumerate(sights):
        course = observe(course, sight, at + number * MIN, tainted=tainted, clear=2)
    return course


def test_three_bad_checks_and_five_minutes_make_a_turn() -> None:
    for count in range(1, 10):
        assert seen(*[BAD] * count).is_due(LATENCY, Brakes(), (count - 1) * MIN) is (count >= 6)


def test_one_bad_answer_of_the_health_check_makes_a_turn() -> None:
    assert seen(BAD).is_due(HEALTH, Brakes(), 0.0)


def test_one_good_check_begins_the_count_anew_and_two_end_the_trouble() -> None:
    after_one = seen(BAD, BAD, GOOD)
    assert (after_one.open, after_one.breaches, after_one.since) == (True, 0, None)
    after_two = seen(BAD, BAD, GOOD, GOOD)
    assert after_two == Course("high-latency", "us-east", sight=GOOD, begun=(0.0,))
    assert seen(BAD, GOOD, BAD, GOOD, BAD).begun == (0.0,)
    assert seen(BAD, GOOD, GOOD, BAD).begun == (0.0, 3 * MIN)


def test_what_is_seen_under_somebodys_hands_does_not_count() -> None:
    course = seen(BAD, BAD, BAD, BAD, BAD, BAD, BAD, tainted=True)
    assert (course.open, course.breaches, course.since, course.begun) == (True, 0, None, ())
    assert not course.is_due(LATENCY, Brakes(), HOUR)


def test_a_look_that_fails_neither_counts_nor_clears_until_it_lasts() -> None:
    assert seen(BAD, BAD, NOTHING, NOTHING).breaches == 2
    assert seen(BAD, BAD, NOTHING, BAD).breaches == 3
    lost = seen(BAD, BAD, NOTHING, DOUBT, NOTHING)
    assert (lost.open, lost.breaches, lost.since) == (True, 0, None)
    assert not seen(BAD, BAD, BAD, BAD, BAD, BAD, NOTHING).is_due(LATENCY, Brakes(), 6 * MIN)


def test_after_a_gap_it_must_be_seen_afresh() -> None:
    course = interrupt(seen(*[BAD] * 6))
    assert not course.is_due(LATENCY, Brakes(), 2 * HOUR)
    assert course.open
    assert not seen(BAD, course=course, at=2 * HOUR).is_due(LATENCY, Brakes(), 2 * HOUR)


def test_beginnings_are_forgotten_after_an_hour() -> None:
    course = seen(BAD, GOOD, GOOD)
    assert not course.is_idle
    assert observe(course, GOOD, HOUR, tainted=False, clear=2).is_idle


@given(st.lists(st.tuples(st.sampled_from(Sight), st.booleans()), max_size=60))
def test_a_turn_always_rests_on_enough_bad_checks_in_a_row(looks: list[tuple[Sight, bool]]) -> None:
    course, brakes = START, Brakes()
    for number, (sight, tainted) in enumerate(looks):
        course = observe(course, sight, number * MIN, tainted=tainted, clear=2)
        if course.is_due(LATENCY, brakes, number * MIN):
            last = [look for look in looks[: number + 1] if look[0] in (BAD, GOOD)][-3:]
            assert last == [(BAD, False)] * 3
