import time

import httpx
import pytest

from npconsole.net.http import Http
from npconsole.sources.connectivity import Connectivity
from tests.net.loopback import http, saying, serving

NOWHERE = "http://127.0.0.1:1"


@pytest.mark.parametrize("answer", [http(b""), http(b"", status="500 Oops"), b"SSH-2.0\r\n\r\n"])
async def test_any_answer_proves_that_the_host_is_online(answer: bytes) -> None:
    async with serving(saying(answer)) as origin, Http(now=time.monotonic) as client:
        assert await Connectivity(client, [NOWHERE, origin], deadline_s=5).read()


async def test_no_answer_at_all_means_offline() -> None:
    async with serving(saying(hang=True)) as silent, Http(now=time.monotonic) as client:
        started = time.monotonic()
        assert not await Connectivity(client, [NOWHERE, silent], deadline_s=0.4).read()
        assert time.monotonic() - started < 2


async def test_the_one_that_answered_goes_first_next_time() -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        if request.url.host == "a.example.com":
            raise httpx.ConnectError("no")
        return httpx.Response(204)

    async with Http(transport=httpx.MockTransport(respond), now=time.monotonic) as client:
        source = Connectivity(client, ["https://a.example.com", "https://b.example.com"], deadline_s=5)
        assert await source.read()
        assert await source.read()
    assert asked == ["a.example.com", "b.example.com", "b.example.com"]
