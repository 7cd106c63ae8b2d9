"""Blocking calls beside the event loop, on daemon threads: one that hangs holds up neither the loop nor the exit."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def offload(function: Callable[[], T], *, name: str) -> asyncio.Future[T]:
    """Start `function` on a thread of its own called `name`; the future has its result or its exception.

    Cancelling the future does not stop the thread. asyncio's own executor is not used because closing the loop
    waits for its threads, and a name server that does not answer would hold up quitting.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    future.add_done_callback(_see_exception)

    def deliver(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)  # type: ignore[arg-type]  # None only beside an error, or when T is None
        else:
            future.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = function()
        except BaseException as raised:  # noqa: BLE001 - it is raised again by whoever awaits the future
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
            loop.call_soon_threadsafe(deliver, result, error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future


def _see_exception(future: asyncio.Future[T]) -> None:
    """Keep asyncio from reporting the exception of a call that everybody stopped waiting for."""
    if not future.cancelled():
        future.exception()
