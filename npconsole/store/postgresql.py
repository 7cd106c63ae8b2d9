"""PostgreSQL: one server that several hosts share, in a schema of its own.

Every setting is made inside its transaction, so that a pooler which lends connections per transaction does no harm.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zlib import crc32

from sqlalchemy import URL, Connection, Engine, bindparam, create_engine, text

from npconsole.errors import StoreError
from npconsole.net.text import clean
from npconsole.store.database import Answer
from npconsole.store.failure import explained
from npconsole.store.tables import SCHEMA
from npconsole.store.version import SCHEMA_VERSION, check_version, revision

_LOCK_CLASS = 0x6E70636E  # `npcn`: the advisory locks that are ours
_CONNECT_TIMEOUT_S = 5
_STATEMENT_TIMEOUT_S = 10
_IDLE_TIMEOUT_S = 15
_HOLDER = text(
    "SELECT a.pid, a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = CAST(:class AS oid) AND l.objid = CAST(:lock AS oid)"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND a.pid <> pg_backend_pid()"
)


class PostgresqlDatabase:
    """The database at a URL of the driver psycopg. `host` names this host in the server's list of connections."""

    def __init__(self, url: URL, *, host: str, busy_timeout_s: float) -> None:
        self._place = clean(f"postgresql://{url.host or 'local socket'}:{url.port or 5432}/{url.database or ''}")
        self._busy_timeout_s = busy_timeout_s
        self._engine = self._made(url, host)

    @property
    def place(self) -> str:
        return self._place

    def open(self) -> None:
        """Bring the schema to this version. Raises StoreError when it cannot be reached or is newer."""
        version = self._version()
        check_version(version, self._place)
        if version < SCHEMA_VERSION:
            self._migrate()

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        with self._transaction() as connection:
            connection.exec_driver_sql(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;"
                f"SET LOCAL statement_timeout = '{_STATEMENT_TIMEOUT_S}s'"
            )
            return work(connection)

    def write(self, environment: str, work: Callable[[Connection], Answer], *, outcome: bool) -> Answer:
        lock = environment_lock(environment)
        with self._transaction(lock) as connection:
            self._take(connection, lock)
            return work(connection)

    def prepare(self) -> None:
        """The server keeps its own room."""

    def close(self) -> None:
        self._engine.dispose()

    def _take(self, connection: Connection, lock: tuple[int, int]) -> None:
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = '{int(self._busy_timeout_s * 1000)}ms';"
            f"SET LOCAL statement_timeout = '{_STATEMENT_TIMEOUT_S}s';"
            f"SET LOCAL idle_in_transaction_session_timeout = '{_IDLE_TIMEOUT_S}s';"
            f"SELECT pg_advisory_xact_lock({lock[0]}, {lock[1]})"
        )

    @contextmanager
    def _transaction(self, lock: tuple[int, int] = (0, 0)) -> Iterator[Connection]:
        with explained(self._place, lambda: self._holder(lock)), self._engine.begin() as connection:
            yield connection

    def _holder(self, lock: tuple[int, int]) -> str:
        """The server's process that holds a lock, and the client it serves."""
        try:
            with self._engine.connect() as connection:
                question = _HOLDER.bindparams(bindparam("class", lock[0]), bindparam("lock", lock[1] & 0xFFFFFFFF))
                row = connection.execute(question).first()
        except Exception:  # noqa: BLE001 - a name for a message is not worth a second error
            row = None
        return f"{clean(row[1], limit=80)} (server process {row[0]})" if row else "another process"

    def _version(self) -> int:
        def look(connection: Connection) -> int:
            if connection.execute(text("SELECT to_regclass('npconsole.alembic_version')")).scalar_one() is None:
                return 0
            word = connection.execute(text("SELECT version_num FROM npconsole.alembic_version")).scalar()
            return int(word) if word and str(word).isdecimal() else 0

        return self.read(look)

    def _migrate(self) -> None:
        from npconsole.store.migration import upgrade  # alembic takes longer to import than all else here

        with self._transaction() as connection:
            self._take(connection, environment_lock(""))
            if connection.execute(text("SELECT 1 FROM pg_namespace WHERE nspname = 'npconsole'")).first() is None:
                connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
            upgrade(connection)
        if self._version() != SCHEMA_VERSION:
            raise StoreError(f"the schema at {self._place} is not {revision(SCHEMA_VERSION)} after its migration")

    def _made(self, url: URL, host: str) -> Engine:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=2,
            max_overflow=4,
            pool_timeout=self._busy_timeout_s,
            pool_pre_ping=True,
            execution_options={"schema_translate_map": {None: SCHEMA}},
            connect_args={
                "application_name": f"npconsole {clean(host, limit=40)} process {os.getpid()}",
                "connect_timeout": _CONNECT_TIMEOUT_S,
                "tcp_user_timeout": 1000 * _STATEMENT_TIMEOUT_S,
                "prepare_threshold": None,
            },
        )


def environment_lock(environment: str) -> tuple[int, int]:
    """The advisory lock that writers of an environment take: two signed 32-bit numbers."""
    number = crc32(environment.encode("utf-8"))
    return _LOCK_CLASS, number - (1 << 32) if number >= 1 << 31 else number
