"""What vendors tell of their own trouble is believed for a while, and asked for without any check waiting."""

import asyncio
import json

import httpx

from npconsole.net.http import Http
from npconsole.sources.statuspage import StatusPages
from npconsole.wiring.daemon.providers import BELIEVED_S, Providers
from tests.wiring.daemon.scene import Scene

GRAVE = {"status": {"indicator": "critical", "description": "Major Outage"}}
CALM = {"status": {"indicator": "none", "description": "All Systems Operational"}}


async def test_trouble_is_told_until_it_is_over_and_not_believed_for_ever(scene: Scene) -> None:
    answers: list[object] = [GRAVE, 503, 503, GRAVE, CALM]

    def respond(_: httpx.Request) -> httpx.Response:
        body = answers.pop(0)
        return httpx.Response(body) if isinstance(body, int) else httpx.Response(200, text=json.dumps(body))

    clock = scene.place.clock
    async with Http(transport=httpx.MockTransport(respond), now=clock.now) as http:
        providers = Providers(scene.post, StatusPages(http, {"cloudflare": "https://status.test"}, deadline_s=5))
        told = []
        for _ in range(2):
            await providers.ask()
            told.append(providers.trouble)
        clock.seconds += BELIEVED_S + 1
        await providers.ask()
        told.append(providers.trouble)
        for _ in range(2):
            await providers.ask()
            told.append(providers.trouble)
    grave = "cloudflare: Major Outage"
    assert told == [grave, grave, "", grave, ""]


async def test_without_pages_nothing_is_asked_and_nothing_is_told(scene: Scene) -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise AssertionError("nothing may be asked")

    stop = asyncio.Event()
    async with Http(transport=httpx.MockTransport(refuse), now=scene.place.clock.now) as http:
        providers = Providers(scene.post, StatusPages(http, {}, deadline_s=5))
        async with asyncio.TaskGroup() as group:
            group.create_task(providers.watch(stop))
            await asyncio.sleep(0)
            stop.set()
        assert providers.trouble == ""
