"""What runs of this process are executed and planned with."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from secrets import token_hex

from npconsole.actions.registry import all_actions, find
from npconsole.actions.rules import to_rules
from npconsole.actions.stage import Stage, nowhere
from npconsole.config.schema import Config
from npconsole.model.alarm import Alarm
from npconsole.model.benchmark import BenchmarkArchive
from npconsole.model.clock import Clock
from npconsole.model.journal import Journal
from npconsole.model.run import Run
from npconsole.net.http import Http
from npconsole.wiring.memory import host_name
from npconsole.wiring.runnerlog import to_log
from npconsole.wiring.world import build_world


def build_stage(
    config: Config,
    *,
    environ: Mapping[str, str],
    clock: Clock,
    journal: Journal,
    http: Http,
    read_only: bool,
    alarm: Alarm | None = None,
    benchmarks: BenchmarkArchive | None = None,
    notify: Callable[[Run, str], None] = to_log,
    speed: float = 1.0,
    reached: Callable[[str], None] = nowhere,
) -> Stage:
    """The stage of this process, over an HTTP client that the caller closes.

    `read_only` is the flag of a command, on top of the configuration. `notify` tells people what went wrong; `speed` is
    that of a rehearsal.
    """
    return Stage(
        journal=journal,
        world=build_world(
            config, environ=environ, clock=clock, http=http, past=journal.run, alarm=alarm, benchmarks=benchmarks
        ),
        rules=to_rules(config, read_only=read_only, speed=speed),
        find=partial(find, actions=all_actions(config)),
        owner=f"{host_name()} pid {os.getpid()} {token_hex(3)}",
        notify=notify,
        reached=reached,
    )
