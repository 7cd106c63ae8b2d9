"""What is kept of a crash: a redacted traceback without local variables, in a file that only its owner can read."""

import contextlib
import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from npconsole.net.text import clean

LIMIT = 200_000


def write_crash(error: BaseException, directory: Path, *, wall: float, redact: Callable[[str], str]) -> Path | None:
    """Write `crash-DATE-PID.txt` (0600) into `directory` and return its path; None when that is impossible."""
    report = clean(redact("".join(traceback.format_exception(error))), limit=LIMIT, lines=True)
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(wall))
    path = directory / f"crash-{stamp}-{os.getpid()}.txt"
    with contextlib.suppress(OSError):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(report + "\n")
        return path
    return None


def crash_line(error: BaseException, path: Path | None, *, redact: Callable[[str], str]) -> str:
    """The one line a person sees: what happened and where the rest is."""
    where = f"; the traceback is in {path}" if path else "; the traceback could not be written"
    said = clean(redact(f"{type(error).__name__}: {error}"), limit=300)
    return f"npconsole: stopped by an error of its own: {said}{where}"


def state_directory(environ: dict[str, str]) -> Path:
    """`$XDG_STATE_HOME/npconsole`, by default `~/.local/state/npconsole`."""
    base = environ.get("XDG_STATE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".local" / "state") / "npconsole"
