"""Folders with a new journal in them, quickly: made once and copied from then on, in memory where there is such."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from npconsole.store.opening import open_journal
from tests.actions.virtual import FakeClock

NAME = "npconsole.db"
_SHARED = Path("/dev/shm")


def new_folder() -> Path:
    """A folder of one's own, to be removed by whoever asked for it."""
    folder = _folder()
    shutil.copy(_template() / NAME, folder / NAME)
    return folder


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="npconsole-", dir=_SHARED if _SHARED.is_dir() else None))


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="npconsole-"))
    open_journal(folder / NAME, clock=FakeClock(), environment="test", host="here", syslog=False, boot="boot").close()
    return folder
