import json
import time
from collections.abc import Mapping

import httpx
import pytest

from npconsole.errors import BadAnswerError, ServerError
from npconsole.net.http import Http
from npconsole.sources.statuspage import StatusPages

CALM = {"page": {"name": "Neon"}, "status": {"indicator": "none", "description": "All Systems Operational"}}
GRAVE = {"status": {"indicator": "major", "description": "Partial System Outage"}}


async def read(answers: Mapping[str, object]) -> str:
    """What is read of pages named like their hosts."""

    def respond(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/api/v2/status.json"
        body = answers[request.url.host]
        return httpx.Response(body) if isinstance(body, int) else httpx.Response(200, text=json.dumps(body))

    pages = {host: f"https://{host}/" for host in answers}
    async with Http(transport=httpx.MockTransport(respond), now=time.monotonic) as http:
        return await StatusPages(http, pages, deadline_s=5).read()


async def test_grave_trouble_is_told_with_its_vendor() -> None:
    assert await read({"cloudflare.test": GRAVE, "neon.test": CALM}) == "cloudflare.test: Partial System Outage"


@pytest.mark.parametrize("indicator", ["none", "minor", "maintenance", None, 3, "unheard-of"])
async def test_what_is_not_grave_is_no_reason(indicator: object) -> None:
    assert await read({"cloudflare.test": {"status": {"indicator": indicator, "description": "x"}}}) == ""


@pytest.mark.parametrize("body", [[], "x", {}, {"status": []}, {"status": "major"}])
async def test_another_answer_says_nothing(body: object) -> None:
    assert await read({"cloudflare.test": body}) == ""


async def test_words_of_strangers_are_cleaned_and_bounded() -> None:
    said = await read({"a.test": {"status": {"indicator": "critical", "description": "down\x1b[2J" + "x" * 500}}})
    assert "\x1b" not in said
    assert len(said) < 140


async def test_one_page_that_cannot_be_read_is_passed_over() -> None:
    assert await read({"a.test": 503, "b.test": GRAVE}) == "b.test: Partial System Outage"
    assert await read({"a.test": 404, "b.test": CALM}) == ""


async def test_when_no_page_can_be_read_nothing_is_known() -> None:
    with pytest.raises(ServerError):
        await read({"a.test": 503})
    with pytest.raises(BadAnswerError):
        await read({"a.test": 404, "b.test": 404})
