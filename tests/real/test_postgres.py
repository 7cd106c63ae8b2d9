"""The SQL lag source against a real PostgreSQL primary and its streaming replica."""

import pytest

from npconsole.errors import BadAnswerError, Failure, UnauthorisedError, UnreachableError
from npconsole.model.clock import SystemClock
from npconsole.model.secret import Secret
from npconsole.net.resolver import Resolver
from npconsole.sources.lag_sql import SqlLag
from tests.real.postgres import Replication
from tests.real.program import free_port, until

pytestmark = pytest.mark.real("postgres")


def lag_of(dsn: str, deadline_s: float = 5) -> SqlLag:
    """The source for one server."""
    resolver = Resolver(SystemClock().now)
    return SqlLag(lambda: Secret(dsn), setting="services[0].lag.dsn", deadline_s=deadline_s, resolver=resolver)


async def test_lag_grows_while_replay_is_paused_and_is_gone_after_it_resumes(postgres: Replication) -> None:
    source = lag_of(postgres.replica)
    postgres.on_primary("CREATE TABLE before_the_pause (n int)")
    until(lambda: _has_table(postgres, "before_the_pause"), what="replay of the first table", within_s=10)
    assert (await source.read()).seconds == 0

    postgres.on_replica("SELECT pg_wal_replay_pause()")
    try:
        until(lambda: _is_paused(postgres), what="the pause", within_s=10)
        postgres.on_primary("CREATE TABLE during_the_pause (n int)")
        until(lambda: _has_received(postgres), what="WAL that is not replayed", within_s=10)
        first = await source.read()
        second = await source.read()
        assert 0 < first.seconds < second.seconds < 60
        assert first.source == "sql"
    finally:
        postgres.on_replica("SELECT pg_wal_replay_resume()")

    until(lambda: _has_table(postgres, "during_the_pause"), what="replay after the pause", within_s=10)
    assert (await source.read()).seconds == 0


async def test_a_primary_is_not_a_replica(postgres: Replication) -> None:
    with pytest.raises(BadAnswerError, match="not a replica"):
        await lag_of(postgres.primary).read()


async def test_a_host_name_is_looked_up(postgres: Replication) -> None:
    dsn = postgres.replica.replace("127.0.0.1", "localhost")
    assert (await lag_of(dsn).read()).seconds == 0


async def test_an_unknown_user_or_database_is_said_without_the_connection_string(postgres: Replication) -> None:
    dsn = postgres.replica.replace("dbname=postgres", "dbname=nosuch password=hunter2")
    with pytest.raises(UnreachableError, match='database "nosuch" does not exist') as raised:
        await lag_of(dsn).read()
    assert "hunter2" not in repr(raised.value.__context__) + str(raised.value)


async def test_a_refused_password_is_unauthorised_and_named_by_its_setting(postgres: Replication) -> None:
    dsn = postgres.replica.replace("user=postgres", "user=locked password=hunter2")
    with pytest.raises(UnauthorisedError, match="password authentication failed") as raised:
        await lag_of(dsn).read()
    assert "services[0].lag.dsn" in raised.value.hint
    assert raised.value.__context__ is None


async def test_nobody_listening_is_unreachable() -> None:
    with pytest.raises(UnreachableError, match="Connection refused") as raised:
        await lag_of(f"postgresql://user:hunter2@127.0.0.1:{free_port()}/db").read()
    assert raised.value.failure is Failure.CONNECT
    assert raised.value.__context__ is None


def _has_table(postgres: Replication, name: str) -> bool:
    return postgres.ask_replica("SELECT to_regclass(%s) IS NOT NULL", name)


def _is_paused(postgres: Replication) -> bool:
    return postgres.ask_replica("SELECT pg_get_wal_replay_pause_state() = %s", "paused")


def _has_received(postgres: Replication) -> bool:
    return postgres.ask_replica("SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn() AND %s", "true")
