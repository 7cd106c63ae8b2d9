"""The server for browsers: real HTTP and a real web socket on loopback, and a stand-in for the wallboard process."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import aiohttp
import pytest

from npconsole.errors import NpconsoleError
from npconsole.views.wallboard.web import HOST, serve

# What Textual's web driver writes: a line that says it is ready, then packets of kind, length and payload.
# It ends at the first packet, which is the server asking it to.
PROGRAM = (
    "import sys; o = sys.stdout.buffer; o.write(b'__GANGLION__\\n' + b'D' + (5).to_bytes(4, 'big') + b'hello');"
    "o.flush(); sys.stdin.buffer.read(1)"
)


SERVER = "import sys; from npconsole.views.wallboard.web import serve; serve(sys.argv[2:], int(sys.argv[1]))"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a running server."""
    with socket.create_server((HOST, 0)) as free:
        number: int = free.getsockname()[1]
    argv = [sys.executable, "-c", SERVER, str(number), sys.executable, "-c", PROGRAM]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}) as server:
        assert server.stdout is not None
        assert f"http://{HOST}:{number}" in server.stdout.readline().decode()
        yield number
        server.terminate()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "localhost"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_only_its_own_pages_are_answered(headers: dict[str, str], status: int, port: int) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://{HOST}:{port}/", headers=headers) as answer:
            assert answer.status == status
        if status == 403:
            async with session.get(f"http://{HOST}:{port}/ws", headers=headers) as answer:
                assert answer.status == 403


async def test_a_page_gets_what_its_own_wallboard_draws(port: int) -> None:
    url = f"http://{HOST}:{port}"
    async with (
        asyncio.timeout(10),
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{url}/ws?width=80&height=24", origin=url) as page,
    ):
        assert await page.receive_bytes() == b"hello"


def test_a_port_that_is_taken_is_told_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("COLORTERM", "TERM"):  # so that what serving sets is put back
        monkeypatch.setenv(variable, "")
    with socket.create_server((HOST, 0)) as taken, pytest.raises(NpconsoleError) as caught:
        serve([sys.executable, "-c", PROGRAM], taken.getsockname()[1])
    assert "cannot be served" in caught.value.message
    assert "--port" in caught.value.hint
