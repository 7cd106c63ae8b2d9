"""A memory of the first version becomes one of today with all that was in it, at its first opening."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from npconsole.model.run import Lease, Run, RunState, StepState
from npconsole.store import migration
from npconsole.store.anchor import HeadFile
from npconsole.store.database import Database
from npconsole.store.instant import HostTime
from npconsole.store.journal import StoredJournal
from npconsole.store.memory import Memory
from npconsole.store.opening import head_path
from npconsole.store.postgresql import PostgresqlDatabase
from npconsole.store.sqlite import APPLICATION_ID, SqliteDatabase
from npconsole.wiring.memory import stores_over
from tests.store.bench import Bench, begun
from tests.store.samples import benchmark, notice

_SCRIPTS = Path(migration.__file__).with_name("migrations")


@dataclass(frozen=True, slots=True)
class Old:
    """What the old memory knew."""

    run: Run
    lease: Lease
    ended: Run


def make_first(bench: Bench) -> Database:
    """A database of version 1, not opened: opening would bring it to today's."""
    if bench.is_server:
        engine = create_engine(bench.location.replace("postgresql:", "postgresql+psycopg:"))
        migrate(engine, "CREATE SCHEMA npconsole")
        return PostgresqlDatabase(make_url(bench.location), host="old", busy_timeout_s=5)
    path = Path(bench.location)
    path.parent.mkdir(mode=0o700)
    path.touch(mode=0o600)
    migrate(create_engine(f"sqlite:///{path}"), f"PRAGMA application_id = {APPLICATION_ID}", "PRAGMA user_version = 1")
    return SqliteDatabase(path)


def migrate(engine: Engine, *statements: str) -> None:
    """Run the first migration, after these statements."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
        config.attributes[migration.CONNECTION] = connection
        command.upgrade(config, "0001")
    engine.dispose()


def fill(bench: Bench, database: Database) -> Old:
    """Runs, a lease in force, a switch and an audit, as the first version wrote them."""
    anchors = [] if bench.is_server else [HeadFile(head_path(Path(bench.location), "prod"), required=True)]
    memory = Memory(
        database,
        environment="prod",
        time=HostTime(bench.clock, "boot-1"),
        identity=lambda: f"run-{next(bench.numbers)}",
        anchors=anchors,
        genesis={},
    )
    journal = StoredJournal(memory)
    ended, done = begun(journal, "eu-west")
    ended = journal.advance(ended.id, RunState.SUCCEEDED, "done", lease=done)
    journal.release(done)
    run, lease = begun(journal, "us-east", deadline_s=300)
    journal.intend(lease, call="restart", undo='{"back": 1}', remote="d1")
    journal.close()
    insert = "INSERT INTO switches (environment, name, reason, actor, set_wall) VALUES "
    bench.edit(insert + "('prod', 'heal.off', 'deploying', 'alice', 5.0)")
    return Old(run, lease, ended)


@pytest.mark.parametrize("kind", ["file_bench", pytest.param("empty_server_bench", marks=pytest.mark.real("postgres"))])
def test_the_first_version_is_upgraded_with_all_that_is_in_it(kind: str, request: pytest.FixtureRequest) -> None:
    bench: Bench = request.getfixturevalue(kind)
    old = fill(bench, make_first(bench))
    journal = bench.open()
    assert journal.run(old.ended.id) == old.ended
    assert [run.id for run in journal.runs(open_only=True)] == [old.run.id]
    assert journal.audit_problem() == ""
    assert journal.consult("", lambda ledger: ledger.switch("heal.off")) == "deploying"
    assert journal.consult("", lambda ledger: ledger.lease_on("us-east")) == old.lease
    bench.clock.at += 100_000
    assert journal.consult("", lambda ledger: ledger.switch("heal.off")) == "deploying", "it has no end"
    bench.clock.at -= 100_000
    journal.mark(old.lease, 1, StepState.SENT)
    stores = stores_over(journal)
    stores.benchmarks.add(benchmark())
    stores.outbox.put([notice("n1")])
    assert [mute.target for mute in stores.mutes.mutes()] == []
    stores.mutes.mute("us-east", for_s=60, reason="upgrade", actor="alice")
    assert stores.heal.lead(owner="daemon", ttl_s=60) == old.lease.fence + 1
    assert stores_over(bench.open()).benchmarks.find("bench").id == benchmark().id


def test_an_upgrade_that_fails_changes_nothing(file_bench: Bench) -> None:
    old = fill(file_bench, make_first(file_bench))
    file_bench.edit("CREATE TABLE threads (theirs INTEGER)")
    for _ in range(2):
        with pytest.raises(Exception, match="threads already exists"):
            file_bench.open()
    tables: list[str] = []

    def look(connection: Connection) -> None:
        tables.extend(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())

    file_bench.by_hand(look)
    assert {"runs", "threads"} <= set(tables)
    assert not {"benchmarks", "postings", "leaders"} & set(tables)
    file_bench.edit("DROP TABLE threads")
    assert file_bench.open().run(old.ended.id) == old.ended
