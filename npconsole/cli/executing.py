"""This process as a runner: for one run, or for those that dead runners left."""

import os
import resource
from collections.abc import Awaitable, Callable
from typing import TypeVar

from npconsole.actions.runner import Runner
from npconsole.actions.signals import attend
from npconsole.alerting.route import routes_of
from npconsole.cli.acting import Acting
from npconsole.net.http import Http
from npconsole.wiring.alarm import HostAlarm
from npconsole.wiring.daemon.tempo import require_rehearsal
from npconsole.wiring.paging import Pager
from npconsole.wiring.stage import build_stage

T = TypeVar("T")


def execute(hold: Acting, work: Callable[[Runner], Awaitable[T]], *, speed: float = 1.0) -> T:
    """Do the work with a runner of this process, to its end. A core file could hold secrets: there is none.

    Raises UsageError for the `speed` of a rehearsal anywhere but on a simulated platform.
    """
    if speed != 1:
        require_rehearsal(hold.loaded.config)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    http = Http(now=hold.clock.now)
    stage = build_stage(
        hold.loaded.config,
        environ=os.environ,
        clock=hold.clock,
        journal=hold.journal,
        benchmarks=hold.stores.benchmarks,
        http=http,
        read_only=hold.read_only,
        notify=_pager(hold),
        speed=speed,
        alarm=HostAlarm(hold.launcher),
    )

    async def closed(runner: Runner) -> T:
        async with http:
            return await work(runner)

    return attend(Runner(stage), closed)


def _pager(hold: Acting) -> Pager:
    config = hold.loaded.config
    return Pager(
        environment=config.environment.name,
        routes=routes_of(config),
        outbox=hold.stores.outbox,
        heal=hold.stores.heal,
        launcher=hold.launcher,
        clock=hold.clock,
    )
