"""The push to a Pushgateway: what is sent where, and what each answer means."""

import httpx
import pytest

from npconsole.errors import BadAnswerError, LimitedError, NpconsoleError, ServerError, UnauthorisedError
from npconsole.exposition.push import push
from npconsole.net.http import Http


async def pushed(status: int) -> list[httpx.Request]:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, text="text format parsing error")

    async with Http(transport=httpx.MockTransport(answer), now=lambda: 0.0) as http:
        await push(http, "http://gateway:9091", b"up 1\n", instance="host a/b", deadline_s=5)
    return seen


async def test_it_replaces_this_instance() -> None:
    [request] = await pushed(200)
    assert request.method == "PUT"
    assert request.url.raw_path == b"/metrics/job/npconsole/instance/host%20a%2Fb"
    assert request.content == b"up 1\n"
    assert request.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, BadAnswerError), (401, UnauthorisedError), (429, LimitedError), (500, ServerError), (302, BadAnswerError)],
)
async def test_what_did_not_get_there(status: int, error: type[NpconsoleError]) -> None:
    with pytest.raises(error):
        await pushed(status)
