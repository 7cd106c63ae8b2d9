"""A new SQLite memory: made whole beside its place and put there in one step, never over something that is there."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from npconsole.store.sqlite import SqliteDatabase

_COMPANIONS = ("", "-journal")


def create(path: Path) -> None:
    """A new memory at the path. When another process was faster, theirs stays."""
    with draft(path) as made, suppress(FileExistsError):
        put(made, path)


@contextmanager
def draft(path: Path, fill: Callable[[SqliteDatabase], None] = lambda _: None) -> Iterator[Path]:
    """A whole memory in the same folder under another name, gone afterwards."""
    made = path.with_name(f".{path.name}.{token_hex(6)}")
    os.close(os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    try:
        database = SqliteDatabase(made)
        database.create()
        fill(database)
        database.close()
        yield made
    finally:
        for companion in _COMPANIONS:
            made.with_name(made.name + companion).unlink(missing_ok=True)


def put(made: Path, path: Path) -> None:
    """Have the draft at the path, on disk. Raises FileExistsError when something is there."""
    os.link(made, path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
