import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from npconsole.sim.fault import Reach
from npconsole.sim.listener import LOOPBACK, Listener, free

LIMIT_S = 5.0


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("hello")(scope, receive, send)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    made = Listener(hello)
    yield made
    made.end()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=LIMIT_S) as made:
        yield made


async def test_refused_until_opened_and_again_when_told(listener: Listener, client: httpx.AsyncClient) -> None:
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(LOOPBACK, listener.port)
        await listener.follow(Reach.OPEN)
        assert (await client.get(listener.url)).text == "hello"
        await listener.follow(Reach.REFUSED)


async def test_silence_accepts_and_never_answers_until_it_drops_the_connection(
    listener: Listener, client: httpx.AsyncClient
) -> None:
    await listener.follow(Reach.SILENT)
    with pytest.raises(httpx.ReadTimeout):
        await client.get(listener.url, timeout=0.2)
    reader, writer = await asyncio.open_connection(LOOPBACK, listener.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await writer.drain()
    await listener.follow(Reach.OPEN)
    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(reader.read(), LIMIT_S)
    writer.close()
    assert (await client.get(listener.url)).text == "hello"


async def test_a_kept_connection_dies_with_the_address(listener: Listener, client: httpx.AsyncClient) -> None:
    await listener.follow(Reach.OPEN)
    await client.get(listener.url)
    await listener.follow(Reach.REFUSED)
    with pytest.raises(httpx.TransportError):
        await client.get(listener.url)


async def test_a_refused_port_stays_ours(listener: Listener) -> None:
    assert not free(listener.port)
    with pytest.raises(OSError, match="is taken"):
        Listener(hello, listener.port)
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((LOOPBACK, listener.port))


async def test_an_ended_listeners_port_can_be_taken_at_once(client: httpx.AsyncClient) -> None:
    first = Listener(hello)
    await first.follow(Reach.OPEN)
    await client.get(first.url)
    first.end()
    second = Listener(hello, first.port)
    await second.follow(Reach.OPEN)
    assert (await client.get(second.url)).text == "hello"
    second.end()


async def test_answers_are_not_held_back_for_an_acknowledgement(listener: Listener, client: httpx.AsyncClient) -> None:
    await listener.follow(Reach.OPEN)
    await client.get(listener.url)
    loop = asyncio.get_running_loop()
    before = loop.time()
    for _ in range(20):
        await client.get(listener.url)
    assert loop.time() - before < 20 * 0.03
