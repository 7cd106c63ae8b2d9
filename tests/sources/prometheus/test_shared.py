import asyncio

import pytest

from npconsole.errors import BadAnswerError
from npconsole.sources.prometheus.shared import Shared
from tests.sources.clock import HandClock


class Fetch:
    """Counts its calls; every call waits for `released`."""

    def __init__(self, *, fails: bool = False) -> None:
        self.calls = 0
        self.released = asyncio.Event()
        self._fails = fails

    async def __call__(self) -> int:
        self.calls += 1
        await self.released.wait()
        if self._fails:
            raise BadAnswerError("broken")
        return self.calls


async def test_readers_at_the_same_time_share_one_fetch_until_it_is_too_old() -> None:
    clock, fetch = HandClock(), Fetch()
    shared = Shared(fetch, 7, clock)
    fetch.released.set()

    assert await asyncio.gather(*(shared.get() for _ in range(5))) == [1] * 5
    clock.at += 6.9
    assert await shared.get() == 1
    clock.at += 0.2
    assert await shared.get() == 2


async def test_a_failure_is_shared_as_well_and_its_traceback_does_not_grow() -> None:
    clock, fetch = HandClock(), Fetch(fails=True)
    shared = Shared(fetch, 7, clock)
    fetch.released.set()

    depths = set()
    for _ in range(5):
        with pytest.raises(BadAnswerError, match="broken") as raised:
            await shared.get()
        depths.add(len(raised.traceback))
    assert fetch.calls == 1
    assert len(depths) == 1


async def test_a_cancelled_reader_leaves_the_fetch_to_the_next() -> None:
    fetch = Fetch()
    shared = Shared(fetch, 7, HandClock())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await shared.get()
    fetch.released.set()
    assert await shared.get() == fetch.calls
