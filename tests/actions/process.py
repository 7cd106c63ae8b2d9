"""A real runner process over a real journal and a platform of its own: `python -m tests.actions.process FOLDER RUN`.

Without a run id it recovers what is open. Prints the writes that the vendor got, one a line, and exits as the run did.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

from npconsole.actions.outcome import exit_code
from npconsole.actions.rules import Pace, Rules
from npconsole.actions.runner import Runner
from npconsole.actions.signals import attend
from npconsole.model.clock import SystemClock
from npconsole.store.opening import open_journal
from tests.actions.desk import Desk
from tests.actions.failpoint import from_environ
from tests.actions.memory import NAME
from tests.actions.world import Platform, Write

FAST = Rules(
    Pace(lease_ttl_s=1.5, renew_s=0.1, lease_margin_s=0.1, beat_s=0.05, call_timeout_s=1.0, reread_s=0.05, settle_s=0.2)
)


def main(folder: Path, run_id: str) -> int:
    desk = Desk(folder, platform=Platform(on_write=_told), rules=FAST)
    clock = SystemClock()
    desk.platform.clock = clock  # type: ignore[assignment]  # a clock that nobody moves
    journal = open_journal(folder / NAME, clock=clock, environment="test", host="here", syslog=False)
    runner = Runner(replace(desk.stage(from_environ(os.environ)), journal=journal, owner=f"process-{os.getpid()}"))
    if not run_id:
        return len(attend(runner, lambda each: each.recover()))
    return exit_code(attend(runner, lambda each: each.run(run_id)))


def _told(write: Write) -> None:
    sys.stdout.write(f"{write.call} {write.target}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))
