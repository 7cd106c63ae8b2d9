"""Whether the memory's file and folder are ours alone. The journal decides what is undone, and the audit names people:
neither may be written, or read, by strangers."""

import os
import pwd
import stat
from pathlib import Path

from npconsole.errors import StoreError


def make_folder(folder: Path) -> None:
    """Make the folder with mode 0700 when it is not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def check(path: Path) -> os.stat_result:
    """The file's status. Raises StoreError for a wrong kind, owner or mode; FileNotFoundError when it is not there.

    Whoever is in the file's group may read or write it as its mode says; everybody else's access is a fault.
    """
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise StoreError(f"{path} is not a regular file", hint="name another place for the memory")
    if status.st_mode & 0o007:
        raise StoreError(f"{path} is open to everybody (mode {_mode(status)})", hint=f"chmod o= {path}*")
    if status.st_uid not in (os.geteuid(), 0) and not _shared(status):
        raise StoreError(
            f"{path} belongs to {_name(status.st_uid)}, not to {_name(os.geteuid())}",
            hint=f"run as {_name(status.st_uid)}, or share it with a group (chmod g+rw) that you are in",
        )
    folder = path.parent.stat()
    if folder.st_mode & 0o002 and not folder.st_mode & stat.S_ISVTX:
        raise StoreError(f"everybody may replace files in {path.parent}", hint=f"chmod o-w {path.parent}")
    return status


def _shared(status: os.stat_result) -> bool:
    return bool(status.st_mode & 0o040) and status.st_gid in {os.getegid(), *os.getgroups()}


def _mode(status: os.stat_result) -> str:
    return f"{stat.S_IMODE(status.st_mode):04o}"


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
