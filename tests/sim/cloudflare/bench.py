"""Cloudflare asked without sockets, over a world whose time moves when told."""

from typing import Any

import httpx

from npconsole.sim.cloudflare.account import Account, ids
from npconsole.sim.cloudflare.api import BASE, CloudflareApi
from npconsole.sim.cloudflare.caller import Tokens
from npconsole.sim.cloudflare.gate import Gate
from npconsole.sim.edgecache import EdgeCache, Entry
from npconsole.sim.fault import CLOUDFLARE
from npconsole.sim.record import Record
from npconsole.sim.scenario import SCENARIOS
from npconsole.sim.trouble import Trouble
from npconsole.sim.world import World
from tests.sim.fakeclock import FakeClock

TOKENS = Tokens(writer="w" * 40, reader="r" * 40, account="a" * 40)
PORTS = {"us-east": 4001, "us-west": 4002, "eu-west": 4003}


class Bench:
    """`wait` lets sim-seconds pass; `ask` gives the answer, `result` what is in its envelope."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.record = Record(self.clock)
        self.world = World(1, SCENARIOS["calm"], self.clock, self.record)
        self.cache = EdgeCache()
        self.ids = ids(self.world.rng(CLOUDFLARE), PORTS)
        agenda, steering = self.world.agenda, self.world.steering

        def faults() -> Any:
            return self.world.faults.of(CLOUDFLARE)

        account = Account(self.ids, PORTS, steering, self.cache, agenda, self.clock, self.record, faults)
        gate = Gate(TOKENS, Trouble(faults, agenda, self.clock), self.clock, self.record)
        app = CloudflareApi(account, gate).app
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://cloudflare{BASE}")

    @property
    def pools(self) -> str:
        return f"/accounts/{self.ids.account}/load_balancers/pools"

    @property
    def east(self) -> str:
        return f"{self.pools}/{self.ids.pools['us-east']}"

    @property
    def zone(self) -> str:
        return f"/zones/{self.ids.zone}"

    @property
    def balancer(self) -> str:
        return f"{self.zone}/load_balancers/{self.ids.balancer}"

    def wait(self, seconds: float) -> None:
        self.clock.at_s += seconds
        self.world.agenda.catch_up()

    def keep(self, target: str, *tags: str, host: str = "edge.example") -> None:
        entry = Entry(b"x", "text/javascript", self.clock.at_s, self.clock.at_s + 3600, host, target, frozenset(tags))
        self.cache.keep(host + target, entry)

    async def ask(self, method: str, path: str, body: Any = None, token: str = TOKENS.writer) -> httpx.Response:
        return await self.client.request(method, path, json=body, headers={"authorization": f"Bearer {token}"})

    async def result(self, method: str, path: str, body: Any = None, token: str = TOKENS.writer) -> Any:
        answer = await self.ask(method, path, body, token)
        envelope = answer.json()
        assert (answer.status_code, envelope["success"], envelope["errors"]) == (200, True, []), answer.text
        return envelope["result"]

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.record.entries]
