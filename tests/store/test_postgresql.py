"""What only a shared server can do: its own clock, its own locks, its own refusals."""

import re

import psycopg
import pytest

from npconsole.errors import BusyError, StoreError
from npconsole.model.clock import SystemClock
from npconsole.store.journal import StoredJournal
from npconsole.store.opening import open_journal
from npconsole.store.postgresql import environment_lock
from tests.real.program import free_port
from tests.store.bench import Bench, Hands, begun, wanted

pytestmark = pytest.mark.real("postgres")


def shared(bench: Bench, location: str = "") -> StoredJournal:
    """A journal that goes by the server's clock, on a host whose own clock stands still."""
    journal = open_journal(
        location or bench.location, clock=Hands(), environment="prod", host="h", syslog=False, busy_timeout_s=0.3
    )
    bench.opened.append(journal)
    return journal


def test_leases_go_by_the_servers_clock(server_bench: Bench) -> None:
    journal = shared(server_bench)
    run, lease = begun(journal, deadline_s=60)
    assert abs(lease.expires_at - 60 - SystemClock().wall()) < 10
    assert run.remaining_s is not None
    assert 50 < run.remaining_s <= 60
    (age_s,) = shared(server_bench).consult("", lambda ledger: ledger.intents("restart", None, 3600))
    assert 0 <= age_s < 10


def test_whoever_holds_the_lock_is_named(server_bench: Bench) -> None:
    journal = shared(server_bench)
    journal.request(wanted())
    url = server_bench.location + "?application_name=npconsole%20host-b%20process%2042"
    with psycopg.connect(url) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(%s, %s)", environment_lock("prod"))
        with pytest.raises(BusyError, match=r"held by npconsole host-b process 42 \(server process \d+\)"):
            journal.request(wanted())
        assert len(journal.runs()) == 1, "readers go on"
    journal.request(wanted())


def test_a_server_that_is_gone_is_said_without_the_password(server_bench: Bench) -> None:
    with pytest.raises(StoreError, match="cannot be reached") as raised:
        shared(server_bench, f"postgresql://user:hunter2@127.0.0.1:{free_port()}/db")
    assert "hunter2" not in raised.value.message + raised.value.hint
    assert re.search(r"postgresql://127.0.0.1:\d+/db", raised.value.message)


def test_a_user_without_rights_is_told_so(server_bench: Bench) -> None:
    shared(server_bench).request(wanted())
    server_bench.edit("CREATE ROLE stranger LOGIN")
    with pytest.raises(StoreError, match="does not let this user in"):
        shared(server_bench, server_bench.location.replace("postgres@", "stranger@"))


def test_a_reader_needs_no_right_to_write(server_bench: Bench) -> None:
    run, _ = begun(shared(server_bench))
    server_bench.edit(
        "CREATE ROLE viewer LOGIN",
        "GRANT USAGE ON SCHEMA npconsole TO viewer",
        "GRANT SELECT ON ALL TABLES IN SCHEMA npconsole TO viewer",
    )
    journal = shared(server_bench, server_bench.location.replace("postgres@", "viewer@"))
    assert journal.run(run.id) is not None
    assert journal.audit_problem() == ""
    with pytest.raises(StoreError, match="does not let this user in"):
        journal.request(wanted())


def test_a_broken_connection_is_made_again(server_bench: Bench) -> None:
    journal = shared(server_bench)
    journal.request(wanted())
    server_bench.edit(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'npconsole h %'"
    )
    assert len(journal.runs()) == 1
