"""How a process runs the runner: on a loop of its own, where a signal means stop and take back what can be."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import TypeVar

from npconsole.actions.runner import Runner

T = TypeVar("T")

STOPPING = (signal.SIGTERM, signal.SIGINT)
IGNORED = (signal.SIGHUP,)


def attend(runner: Runner, work: Callable[[Runner], Awaitable[T]]) -> T:
    """Run `work` to its end, such as `lambda runner: runner.run(run_id)`; the process has no other loop.

    SIGTERM and SIGINT make it stop what can be stopped, undo what can be undone, and then end. SIGHUP does nothing: a
    run does not depend on a terminal.
    """

    async def attended() -> T:
        loop = asyncio.get_running_loop()
        for number in STOPPING:
            loop.add_signal_handler(number, runner.terminate, f"its runner got {signal.Signals(number).name}")
        for number in IGNORED:
            signal.signal(number, signal.SIG_IGN)
        return await work(runner)

    return asyncio.run(attended())
