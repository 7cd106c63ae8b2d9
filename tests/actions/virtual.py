"""An event loop whose time is a fake clock: nobody waits, and everything that waits happens in its order."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

START_WALL = 1_750_000_000.0


@dataclass
class FakeClock:
    """A clock that moves when told, or when a virtual loop has nothing to do before an instant."""

    seconds: float = 1000.0

    def now(self) -> float:
        return self.seconds

    def wall(self) -> float:
        return START_WALL + self.seconds - 1000.0


class _Jumping(selectors.SelectSelector):
    """Instead of waiting it moves the clock. Waiting for nothing at all is a fault of the test."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise AssertionError("the loop waits for something that never comes")
        if not ready and timeout is not None and timeout > 0:
            self._clock.seconds += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop that runs on a fake clock."""

    def __init__(self, clock: FakeClock) -> None:
        self._virtual = clock
        super().__init__(_Jumping(clock))

    def time(self) -> float:
        return self._virtual.seconds

    def run_in_executor(self, executor: Executor | None, func: Callable[..., T], *args: object) -> asyncio.Future[T]:
        """What another thread would do is done here and now: no time passes, and nobody waits."""
        done: asyncio.Future[T] = self.create_future()
        done.set_result(func(*args))
        return done


def play(clock: FakeClock, story: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in virtual time."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
        return runner.run(story)
