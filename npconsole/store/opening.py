"""The way in: a path or a URL becomes a journal, made or migrated when need be.

Opening an up-to-date memory writes nothing and imports no Alembic, so that looking needs no right to write.
"""

import re
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from npconsole.errors import StoreError, UsageError
from npconsole.model.clock import Clock
from npconsole.store import birth, ownership
from npconsole.store.anchor import Anchor, HeadFile, SystemLog
from npconsole.store.database import Database
from npconsole.store.failure import ANEW, DamagedError, explained
from npconsole.store.instant import HostTime, ServerTime, StoreTime, boot_id
from npconsole.store.journal import StoredJournal
from npconsole.store.memory import Memory
from npconsole.store.sqlite import BUSY_TIMEOUT_S, SqliteDatabase

_ENVIRONMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SQLITE = "sqlite:///"


def open_journal(
    location: str | Path,
    *,
    clock: Clock,
    environment: str,
    host: str,
    thorough: bool = False,
    folder: Path | None = None,
    syslog: bool = True,
    boot: str | None = None,
    time: StoreTime | None = None,
    identity: Callable[[], str] = lambda: token_hex(6),
    busy_timeout_s: float = BUSY_TIMEOUT_S,
) -> StoredJournal:
    """The journal of an environment, at a path, a `sqlite:///` or a `postgresql://` URL.

    `host` names this host; `thorough` reads every page of a SQLite file first (daemon and runner do); `folder` is where
    the head of a shared database's audit is kept on this host; `syslog` sends every head there too. `boot` is this
    boot's id and `time` another clock for the store, both for tests. Raises StoreError
    when the memory cannot be used, UsageError for a location or environment that cannot be one.
    """
    check_environment(environment)
    anchors: list[Anchor] = [SystemLog(environment)] if syslog else []
    database: Database
    if is_server(location):
        database, head = _server(str(location), environment, host, folder, busy_timeout_s)
        anchors += [head] if head else []
        time = time or ServerTime()
    else:
        path = file_of(location)
        database = _file(path, thorough=thorough, busy_timeout_s=busy_timeout_s)
        anchors.append(HeadFile(head_path(path, environment), required=True))
        time = time or HostTime(clock, boot or boot_id())
    genesis = {"words": "a new memory", "host": host, "place": database.place}
    return StoredJournal(
        Memory(database, environment=environment, time=time, identity=identity, anchors=anchors, genesis=genesis)
    )


def check_environment(environment: str) -> None:
    """Raise UsageError unless it is a name: it becomes part of a file's."""
    if not _ENVIRONMENT.fullmatch(environment):
        raise UsageError(f"{environment!a:.80} is not the name of an environment", hint="see environment.name")


def is_server(location: str | Path) -> bool:
    """Whether a location is a shared server's. Raises UsageError for a URL of anything else but SQLite."""
    scheme, separator, _ = str(location).partition("://")
    if not separator or scheme == "sqlite":
        return False
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise UsageError(
            "the memory is a path, or a URL that begins with sqlite:/// or postgresql://", hint="see state.url"
        )
    return True


def file_of(location: str | Path) -> Path:
    """The path of a SQLite memory; its folder's links are followed, the file's own are not."""
    path = Path(str(location).removeprefix(_SQLITE)).expanduser().absolute()
    return path.parent.resolve() / path.name


def head_path(path: Path, environment: str) -> Path:
    """Where the head of an environment's audit is kept beside its database."""
    return path.with_name(f"{path.name}.head-{environment}")


def _file(path: Path, *, thorough: bool, busy_timeout_s: float) -> SqliteDatabase:
    with explained(str(path), lambda: "another process"):
        database = SqliteDatabase(path, busy_timeout_s=busy_timeout_s)
        try:
            database.open(thorough=thorough)
        except FileNotFoundError:
            if traces := _traces(path):
                raise DamagedError(f"the memory at {path} is gone, but {traces[0]} is still there", hint=ANEW) from None
            ownership.make_folder(path.parent)
            birth.create(path)
            database.open(thorough=thorough)
    return database


def _traces(path: Path) -> list[Path]:
    """What a memory leaves behind: heads of its audit, and half a write that would spoil a new file."""
    half = [path.with_name(path.name + end) for end in ("-journal", "-wal")]
    heads = sorted(path.parent.glob(f"{head_path(path, '').name}*"))
    return [*heads, *(file for file in half if file.exists() and file.stat().st_size)]


def _server(
    location: str, environment: str, host: str, folder: Path | None, busy_timeout_s: float
) -> tuple[Database, HeadFile | None]:
    from npconsole.store.postgresql import PostgresqlDatabase  # psycopg only where it is used

    try:
        url = make_url(location.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):
        raise UsageError("the URL of the memory cannot be read", hint="see state.url") from None
    database = PostgresqlDatabase(url, host=host, busy_timeout_s=busy_timeout_s)
    try:
        database.open()
    except StoreError:
        database.close()
        raise
    if folder is None:
        return database, None
    with explained(str(folder), lambda: "another process"):
        ownership.make_folder(folder)
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", database.place.removeprefix("postgresql://"))
    return database, HeadFile(folder / f"{name}.head-{environment}", required=False)
