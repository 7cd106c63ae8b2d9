"""`npconsole sim up` as a process of its own, and `npconsole sim …` beside it."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

START_LIMIT_S = 20.0
END_LIMIT_S = 5.0


def environment(runtime: Path) -> dict[str, str]:
    """This environment with a runtime folder of the test's own."""
    return os.environ | {"XDG_RUNTIME_DIR": str(runtime), "NPCONSOLE_SIM": ""}


def npconsole(runtime: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [sys.executable, "-m", "npconsole", *arguments]
    return subprocess.run(command, env=environment(runtime), capture_output=True, text=True, timeout=START_LIMIT_S)


class Running:
    """A simulator in a `with` block; `said` is the line it printed."""

    def __init__(self, runtime: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "npconsole", "sim", "up", *arguments]
        self._process = subprocess.Popen(
            command, env=environment(runtime), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.said: dict[str, Any] = {}
        self.narration = ""

    def __enter__(self) -> Self:
        watchdog = threading.Timer(START_LIMIT_S, self._process.kill)
        watchdog.start()
        line = _stream(self._process.stdout).readline()
        watchdog.cancel()
        if not line:
            self._process.kill()
            raise AssertionError(_stream(self._process.stderr).read())
        self.said = json.loads(line)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end(signal.SIGKILL)

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait; the exit code. Does nothing more when it has ended already."""
        if self._process.returncode is None:
            self._process.send_signal(number)
            _, self.narration = self._process.communicate(timeout=END_LIMIT_S)
        return self._process.returncode or 0


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream
