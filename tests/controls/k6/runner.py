"""A process that sends a load and never ends: for tests that kill it. `runner.py FOLDER ADDRESS`."""

import asyncio
import os
import sys
from pathlib import Path

from npconsole.controls.k6 import Call, K6Engine, Settings
from npconsole.model.clock import SystemClock
from npconsole.model.load import Load
from tests.controls.k6.loading import until


async def main(folder: Path, address: str) -> None:
    """Say `running` as soon as requests are answered."""
    settings = Settings((Call("health", "/health", 1.0),), think_s=0.05)
    engine = K6Engine(settings, environ=os.environ, clock=SystemClock(), folder=folder)
    running = await engine.start(Load("us-east", address, users=50, duration_s=60))
    await until(lambda: running.figures.requests)
    sys.stdout.write("running\n")
    sys.stdout.flush()
    await running.result()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
