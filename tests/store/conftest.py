"""Every test that asks for `bench` runs on SQLite and on a real PostgreSQL."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from npconsole.store.journal import StoredJournal
from npconsole.store.tables import metadata
from npconsole.store.version import SCHEMA_VERSION, revision
from npconsole.wiring.memory import Stores, stores_over
from tests.real.postgres import single
from tests.store.bench import Bench

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
_MEMORY = Path("/dev/shm")
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server, up to the name of the database."""
    if not _BINARIES:
        pytest.skip("no PostgreSQL in /usr/lib/postgresql (Debian package postgresql)")
    with single(_BINARIES[-1]) as dsn:
        parts = conninfo_to_dict(dsn)
        yield f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/"


@pytest.fixture(scope="session")
def migrated(server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database that all tests use in turn: to make one takes longer than most tests."""
    bench = Bench(new_database(server), tmp_path_factory.mktemp("state"))
    bench.open()
    bench.close()
    return bench.location


@pytest.fixture
def empty_server_bench(server: str, tmp_path: Path) -> Iterator[Bench]:
    """A PostgreSQL database without a table."""
    bench = Bench(new_database(server), tmp_path / "state")
    yield bench
    bench.close()


@pytest.fixture
def server_bench(migrated: str, tmp_path: Path) -> Iterator[Bench]:
    """A PostgreSQL database without a row."""
    bench = Bench(migrated, tmp_path / "state")
    yield bench
    bench.close()
    bench.edit(
        "ALTER TABLE audit DISABLE TRIGGER USER",
        *(f"DELETE FROM {table}" for table in metadata.tables),  # noqa: S608 - ours; quicker than TRUNCATE for few rows
        "ALTER TABLE audit ENABLE TRIGGER USER",
        f"UPDATE alembic_version SET version_num = '{revision(SCHEMA_VERSION)}'",  # noqa: S608 - our own number
    )


@pytest.fixture
def file_bench() -> Iterator[Bench]:
    """A SQLite file that is not there yet; in memory where possible, since each write waits for its disk."""
    with TemporaryDirectory(dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None) as folder:
        bench = Bench(f"{folder}/state/npconsole.db", Path(folder) / "state")
        yield bench
        bench.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real("postgres"))])
def bench(request: pytest.FixtureRequest) -> Bench:
    """A database of each kind."""
    kinds = {"sqlite": "file_bench", "postgresql": "server_bench"}
    found: Bench = request.getfixturevalue(kinds[request.param])
    return found


@pytest.fixture
def journal(bench: Bench) -> StoredJournal:
    """The first journal over the bench."""
    return bench.open()


@pytest.fixture
def stores(journal: StoredJournal) -> Stores:
    """The first journal and what lies beside it."""
    return stores_over(journal)


def new_database(server: str) -> str:
    """The URL of a new database."""
    name = f"bench_{next(_NUMBERS)}"
    with psycopg.connect(f"{server}postgres", autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    return f"{server}{name}"
