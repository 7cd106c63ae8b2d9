"""A runner that signals itself at a point of its run: `CONFIG RUN_ID POINT SIGNAL`."""

import os
import signal
import sys
from pathlib import Path

from npconsole.actions.runner import Runner
from npconsole.actions.signals import attend
from npconsole.config.loading import load
from npconsole.model.clock import SystemClock
from npconsole.model.run import Run
from npconsole.net.http import Http
from npconsole.wiring.memory import open_memory
from npconsole.wiring.stage import build_stage


def main(config: str, run_id: str, point: str, number: str) -> None:
    """Execute the run until the point is reached for the first time."""
    came: list[str] = []

    def reached(name: str) -> None:
        if name == point and not came:
            came.append(name)
            os.kill(os.getpid(), signal.Signals(int(number)))

    loaded, clock = load(Path(config), environ=os.environ), SystemClock()
    journal = open_memory(loaded.config, environ=os.environ, clock=clock)
    http = Http(now=clock.now)
    stage = build_stage(
        loaded.config,
        environ=os.environ,
        clock=clock,
        journal=journal,
        http=http,
        read_only=False,
        reached=reached,
    )

    async def work(runner: Runner) -> Run:
        async with http:
            return await runner.run(run_id)

    attend(Runner(stage), work)
    journal.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
