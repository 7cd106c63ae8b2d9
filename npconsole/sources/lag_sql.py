"""Replication lag by SQL on the replica itself. Nothing of the connection string gets into an error."""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from npconsole.errors import (
    BadAnswerError,
    Failure,
    SecretError,
    SourceError,
    UnauthorisedError,
    UnreachableError,
)
from npconsole.model.secret import Secret
from npconsole.model.vitals import Lag
from npconsole.net.offload import offload
from npconsole.net.resolver import ResolveError, Resolver, literal
from npconsole.net.text import clean, number

if TYPE_CHECKING:
    import psycopg

SQL = """
SELECT pg_is_in_recovery(),
       CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END
"""
"""The time since the last replayed transaction alone would grow on an idle primary; with nothing left to replay there
is no lag. https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-RECOVERY-INFO-TABLE"""


class SqlLag:
    """A LagSource that asks the replica. `dsn` is a libpq connection string or URL, resolved at each read.

    Each read opens a connection and closes it. A kept one would keep a suspended replica awake, hold one of its few
    slots, and go on asking the old host after a failover, all to save some 20 ms every half minute.
    """

    def __init__(self, dsn: Callable[[], Secret], *, setting: str, deadline_s: float, resolver: Resolver) -> None:
        self._dsn = dsn
        self._setting = setting
        self._deadline_s = deadline_s
        self._resolver = resolver

    async def read(self) -> Lag:
        """The lag. Raise SourceError: BadAnswerError when the server is not a replica."""
        from psycopg import Error

        failed: SourceError
        try:
            async with asyncio.timeout(self._deadline_s):
                secret = await offload(self._dsn, name=f"secret {self._setting}")
                return self._lag(await self._asked(secret))
        except TimeoutError:
            failed = UnreachableError(f"{self._where}: no answer within {self._deadline_s:g} s", Failure.TIMEOUT)
        except ResolveError as error:
            failed = UnreachableError(f"{self._where}: {clean(error)}", Failure.DNS)
        except Error as error:
            failed = self._explained(error)
        # Raised out here because the driver's error holds the password and must not go along as a context.
        raise failed

    @property
    def _where(self) -> str:
        return f"replica of {self._setting}"

    async def _asked(self, secret: Secret) -> tuple[Any, ...] | None:
        from psycopg import AsyncConnection

        options = await self._options(secret)
        async with await AsyncConnection.connect(**options, autocommit=True, prepare_threshold=None) as connection:
            return await (await connection.execute(SQL)).fetchone()

    async def _options(self, secret: Secret) -> Mapping[str, Any]:
        """The connection string's parameters and ours, the host looked up where a hanging look-up does no harm."""
        given = self._parsed(secret)
        ours = f"-c statement_timeout={max(1, int(self._deadline_s * 1000))} -c default_transaction_read_only=on"
        options = {**given, "application_name": "npconsole", "connect_timeout": max(2, int(self._deadline_s))}
        options["options"] = f"{given.get('options', '')} {ours}".strip()
        host = str(given.get("host", ""))
        if (
            host
            and not host.startswith(("/", "@"))
            and "," not in host
            and "hostaddr" not in given
            and not literal(host)
        ):
            addresses = (await self._resolver.resolve(host)).addresses
            options |= {"host": ",".join(host for _ in addresses), "hostaddr": ",".join(addresses)}
        return options

    def _parsed(self, secret: Secret) -> dict[str, Any]:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict

        try:
            return conninfo_to_dict(secret.reveal())
        except ProgrammingError:
            said = f"{self._setting} is not a connection string"
        # Raised out here because the driver's error repeats a piece of it.
        raise SecretError(said, hint="write postgresql://user:password@host/database")

    def _lag(self, row: tuple[Any, ...] | None) -> Lag:
        if row is None or row[0] is not True:
            raise BadAnswerError(
                f"{self._where}: this server is not a replica, it is not in recovery",
                hint="name the read replica's host, not the primary's; was the replica promoted?",
            )
        seconds = None if row[1] is None else number(float(row[1]))
        if seconds is None:
            raise BadAnswerError(f"{self._where}: nothing replayed yet, so the lag is not known")
        return Lag(max(0.0, seconds), "sql")

    def _explained(self, error: "psycopg.Error") -> SourceError:
        if error.sqlstate:
            words = clean(error.diag.message_primary, limit=200)
            return BadAnswerError(f"{self._where}: {words} (SQLSTATE {error.sqlstate})")
        words = _libpq_words(str(error))
        if re.search(r"authentication failed|no password supplied|no pg_hba\.conf entry", words):
            return UnauthorisedError(f"{self._where}: {words}", hint=f"look at {self._setting}")
        failure = Failure.TLS if re.search(r"SSL|certificate", words) else Failure.CONNECT
        return UnreachableError(f"{self._where}: {words}", failure)


def _libpq_words(message: str) -> str:
    """The last attempt's reason, without the host, port and advice around it; "no connection" when there is none."""
    reasons = re.findall(r"failed: (?:FATAL: +|error: )?([^\n]+)", message)
    return clean(reasons[-1], limit=200) if reasons else "no connection"
