"""Locking and ending without a key."""

from npconsole.views.console.idle import Idle


def test_it_locks_once_and_the_key_that_unlocks_does_nothing_else() -> None:
    idle = Idle(lock_s=900, exit_s=43_200, now=0)
    assert not idle.key(899)
    idle.look(899 + 899)
    assert idle.reason == ""
    idle.look(899 + 900)
    assert idle.reason == "locked after 15 min without a key: any key unlocks"
    assert idle.key(5000)
    assert idle.reason == ""
    assert not idle.key(5001)


def test_a_key_before_anybody_looked_still_only_unlocks() -> None:
    idle = Idle(lock_s=900, exit_s=43_200, now=0)
    assert idle.key(901)


def test_it_ends_much_later() -> None:
    idle = Idle(lock_s=900, exit_s=43_200, now=0)
    assert not idle.over(43_199)
    assert idle.over(43_200)
    idle.key(43_199)
    assert not idle.over(43_200)
