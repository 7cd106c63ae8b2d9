"""The poller's promises: never overlapping, survives anything, keeps the last value and its error."""

import asyncio
import logging
from collections.abc import Callable
from random import Random

import pytest

from npconsole.engine.breaker import Breaker
from npconsole.engine.poller import Poller
from npconsole.engine.watch import Watch
from npconsole.errors import LimitedError, SourceError, UnauthorisedError
from npconsole.model.clock import SystemClock
from npconsole.model.reading import Freshness, Reading
from tests.engine.estates import FakeClock


class Script:
    """A source that follows a script of values and errors, and counts how many reads are under way."""

    def __init__(self, *steps: int | Exception | Callable[[], int]) -> None:
        self.steps = list(steps)
        self.reads = self.at_once = self.most_at_once = 0

    async def read(self) -> int:
        self.reads += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
            if isinstance(step, Exception):
                raise step
            return step() if callable(step) else step
        finally:
            self.at_once -= 1


def poller_of(
    script: Script,
    *,
    breaker: Breaker | None = None,
    renew: Callable[[], None] | None = None,
    report: Callable[[Reading[int], float], None] = lambda *_: None,
    interval_s: float = 0.01,
    clock: FakeClock | None = None,
) -> Poller[int]:
    watch = Watch(script.read, interval_s, 1.0, renew=renew)
    return Poller("test", watch, report, clock=clock or FakeClock(), rng=Random(1), breaker=breaker)


async def attempts(poller: Poller[int], number: int) -> list[Reading[int]]:
    readings = []
    for at in range(number):
        await poller.read(float(at))
        readings.append(poller.reading)
    return readings


async def test_a_failure_keeps_the_last_value_and_says_why() -> None:
    good, bad, again = await attempts(poller_of(Script(7, SourceError("connection refused"), 8)), 3)
    assert (good.value, good.error, good.freshness) == (7, "", Freshness.FRESH)
    assert (bad.value, bad.at, bad.tried_at, bad.error) == (7, good.at, 1.0, "connection refused")
    assert (again.value, again.error) == (8, "")


@pytest.mark.parametrize(
    ("error", "freshness"),
    [
        (LimitedError("slow down", 60.0), Freshness.LIMITED),
        (UnauthorisedError("sentry.token: refused"), Freshness.AUTH),
        (SourceError("no"), Freshness.STALE),
    ],
)
async def test_the_kind_of_failure_is_kept(error: Exception, freshness: Freshness) -> None:
    assert (await attempts(poller_of(Script(error)), 1))[0].freshness is freshness


async def test_an_unexpected_error_is_a_reason_and_a_log_line_not_an_end(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        broken, fine = await attempts(poller_of(Script(KeyError("secret-value"), 1)), 2)
    assert broken.error == "internal error (KeyError); see the log"
    assert fine.value == 1
    assert "test raised KeyError" in caplog.text


async def test_a_refused_credential_is_renewed_once_and_tried_once_more() -> None:
    renewed: list[int] = []
    script = Script(UnauthorisedError("401"), 5)
    (reading,) = await attempts(poller_of(script, renew=lambda: renewed.append(1)), 1)
    assert (reading.value, len(renewed), script.reads) == (5, 1, 2)


async def test_a_credential_that_stays_refused_is_not_stormed() -> None:
    renewed: list[int] = []
    script = Script(UnauthorisedError("401"))
    await attempts(poller_of(script, renew=lambda: renewed.append(1)), 4)
    assert (len(renewed), script.reads) == (1, 5)


async def test_an_open_breaker_asks_nobody() -> None:
    script, breaker = Script(SourceError("refused")), Breaker("prometheus", trip=2)
    last = (await attempts(poller_of(script, breaker=breaker, clock=FakeClock()), 5))[-1]
    assert script.reads == 2
    assert last.error.startswith("prometheus failed 2 times in a row; tried again in")


async def test_reads_never_overlap_and_a_wake_reads_at_once() -> None:
    script, seen = Script(1), asyncio.Event()
    poller = poller_of(script, interval_s=3600.0, report=lambda *_: seen.set())
    task = asyncio.get_running_loop().create_task(poller.run())
    async with asyncio.timeout(5):
        for _ in range(5):
            await seen.wait()
            seen.clear()
            poller.wake()
            poller.wake()
    task.cancel()
    assert script.reads >= 5
    assert script.most_at_once == 1


async def test_a_source_without_a_deadline_is_cut_off() -> None:
    async def never() -> int:
        await asyncio.Event().wait()
        return 0

    poller = Poller("stuck", Watch(never, 1.0, 0.0), lambda *_: None, clock=FakeClock(), rng=Random(1))
    async with asyncio.timeout(5):
        await poller.read(0.0)
    assert poller.reading.error == "no answer within 0.5 s"


async def test_how_late_each_turn_came_is_told_but_not_of_reads_that_were_asked_for() -> None:
    late: list[float] = []
    clock, enough = SystemClock(), asyncio.Event()

    def heard(seconds: float) -> None:
        late.append(seconds)
        if len(late) == 3:
            enough.set()

    poller = Poller("test", Watch(Script(1).read, 0.02, 1.0), lambda *_: None, clock=clock, rng=Random(1), late=heard)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        running = group.create_task(poller.run())
        await enough.wait()
        running.cancel()
    assert all(-0.001 <= each < 5 for each in late)

    woken: list[float] = []
    script = Script(1)
    slow = Poller(
        "slow", Watch(script.read, 1000.0, 1.0), lambda *_: None, clock=clock, rng=Random(1), late=woken.append
    )
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        running = group.create_task(slow.run())
        while script.reads < 3:
            slow.wake()
            await asyncio.sleep(0.01)
        running.cancel()
    assert woken == []
