"""Processes of our own that outlive the face: the runner of a run, and whoever finishes the runs of dead runners.

They get our environment without what loads code, starts programs or leads elsewhere, no terminal, and Python's isolated
mode.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from npconsole.errors import ProcessError
from npconsole.net.process import Detached, detach

LOG = "runner.log"
_MOST_LOG_BYTES = 1_000_000
_PREFIXES = ("TEXTUAL", "LD_", "PYTHON", "SSL", "NPCONSOLE_FAIL")
_NAMES = frozenset({"BROWSER", "EDITOR", "VISUAL", "PAGER", "MANPAGER", "LESSOPEN", "LESSCLOSE"})


def clean_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables without those that load code, start programs, or send traffic and its keys elsewhere."""
    return {
        name: value
        for name, value in environ.items()
        if not name.startswith(_PREFIXES) and name not in _NAMES and not name.upper().endswith("_PROXY")
    }


@dataclass(frozen=True, slots=True)
class Launcher:
    """Starts processes on one configuration file. `folder` holds their log; `read_only` and `speed`, that of a
    rehearsal, bind them as they bind us.
    """

    config_path: Path
    environ: Mapping[str, str]
    folder: Path
    read_only: bool = False
    speed: float = 1.0

    @property
    def log(self) -> Path:
        """Where these processes write what they have to say."""
        return self.folder / LOG

    def run(self, run_id: str) -> Detached:
        """The runner of one run. Raises ProcessError."""
        hastened = [] if self.speed == 1 else ["--speed", f"{self.speed:g}"]
        return self._start("runner", run_id, *hastened)

    def deliver(self) -> Detached:
        """Whoever tells people what is in the outbox, once. Raises ProcessError."""
        return self._start("deliver")

    def recover(self, run_id: str) -> Detached:
        """Whoever finishes one run, as soon as its owner is gone. Raises ProcessError."""
        return self._start(*self._recovery(run_id, 0.0))

    def watchdog(self, run_id: str, after_s: float) -> Detached:
        """The same, asleep until this process has ended, or `after_s` seconds have passed."""
        return self._start(*self._recovery(run_id, after_s), "--pid", str(os.getpid()))

    def recovery_argv(self, run_id: str) -> Sequence[str]:
        """The command line of `recover`, for a timer of the host."""
        return self._argv(*self._recovery(run_id, 0.0))

    def _recovery(self, run_id: str, after_s: float) -> tuple[str, ...]:
        return ("recover", "--run", run_id, "--after", f"{after_s:.3f}", "--until-ended")

    def _argv(self, *words: str) -> list[str]:
        flags = ["--read-only"] if self.read_only else []
        return [sys.executable, "-I", "-m", "npconsole", "--config", str(self.config_path.absolute()), *flags, *words]

    def _start(self, *words: str) -> Detached:
        return detach(self._argv(*words), env=clean_environ(self.environ), log=self._ready_log())

    def _ready_log(self) -> Path:
        log = self.log
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if log.exists() and log.stat().st_size > _MOST_LOG_BYTES:
                log.replace(log.with_suffix(".log.1"))
        except OSError as error:
            raise ProcessError(f"{self.folder} cannot be used: {os.strerror(error.errno or 0)}") from None
        return log
