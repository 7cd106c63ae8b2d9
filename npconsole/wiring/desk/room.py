"""A thread with an event loop: what is asked for from any other thread is done on it."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


class Room:
    """`work` runs until the room is closed; `leave` comes last, on the room's own thread."""

    def __init__(
        self, name: str, work: Callable[[], Coroutine[Any, Any, None]], leave: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        self._work = work
        self._leave = leave
        self._loop = asyncio.new_event_loop()
        self._wake = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def open(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def close(self, within_s: float) -> None:
        """End everything. From any thread; what takes longer is left behind."""
        if not self._thread.is_alive():
            self._loop.close()
            return
        self.call(self._loop.stop)
        self._thread.join(within_s)

    def call(self, function: Callable[[], object]) -> None:
        """Have it called on the room's thread; not at all when that has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function)

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Have it done on the room's thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def wake(self) -> None:
        """End the pause that `work` is in. On the room's own thread."""
        self._wake.set()

    async def pause(self, seconds: float) -> None:
        """Wait, less long when something was asked for."""
        self._wake.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        working = self._loop.create_task(self._work())
        try:
            self._loop.run_forever()
            tasks = asyncio.all_tasks(self._loop) | {working}
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._leave())
        finally:
            self._loop.close()
