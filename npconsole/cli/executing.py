"""This process as a runner: for one run, or for those that dead runners left."""

import os
import resource
from collections.abc import Awaitable, Callable
from typing import TypeVar

from npconsole.actions.runner import Runner
from npconsole.actions.signals import attend
from npconsole.cli.acting import Acting
from npconsole.net.http import Http
from npconsole.wiring.alarm import HostAlarm
from npconsole.wiring.stage import build_stage

T = TypeVar("T")


def execute(hold: Acting, work: Callable[[Runner], Awaitable[T]]) -> T:
    """Do the work with a runner of this process, to its end. A core file could hold secrets: there is none."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    http = Http(now=hold.clock.now)
    stage = build_stage(
        hold.loaded.config,
        environ=os.environ,
        clock=hold.clock,
        journal=hold.journal,
        http=http,
        read_only=hold.read_only,
        alarm=HostAlarm(hold.launcher),
    )

    async def closed(runner: Runner) -> T:
        async with http:
            return await work(runner)

    return attend(Runner(stage), closed)
