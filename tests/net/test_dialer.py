import time

import httpcore
import pytest

from npconsole.net.dialer import Dialer
from npconsole.net.resolver import Resolver
from tests.net.loopback import http, saying, serving


async def test_the_next_address_is_tried_and_remembered() -> None:
    async with serving(saying(http(b"ok"))) as origin:
        port = int(origin.rpartition(":")[2])
        asked: list[str] = []

        def lookup(host: str) -> list[str]:
            asked.append(host)
            return ["127.0.0.2", "127.0.0.1"]

        dialer = Dialer(time.monotonic, resolver=Resolver(time.monotonic, lookup=lookup))
        for _ in range(2):
            stream = await dialer.connect_tcp("two.example.com", port, timeout=5)
            assert stream.get_extra_info("server_addr") == ("127.0.0.1", port)
            assert stream.get_extra_info("dns_ms") is not None
            await stream.aclose()
    assert asked == ["two.example.com"] * 2


async def test_all_addresses_refuse() -> None:
    resolver = Resolver(time.monotonic, lookup=lambda _: ["127.0.0.2", "127.0.0.1"])
    with pytest.raises(httpcore.ConnectError):
        await Dialer(time.monotonic, resolver=resolver).connect_tcp("two.example.com", 1, timeout=5)
