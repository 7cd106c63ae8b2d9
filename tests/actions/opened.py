"""A desk for the length of a test, on a folder of its own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tests.actions.desk import Desk
from tests.actions.memory import new_folder

D = TypeVar("D", bound=Desk)


@contextmanager
def opened(make: Callable[[Path], D]) -> Iterator[D]:
    """The desk that `make` sets up in a folder; its journal is closed and its folder removed afterwards."""
    folder = new_folder()
    desk = make(folder)
    try:
        yield desk
    finally:
        desk.journal.close()
        shutil.rmtree(folder)
