"""The way out of a damaged file: it is kept aside, and a new memory begins that names the old one's last audit lines.

Only ever at the word of a person. Runs that were open in the old memory are unknown to the new one; processes that
still use the old file find it replaced, and act no more.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from npconsole.errors import StoreError, UsageError
from npconsole.model.clock import Clock
from npconsole.store import birth, ownership
from npconsole.store.anchor import HeadFile
from npconsole.store.chain import Head
from npconsole.store.failure import explained
from npconsole.store.instant import HostTime, boot_id
from npconsole.store.memory import Memory
from npconsole.store.opening import check_environment, file_of, head_path, is_server
from npconsole.store.sqlite import SqliteDatabase

_COMPANIONS = ("", "-journal", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Fresh:
    """What was done: where the old file is, None when it was gone, and the heads that the new memory names."""

    kept_aside: Path | None
    heads: tuple[tuple[str, Head], ...]


def start_anew(location: str | Path, *, clock: Clock, environment: str, host: str, actor: str, reason: str) -> Fresh:
    """Keep a SQLite memory aside as `*.corrupt-<time>` and begin a new one for each environment that it served.

    Raises UsageError for a server, whose backups are its administrator's, and when there is nothing to keep aside.
    """
    check_environment(environment)
    if is_server(location):
        raise UsageError("a shared memory is not begun anew from here", hint="restore the server's backup")
    path = file_of(location)
    with explained(str(path), lambda: "another process"):
        heads = _heads(path)
        if not path.exists() and not heads:
            raise UsageError(f"there is no memory at {path}", hint="the next command makes one by itself")
        ownership.make_folder(path.parent)
        aside = _free_name(path, clock.wall())
        words = {"actor": actor, "reason": reason, "host": host, "kept_aside": str(aside)}
        names = sorted({environment, *heads})
        begun: dict[str, Head] = {}

        def fill(database: SqliteDatabase) -> None:
            for name in names:
                begun[name] = _begin(database, name, clock, words | _old(heads.get(name)))

        with birth.draft(path, fill) as made:
            had = path.exists()
            _move(path, aside)
            birth.put(made, path)
        for name, head in begun.items():
            _renew_head(head_path(path, name), head_path(aside, name), head)
    return Fresh(aside if had else None, tuple((name, heads.get(name) or Head()) for name in names))


def _begin(database: SqliteDatabase, environment: str, clock: Clock, genesis: dict[str, object]) -> Head:
    memory = Memory(
        database,
        environment=environment,
        time=HostTime(clock, boot_id()),
        identity=str,
        anchors=(),
        genesis={"words": "a new memory in place of a damaged one", **genesis},
    )
    return memory.write(lambda transaction: transaction.head)


def _old(head: Head | None) -> dict[str, object]:
    return {"old_sequence": head.sequence, "old_digest": head.digest} if head else {"old_sequence": None}


def _heads(path: Path) -> dict[str, Head | None]:
    """The last heads of the old memory, by environment; None for a head file that cannot be read."""
    found: dict[str, Head | None] = {}
    prefix = head_path(path, "").name
    for file in sorted(path.parent.glob(f"{prefix}*")):
        try:
            found[file.name.removeprefix(prefix)] = HeadFile(file, required=True).kept()
        except StoreError:
            found[file.name.removeprefix(prefix)] = None
    return found


def _free_name(path: Path, wall: float) -> Path:
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(wall))
    name = f"{path.name}.corrupt-{stamp}"
    names = (name, *(f"{name}-{number}" for number in range(1, 1000)))
    return next(path.with_name(free) for free in names if not path.with_name(free).exists())


def _move(path: Path, aside: Path) -> None:
    """Move the database with what belongs to it: without its journal, half a write could not be rolled back."""
    for companion in reversed(_COMPANIONS):
        old = path.with_name(path.name + companion)
        if old.exists():
            old.rename(aside.with_name(aside.name + companion))


def _renew_head(file: Path, aside: Path, head: Head) -> None:
    if file.exists():
        file.replace(aside)
    kept = HeadFile(file, required=True)
    kept.prepare()
    kept.keep(head, Head(), lambda _: True)
