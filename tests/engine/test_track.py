"""Hysteresis: what it takes to change a level."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.engine.track import Finding, Track, forget, observe
from npconsole.model.level import Level
from npconsole.model.thresholds import Judging

LEVELS = {"o": Level.OK, "g": Level.DEGRADED, "d": Level.DOWN}
READINGS = st.lists(st.sampled_from([Level.OK, Level.DEGRADED, Level.DOWN]), min_size=1, max_size=40)


def play(levels: list[Level], judging: Judging) -> list[Track]:
    track, tracks = Track(), []
    for at, level in enumerate(levels):
        track = observe(track, Finding(level, level.value, float(at)), judging)
        tracks.append(track)
    return tracks


@pytest.mark.parametrize(
    ("readings", "levels"),
    [
        ("o", "o"),
        ("d", "d"),
        ("odo", "ooo"),
        ("odd", "ood"),
        ("oddoo", "ooddo"),
        ("ododod", "oooooo"),
        ("ogd", "oog"),
        ("ogdd", "oogg"),
        ("ogddd", "ooggd"),
        ("ddgo", "dddg"),
        ("ddgoo", "dddgg"),
        ("ddgooo", "dddggo"),
    ],
)
def test_two_in_a_row_change_a_level(readings: str, levels: str) -> None:
    tracks = play([LEVELS[one] for one in readings], Judging(fall=2, rise=2))
    assert [track.level for track in tracks] == [LEVELS[one] for one in levels]


def test_a_level_began_with_the_first_reading_of_its_run() -> None:
    last = play([Level.OK, Level.OK, Level.DOWN, Level.DOWN, Level.DOWN], Judging(fall=3, rise=2))[-1]
    assert (last.level, last.since, last.reason) == (Level.DOWN, 2.0, "down")


def test_the_first_level_has_no_beginning_but_one_after_unknown_has() -> None:
    first = observe(Track(), Finding(Level.DOWN, "", 5.0), Judging())
    assert first.since is None
    again = observe(forget(first, 9.0), Finding(Level.DOWN, "", 12.0), Judging())
    assert again.since == 12.0


def test_what_is_pending_is_said() -> None:
    assert play([Level.OK, Level.DOWN], Judging(fall=3))[-1].pending(Judging(fall=3)) == "down (1 of 3)"
    assert play([Level.DOWN, Level.OK], Judging(rise=3))[-1].pending(Judging(rise=3)) == "recovering (1 of 3)"
    assert play([Level.OK], Judging())[-1].pending(Judging()) == ""


@given(READINGS, st.integers(1, 5), st.integers(1, 5))
def test_a_level_changes_only_after_enough_readings_the_same_way(levels: list[Level], fall: int, rise: int) -> None:
    judging = Judging(fall=fall, rise=rise)
    before = Track()
    for at, track in enumerate(play(levels, judging)):
        if before.level is not Level.UNKNOWN and track.level is not before.level:
            worse = track.level.severity > before.level.severity
            needed = fall if worse else rise
            run = levels[at - needed + 1 : at + 1]
            assert len(run) == needed
            assert all((one.severity > before.level.severity) == worse and one is not before.level for one in run)
        before = track


@given(READINGS)
def test_with_one_of_each_the_level_is_the_last_reading(levels: list[Level]) -> None:
    assert [track.level for track in play(levels, Judging(fall=1, rise=1))] == levels


@given(READINGS, st.integers(1, 5), st.integers(1, 5))
def test_a_steady_world_is_judged_as_it_is(levels: list[Level], fall: int, rise: int) -> None:
    steady = levels + [levels[-1]] * 10
    assert play(steady, Judging(fall=fall, rise=rise))[-1].level is levels[-1]
