"""Where the user's running simulators are found: one small file for each in a folder of the user's own."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from npconsole.errors import UsageError
from npconsole.sim.directory import Directory, write_private

VARIABLE = "NPCONSOLE_SIM"


class Rendezvous:
    """`$XDG_RUNTIME_DIR/npconsole-sim`, or a folder of the user's own in the temporary one."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Raises UsageError when the folder belongs to somebody else."""
        runtime = environ.get("XDG_RUNTIME_DIR", "")
        base = Path(runtime) if runtime and os.access(runtime, os.W_OK) else Path(tempfile.gettempdir())
        name = "npconsole-sim" if str(base) == runtime else f"npconsole-sim-{os.getuid()}"
        self.path = base / name
        self.path.mkdir(mode=0o700, exist_ok=True)
        owner = self.path.lstat()
        if owner.st_uid != os.getuid() or self.path.is_symlink():
            raise UsageError(
                f"{self.path} belongs to somebody else", hint="set XDG_RUNTIME_DIR to a folder of your own"
            )
        self.path.chmod(0o700)
        self._environ = environ

    def register(self, pid: int, directory: Path) -> None:
        """Say that a simulator runs."""
        write_private(self._file(pid), json.dumps({"dir": str(directory)}))

    def remove(self, pid: int) -> None:
        """Say that it has ended."""
        self._file(pid).unlink(missing_ok=True)

    def control(self, directory: Path | None) -> str:
        """The control address of the simulator in a folder, or in `$NPCONSOLE_SIM`, or of the newest one that runs.

        `$NPCONSOLE_SIM` is a folder or a control address. Raises UsageError when there is none.
        """
        named = self._environ.get(VARIABLE, "")
        if directory is None and named.startswith("http://"):
            return named.rstrip("/")
        directory = directory or (Path(named) if named else self._newest())
        if directory is None:
            raise UsageError("no simulator is running", hint="start one: npconsole sim up")
        if not directory.is_dir():
            raise UsageError(f"there is no folder {directory}", hint="give --dir as it was given to `sim up`")
        control = Directory(directory).read_state().get("control")
        if not isinstance(control, str):
            raise UsageError(
                f"no simulator has run in {directory}", hint=f"start one: npconsole sim up --dir {directory}"
            )
        return control

    def _newest(self) -> Path | None:
        """The folder of the newest simulator whose process is alive; forgets those that were killed."""
        files = sorted(self.path.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files:
            if not file.stem.isdecimal() or not alive(int(file.stem)):
                file.unlink(missing_ok=True)
                continue
            return Path(str(json.loads(file.read_text())["dir"]))
        return None

    def _file(self, pid: int) -> Path:
        return self.path / f"{pid}.json"


def alive(pid: int) -> bool:
    """Whether a process with this id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
