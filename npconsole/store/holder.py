"""Who holds the lock of a file: read from the kernel's table, because a lock on a file does not say so itself.

Nothing here opens the file: closing it again would drop the locks that SQLite holds in this process.
"""

import os
import re
from pathlib import Path

from npconsole.net.text import clean

_PROC = Path("/proc")
_WRITE_LOCK = re.compile(r"POSIX\s+\w+\s+WRITE\s+(\d+)\s+([0-9a-f]+):([0-9a-f]+):(\d+)\s")
_STATES = {"T": ", stopped", "t": ", stopped", "D": ", waiting for its disk"}


def holder_of(path: Path, *, proc: Path = _PROC) -> str:
    """Who holds a write lock on a file, in words: `process 4711 (npconsole, stopped)`."""
    file = _key(path)
    try:
        table = (proc / "locks").read_text(encoding="ascii", errors="replace")
    except OSError:
        table = ""
    holders = {
        int(pid)
        for pid, major, minor, inode in _WRITE_LOCK.findall(table)
        if (int(major, 16), int(minor, 16), int(inode)) == file
    }
    if others := holders - {0, os.getpid()}:  # 0 is a process of another pid namespace
        return described(min(others), proc=proc)
    return "another thread of this process" if os.getpid() in holders else "another process"


def described(pid: int, *, proc: Path = _PROC) -> str:
    """A process of this host by its number, its name and what keeps it from going on."""
    try:
        stat = (proc / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return f"process {pid}"
    command, _, rest = stat.partition("(")[2].rpartition(")")
    return f"process {pid} ({clean(command, limit=40)}{_STATES.get(rest.strip()[:1], '')})"


def _key(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return os.major(status.st_dev), os.minor(status.st_dev), status.st_ino
