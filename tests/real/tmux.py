"""A terminal of a given size in a tmux server of its own, driven and read as a person would."""

import os
import shlex
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

POLL_S = 0.1


class Tmux:
    """One window. `close` ends the program and the server."""

    def __init__(self, folder: Path, argv: Sequence[str], *, columns: int, rows: int, env: dict[str, str]) -> None:
        self._socket = str(folder / "tmux")
        self.exit_file = folder / "exit"
        command = f"{shlex.join(argv)}; echo $? > {shlex.quote(str(self.exit_file))}; sleep 60"
        settings = [word for name, value in env.items() for word in ("-e", f"{name}={value}")]
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-s", "np", "-x", str(columns), "-y", str(rows), *settings,
            "bash", "-c", command,
        )  # fmt: skip

    def keys(self, *keys: str) -> None:
        """Press keys by tmux's names."""
        self._tmux("send-keys", "-t", "np", *keys)

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-t", "np", "-x", str(columns), "-y", str(rows))

    def text(self) -> str:
        """The screen as text."""
        return self._tmux("capture-pane", "-p", "-t", "np")

    def until(self, true_of: str | Callable[[str], bool], within_s: float = 30.0) -> str:
        """Wait until the screen holds a text, or a function says so of it."""
        end = time.monotonic() + within_s
        while True:
            text = self.text()
            if true_of in text if isinstance(true_of, str) else true_of(text):
                return text
            assert time.monotonic() < end, f"never seen: {true_of}\n{text}"
            time.sleep(POLL_S)

    def exit_code(self, within_s: float = 10.0) -> int:
        """Wait for the program to end."""
        end = time.monotonic() + within_s
        while not self.exit_file.exists() or not self.exit_file.read_text():
            assert time.monotonic() < end, self.text()
            time.sleep(POLL_S)
        return int(self.exit_file.read_text())

    def close(self) -> None:
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], capture_output=True, check=False)

    def _tmux(self, *arguments: str) -> str:
        environ = {
            name: value for name, value in os.environ.items() if name not in ("TMUX", "NO_COLOR", "COLUMNS", "LINES")
        }
        done = subprocess.run(
            ["tmux", "-S", self._socket, *arguments],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            env=environ,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
