"""Which file system a path is on. Several hosts may see the same file on a network file system, and their locks and
clocks do not agree: the memory is not kept there."""

import re
from pathlib import Path, PurePath

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs", "ocfs2"}
)
_ESCAPED = re.compile(r"\\([0-7]{3})")


def is_network(kind: str) -> bool:
    """Whether a file system of this kind may be seen by several hosts."""
    return kind.removeprefix("fuse.") in _NETWORK | {"sshfs", "s3fs", "rclone", "gcsfuse", "goofys"}


def kind_of(folder: PurePath, mounts: str) -> str:
    """The kind of the file system that holds a resolved folder, by the text of /proc/self/mountinfo; "" if unknown."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if not separator or len(fields) < 5:
            continue
        point = PurePath(_ESCAPED.sub(lambda match: chr(int(match[1], 8)), fields[4]))
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split(" ")[0]
    return kind


def kind_here(folder: Path) -> str:
    """The same by this host's mounts."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return kind_of(folder.resolve(), mounts)
