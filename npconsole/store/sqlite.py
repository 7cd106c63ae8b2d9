"""SQLite: one file on a local disk, opened anew for each transaction.

So no connection crosses a thread or a fork, and a file that was deleted or replaced is seen at the next transaction
instead of being written to unseen. A database appears at its path only when it is complete: an empty file there is
always damage.

The journal mode is TRUNCATE with every SQLite: WAL corrupts files below 3.51.3 when two connections write and
checkpoint together, cannot be read without the right to write, and would be checkpointed at each closing here.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, event

from npconsole.errors import StoreError
from npconsole.store import filesystem, ownership
from npconsole.store.database import Answer
from npconsole.store.failure import ANEW, DamagedError, FullError, explained
from npconsole.store.holder import holder_of
from npconsole.store.reserve import Reserve
from npconsole.store.version import SCHEMA_VERSION, check_version

APPLICATION_ID = 0x6E70636E
"""`npcn`, in the file's header: what `file` and we know the database by."""

BUSY_TIMEOUT_S = 5.0
_WRITES = "npconsole_writes"


class SqliteDatabase:
    """The database at a path. `path` is resolved; `busy_timeout_s` is how long a writer waits for another."""

    def __init__(self, path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self._path = path
        self._busy_timeout_s = busy_timeout_s
        self._reserve = Reserve(path.with_name(f"{path.name}.reserve"))
        self._file: tuple[int, int] | None = None
        self._engine = self._made()

    @property
    def place(self) -> str:
        return str(self._path)

    def open(self, *, thorough: bool) -> None:
        """Look whether the file is a whole memory of ours, and bring it to this version. `thorough` reads every page.

        Raises StoreError saying what is wrong; FileNotFoundError when there is no file.
        """
        kind = filesystem.kind_here(self._path.parent)
        if filesystem.is_network(kind):
            raise StoreError(
                f"{self._path} is on a network file system ({kind}), where locks and leases of several hosts collide",
                hint="put it on a local disk, or share a PostgreSQL database by its URL",
            )
        status = ownership.check(self._path)
        if status.st_size == 0:
            raise DamagedError(f"the memory at {self._path} is empty: somebody has cut it off", hint=ANEW)
        self._file = (status.st_dev, status.st_ino)
        version = self.read(self._version)
        if version < SCHEMA_VERSION:
            self._migrate()
        if thorough:
            self.read(self._quick_check)

    def create(self) -> None:
        """Migrate the file that is there, empty and not yet at its final path, and give it its header."""
        self._migrate()

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        with self._connected(writes=False) as connection:
            return work(connection)

    def write(self, environment: str, work: Callable[[Connection], Answer], *, outcome: bool) -> Answer:
        try:
            return self._written(work)
        except FullError:
            if not outcome or not self._reserve.give_up():
                raise
            return self._written(work)

    def prepare(self) -> None:
        with explained(self.place, lambda: "another process"):
            self._reserve.make()

    def close(self) -> None:
        self._engine.dispose()

    def _written(self, work: Callable[[Connection], Answer]) -> Answer:
        with self._connected(writes=True) as connection:
            answer = work(connection)
        self._check_identity()  # a commit into a deleted file is none
        return answer

    @contextmanager
    def _connected(self, *, writes: bool) -> Iterator[Connection]:
        self._check_identity()
        with (
            explained(self.place, lambda: holder_of(self._path)),
            self._engine.connect().execution_options(**{_WRITES: writes}) as connection,
            connection.begin(),
        ):
            yield connection

    def _check_identity(self) -> None:
        if self._file is None:
            return
        try:
            status = self._path.stat()
        except FileNotFoundError as error:
            raise DamagedError(f"the memory at {self._path} was deleted while in use", hint=ANEW) from error
        except OSError as error:
            raise StoreError(f"the memory at {self._path} cannot be reached: {error.strerror}") from error
        if (status.st_dev, status.st_ino) != self._file:
            raise DamagedError(f"the memory at {self._path} was replaced while in use", hint="start npconsole again")

    def _version(self, connection: Connection) -> int:
        application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        if application != APPLICATION_ID:
            raise DamagedError(f"{self._path} is a database of something else, not of npconsole", hint=ANEW)
        version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        check_version(version, self.place)
        return version

    def _quick_check(self, connection: Connection) -> None:
        word = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if word != "ok":
            raise DamagedError(f"the memory at {self._path} is damaged: {str(word)[:200]}", hint=ANEW)

    def _migrate(self) -> None:
        from npconsole.store.migration import upgrade  # alembic takes longer to import than all else here

        with self._connected(writes=True) as connection:
            if int(connection.exec_driver_sql("PRAGMA user_version").scalar_one()) < SCHEMA_VERSION:
                upgrade(connection)
                connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
                connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")

    def _made(self) -> Engine:
        engine = create_engine("sqlite://", creator=self._connect, poolclass=NullPool)
        event.listen(engine, "begin", _begin)
        return engine

    def _connect(self) -> sqlite3.Connection:
        # mode=rw: never make an empty database where one was; SQLite itself falls back to reading
        address = f"{self._path.as_uri()}?mode=rw"
        connection = sqlite3.connect(
            address, uri=True, timeout=self._busy_timeout_s, isolation_level=None, check_same_thread=False
        )
        try:
            with closing(connection.cursor()) as cursor:
                for pragma in ("foreign_keys=ON", "trusted_schema=OFF", "temp_store=MEMORY", "mmap_size=0"):
                    cursor.execute(f"PRAGMA {pragma}")
                cursor.execute("PRAGMA journal_mode=TRUNCATE")
                cursor.execute("PRAGMA synchronous=FULL")
        except BaseException:
            connection.close()
            raise
        return connection


def _begin(connection: Connection) -> None:
    """IMMEDIATE: a writer that starts as a reader loses updates to SQLITE_BUSY."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
