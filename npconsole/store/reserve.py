"""Room set aside beside the database, given up so that what a running run did can be written on a full disk."""

import errno
import os
from pathlib import Path

from npconsole.store.failure import FullError

RESERVE_BYTES = 128 * 1024
"""Several outcomes with their audit lines and SQLite's rollback journal."""


class Reserve:
    """A file of `RESERVE_BYTES` bytes, really allocated."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def make(self) -> None:
        """Have it, again if it was given up. Raises FullError when there is no room for it."""
        if self._size() == RESERVE_BYTES:
            return
        try:
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                os.posix_fallocate(file, 0, RESERVE_BYTES)
            finally:
                os.close(file)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
                self.give_up()
                raise FullError(
                    f"there is no room left beside the memory: {self._path} needs {RESERVE_BYTES} bytes",
                    hint="free some disk space; until then nothing new is started",
                ) from error
            raise

    def give_up(self) -> bool:
        """Free the room; False when there was none."""
        had = self._size() > 0
        self._path.unlink(missing_ok=True)
        return had

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return -1
