"""A console in a process of its own, for tests of a real terminal: `python -m tests.views.console.run_console DIR`."""

import sys
from pathlib import Path

from npconsole.config.keymap import provisional
from npconsole.model.clock import SystemClock
from npconsole.model.thresholds import Thresholds
from npconsole.views.console.app import ConsoleApp
from npconsole.views.theme import load_palette
from tests.views.console.desk import FakeDesk
from tests.views.console.feed import FakeFeed, scene, trails
from tests.views.console.screen import opening


class Crashing(ConsoleApp):
    """Fails when it is asked to refresh, with a secret in a local variable and in the message."""

    def action_press(self, action: str) -> None:
        if action == "refresh":
            hidden = "local-hunter2"
            raise RuntimeError(f"token-hunter2 \x1b[31m {len(hidden)}")
        super().action_press(action)


def main() -> int:
    """Run and give the exit code on."""
    snapshot = scene()
    app = Crashing(
        FakeFeed(snapshot, trails(snapshot)),
        opening(FakeDesk()),
        palette=load_palette("dark", {}),
        keymap=provisional({}),
        thresholds=Thresholds(),
        utc=True,
        clock=SystemClock(),
        crash_directory=Path(sys.argv[1]),
        redact=lambda text: text.replace("token-hunter2", "***"),
    )
    return app.run_on_terminal()


if __name__ == "__main__":
    sys.exit(main())
