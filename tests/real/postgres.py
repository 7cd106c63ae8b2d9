"""A PostgreSQL primary and a streaming replica of it, in a directory of their own. Servers refuse to run as root."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg

from tests.real.program import free_port, running, until


@dataclass(frozen=True, slots=True)
class Replication:
    """Connection strings of the two servers."""

    primary: str
    replica: str

    def on_primary(self, sql: LiteralString) -> None:
        """Run a statement on the primary."""
        self._execute(self.primary, sql)

    def on_replica(self, sql: LiteralString) -> None:
        """Run a statement on the replica."""
        self._execute(self.replica, sql)

    def ask_replica(self, question: LiteralString, parameter: str) -> bool:
        """Whether the replica answers true."""
        with psycopg.connect(self.replica, autocommit=True, connect_timeout=5) as connection:
            return connection.execute(question, (parameter,)).fetchone() == (True,)

    def _execute(self, dsn: str, sql: LiteralString) -> None:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=5) as connection:
            connection.execute(sql)


@contextmanager
def replication(binaries: Path) -> Iterator[Replication]:
    """Both servers, streaming; ended and removed afterwards."""
    user = "postgres" if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="npconsole-postgres-"))
    if user:
        shutil.chown(home, user)
    primary, replica = _Server(binaries, home / "primary", user), _Server(binaries, home / "replica", user)
    both = Replication(primary.dsn, replica.dsn)
    try:
        primary.run("initdb", "-A", "trust", "-U", "postgres", "--no-sync")
        primary.ask_password_of("locked")
        with primary.running():
            replica.run("pg_basebackup", "-R", "-c", "fast", "--no-sync", "-d", primary.dsn)
            with replica.running():
                yield both
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def single(binaries: Path) -> Iterator[str]:
    """One server without a replica; its connection string."""
    user = "postgres" if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="npconsole-postgres-"))
    if user:
        shutil.chown(home, user)
    server = _Server(binaries, home / "single", user)
    try:
        server.run("initdb", "-A", "trust", "-U", "postgres", "--no-sync")
        with server.running():
            yield server.dsn
    finally:
        shutil.rmtree(home, ignore_errors=True)


class _Server:
    def __init__(self, binaries: Path, data: Path, user: str | None) -> None:
        self._binaries = binaries
        self._data = data
        self._user = user
        self._port = free_port()
        self.dsn = f"host=127.0.0.1 port={self._port} user=postgres dbname=postgres"

    def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's programs on this server's data directory."""
        argv = [str(self._binaries / program), "-D", str(self._data), *arguments]
        subprocess.run(argv, check=True, user=self._user, timeout=60, capture_output=True, cwd=self._data.parent)

    def ask_password_of(self, user: str) -> None:
        """Let this user in with a password only; everybody else needs none."""
        access = self._data / "pg_hba.conf"
        access.write_text(f"host all {user} 127.0.0.1/32 scram-sha-256\n{access.read_text()}")

    @contextmanager
    def running(self) -> Iterator[None]:
        """The server itself. SIGQUIT is its immediate shutdown."""
        argv = [str(self._binaries / "postgres"), "-D", str(self._data), "-p", str(self._port)]
        argv += ["-h", "127.0.0.1", "-k", str(self._data.parent), "-c", "fsync=off"]
        log = self._data.with_suffix(".log")
        with running(argv, log=log, user=self._user, stop=signal.SIGQUIT) as process:
            until(lambda: _answers(self.dsn), what=f"an answer of the server (log in {log})", within_s=20, by=process)
            yield


def _answers(dsn: str) -> bool:
    with psycopg.connect(dsn, connect_timeout=2) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)
