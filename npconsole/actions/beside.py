"""Watching while something is done: the watchers end when it does, and its own error comes out as it is."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def beside(work: Awaitable[T], *watchers: Coroutine[Any, Any, Any]) -> T:
    """The result of `work`, with `watchers` running until then."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(watcher) for watcher in watchers]
        try:
            outcome: tuple[T] | Exception = (await work,)
        except Exception as error:  # noqa: BLE001 - raised below, outside the group, which would wrap it
            outcome = error
        finally:
            for task in tasks:
                task.cancel()
    if isinstance(outcome, Exception):
        raise outcome
    return outcome[0]
