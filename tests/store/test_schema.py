"""The migrations and `tables` say the same, and a database is brought to it once."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from npconsole.errors import StoreError
from npconsole.store.tables import metadata
from tests.store.bench import Bench


def test_the_migrations_make_the_tables(bench: Bench) -> None:
    bench.open()

    # Alembic takes '' and "''" for two defaults on SQLite; the migration is the same for both.
    wanted = {"compare_type": True, "compare_server_default": bench.is_server}

    def compare(connection: Connection) -> list[object]:
        found = MigrationContext.configure(connection, opts=wanted)
        return list(compare_metadata(found, metadata))

    differences: list[object] = []
    bench.by_hand(lambda connection: differences.extend(compare(connection)))
    assert differences == []


def test_a_newer_database_is_left_alone(server_bench: Bench) -> None:
    server_bench.open()
    server_bench.edit("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(StoreError, match="newer npconsole"):
        server_bench.open()


@pytest.mark.parametrize("kind", ["file_bench", pytest.param("empty_server_bench", marks=pytest.mark.real("postgres"))])
def test_several_that_come_first_make_one_memory(kind: str, request: pytest.FixtureRequest) -> None:
    bench: Bench = request.getfixturevalue(kind)
    failures: list[BaseException] = []

    def come() -> None:
        try:
            bench.open(busy_timeout_s=20).audit("note", actor="a", target="t", data={})
        except BaseException as error:  # noqa: BLE001 - whatever a thread raises fails the test
            failures.append(error)

    threads = [threading.Thread(target=come) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failures == []
    assert [line.sequence for line in bench.open().audit_lines()] == [1, 2, 3, 4]
