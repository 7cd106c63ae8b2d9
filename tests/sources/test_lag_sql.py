"""What needs no database; the rest is in `tests/real/test_postgres.py`."""

import asyncio
import threading
import time

import pytest

from npconsole.errors import Failure, SecretError, UnreachableError
from npconsole.model.clock import SystemClock
from npconsole.model.secret import Secret
from npconsole.net.resolver import Resolver
from npconsole.sources.lag_sql import SqlLag


def lag_of(dsn: str, *, resolver: Resolver | None = None) -> SqlLag:
    """The source for one connection string, with a third of a second to answer."""
    resolver = resolver or Resolver(SystemClock().now)
    return SqlLag(lambda: Secret(dsn), setting="services[0].lag.dsn", deadline_s=0.3, resolver=resolver)


@pytest.mark.parametrize("dsn", ["hunter2", "host=x pass word=hunter2", "postgresql://u:hunter2@[h/db"])
async def test_what_is_not_a_connection_string_is_not_repeated(dsn: str) -> None:
    with pytest.raises(SecretError, match=r"services\[0\]\.lag\.dsn is not a connection string") as raised:
        await lag_of(dsn).read()
    assert "hunter2" not in raised.value.message + raised.value.hint
    assert raised.value.__context__ is None


async def test_a_server_that_accepts_and_says_nothing_is_out_of_time() -> None:
    ended = asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ended.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    started = time.monotonic()
    with pytest.raises(UnreachableError, match=r"no answer within 0\.3 s") as raised:
        await lag_of(f"host=127.0.0.1 port={port} dbname=x user=x").read()
    assert raised.value.failure is Failure.TIMEOUT
    assert time.monotonic() - started < 3
    ended.set()
    server.close()


async def test_a_name_server_that_hangs_holds_up_nothing() -> None:
    hanging = threading.Event()
    resolver = Resolver(SystemClock().now, lookup=lambda _: ["127.0.0.1"] if hanging.wait(10) else [])
    with pytest.raises(UnreachableError, match="no answer"):
        await lag_of("host=db.example user=x", resolver=resolver).read()
    hanging.set()


async def test_a_name_without_an_address() -> None:
    with pytest.raises(UnreachableError, match="no address") as raised:
        await lag_of("host=db.example user=x", resolver=Resolver(SystemClock().now, lookup=lambda _: [])).read()
    assert raised.value.failure is Failure.DNS
