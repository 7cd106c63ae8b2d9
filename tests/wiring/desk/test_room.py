"""The thread that a desk works on."""

import asyncio
import threading

import pytest

from npconsole.wiring.desk.room import Room

WITHIN_S = 5.0


async def nothing() -> None:
    """There is nothing to leave."""


def test_work_is_done_on_the_room_s_own_thread_and_ends_with_it() -> None:
    worked, left = threading.Event(), threading.Event()

    async def work() -> None:
        worked.set()
        await asyncio.Event().wait()

    async def leave() -> None:
        left.set()

    room = Room("room", work, leave)
    room.open()

    async def where() -> str:
        return threading.current_thread().name

    assert room.submit(where()).result(WITHIN_S) == "room"
    assert worked.wait(WITHIN_S)
    room.close(WITHIN_S)
    assert left.is_set()
    room.call(lambda: pytest.fail("nothing is called in a room that is closed"))


def test_a_pause_ends_when_it_is_woken() -> None:
    woken = threading.Event()

    async def work() -> None:
        await room.pause(3600)
        woken.set()

    room = Room("room", work, nothing)
    room.open()
    while not woken.wait(0.01):
        room.call(room.wake)
    room.close(WITHIN_S)


def test_a_room_that_was_never_opened_closes() -> None:
    Room("room", nothing, nothing).close(WITHIN_S)
