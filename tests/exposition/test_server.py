"""The server: what it answers, what it does not, and that nobody can hold it up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from npconsole.errors import UsageError
from npconsole.exposition.server import Listen, MetricsServer, parse_listen


@dataclass
class Daemon:
    problem: str = ""

    def page(self) -> bytes:
        return b"up 1\n"

    def health(self) -> str:
        return self.problem


@asynccontextmanager
async def served(daemon: Daemon | None = None) -> AsyncIterator[Listen]:
    daemon = daemon or Daemon()
    async with MetricsServer(Listen("127.0.0.1", 0), page=daemon.page, health=daemon.health) as where:
        yield where


async def talk(where: Listen, request: bytes) -> bytes:
    async with asyncio.timeout(10):
        reader, writer = await asyncio.open_connection(where.host, where.port)
        writer.write(request)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        return answer


def get(path: str, method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("request_", "status", "body"),
    [
        (get("/metrics"), b"200 OK", b"up 1\n"),
        (get("/metrics?name=up"), b"200 OK", b"up 1\n"),
        (get("/metrics", "HEAD"), b"200 OK", b""),
        (get("/healthz"), b"200 OK", b"ok\n"),
        (get("/"), b"200 OK", b"npconsole heal: /metrics, /healthz\n"),
        (get("/../etc/passwd"), b"404 Not Found", b"there is /metrics and /healthz\n"),
        (get("/metrics", "POST"), b"405 Method Not Allowed", b"only GET\n"),
        (b"\x16\x03\x01\r\n\r\n", b"400 Bad Request", b"not an HTTP request\n"),
        (b"GET /metrics\r\n\r\n", b"400 Bad Request", b"not an HTTP request\n"),
    ],
)
async def test_answers(request_: bytes, status: bytes, body: bytes) -> None:
    async with served() as where:
        head, _, got = (await talk(where, request_)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status)
    assert got == body
    assert b"Connection: close" in head


async def test_metrics_say_their_format() -> None:
    async with served() as where:
        assert b"Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n" in await talk(where, get("/metrics"))


async def test_health_is_that_of_the_daemon() -> None:
    async with served(Daemon("no check for 3 min")) as where:
        answer = await talk(where, get("/healthz"))
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert answer.endswith(b"no check for 3 min\n")


async def test_a_request_without_end_gets_no_answer_and_no_memory() -> None:
    async with served() as where:
        assert await talk(where, b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 5000) == b""
        assert b"200 OK" in await talk(where, get("/healthz"))


async def test_slow_ones_keep_nobody_waiting() -> None:
    async with served() as where:
        slow = [await asyncio.open_connection(where.host, where.port) for _ in range(20)]
        assert b"200 OK" in await talk(where, get("/healthz"))
        for _, writer in slow:
            writer.close()


async def test_a_taken_port_is_said() -> None:
    async with served() as where:
        with pytest.raises(UsageError, match=f"cannot listen at 127.0.0.1:{where.port}"):
            async with MetricsServer(where, page=Daemon().page, health=Daemon().health):
                pass


@pytest.mark.parametrize(
    ("text", "listen", "loopback"),
    [
        ("127.0.0.1:9877", Listen("127.0.0.1", 9877), True),
        ("[::1]:0", Listen("::1", 0), True),
        ("localhost:1", Listen("localhost", 1), True),
        (":9877", Listen("0.0.0.0", 9877), False),  # noqa: S104 - a value, nothing listens there
        ("10.0.0.1:80", Listen("10.0.0.1", 80), False),
        ("host:80", Listen("host", 80), False),
    ],
)
def test_addresses(text: str, listen: Listen, loopback: bool) -> None:
    assert parse_listen(text) == listen
    assert listen.is_loopback is loopback
    assert parse_listen(str(listen)) == listen


@pytest.mark.parametrize("text", ["", "9877", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "a b:1", "x:-1", "x:٣"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError):
        parse_listen(text)
