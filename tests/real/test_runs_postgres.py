"""Two consoles on two state directories that share a PostgreSQL: one restart between them, and each helps the other."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from npconsole.model.run import RunState
from tests.real.operations import Operations, operations
from tests.real.postgres import single
from tests.real.program import until

POSTGRES = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operations]:
    if not (POSTGRES / "initdb").exists():
        pytest.skip(f"no PostgreSQL in {POSTGRES} (Debian package postgresql-15)")
    folder = tmp_path_factory.mktemp("bench")
    with single(POSTGRES) as dsn:
        url = folder / "state_url"
        url.touch(mode=0o600)
        url.write_text(_url(dsn))
        with operations(folder, options=("--speed", "2"), more={"state": {"url": {"file": str(url)}}}) as bench:
            yield bench


def _url(dsn: str) -> str:
    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    return f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/{parts['dbname']}"


def test_two_hosts_make_one_restart(bench: Operations) -> None:
    assert bench.run("runs", "list").code == 0
    since = bench.mark()
    asked = ("run", "restart", "us-east", "--yes", "--reason", "race", "--json")
    both = [bench.start(*asked, host=host) for host in ("here", "there")]
    ended = [bench.finish(each, within_s=90) for each in both]
    assert sorted(each.code == 6 for each in ended) == [False, True], [each.out[-400:] + each.err for each in ended]
    assert len(bench.entries("restart requested", since)) == 1
    refused = next(each for each in ended if each.code == 6)
    assert "us-east" in refused.final["outcome"]
    assert bench.run("audit", "verify", host="there").code == 0


def test_one_host_takes_back_the_drill_of_another(bench: Operations) -> None:
    for region in ("us-east", "us-west", "eu-west"):
        until(lambda region=region: bench.serving(region), what=f"{region} back", within_s=30)  # type: ignore[misc]
    run_id = bench.request("failover", "us-east", "here", execute="yes", hold="1s")
    runner = bench.start_runner(run_id, "holding", host="here")
    assert runner.wait(60) == -signal.SIGKILL
    time.sleep(2.0)
    assert bench.run("recover", host="there").code in (0, 1)
    assert bench.state_of(run_id, "there").state is RunState.REVERTED
    assert all(bench.pools().values())


def test_the_audit_is_one_and_whole(bench: Operations) -> None:
    here, there = (bench.run("audit", "export", host=host).out for host in ("here", "there"))
    assert here == there
    assert bench.run("audit", "verify").code == 0
