"""Railway asked without sockets, over a world whose time moves when told."""

from typing import Any

import httpx

from npconsole.sim.fault import RAILWAY
from npconsole.sim.railway.api import PATH, RailwayApi
from npconsole.sim.railway.caller import Tokens
from npconsole.sim.railway.resolvers import Resolvers
from npconsole.sim.railway.serviceinstance import ServiceInstance
from npconsole.sim.record import Record
from npconsole.sim.scenario import SCENARIOS
from npconsole.sim.trouble import Trouble
from npconsole.sim.world import World
from tests.sim.fakeclock import FakeClock

TOKENS = Tokens(project="project-token", account="account-token")
PROJECT = {"project-access-token": TOKENS.project}
ACCOUNT = {"authorization": f"Bearer {TOKENS.account}"}
TICK_S = 0.2


class Bench:
    """`play` lets sim-seconds pass; `ask` answers with the JSON."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.record = Record(self.clock)
        self.world = World(1, SCENARIOS["calm"], self.clock, self.record)
        trouble = Trouble(lambda: self.world.faults.of(RAILWAY), self.world.agenda, self.clock)
        api = RailwayApi(Resolvers(self.world.hosting), TOKENS, trouble, self.clock, self.record)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(api.app), base_url="http://railway")

    @property
    def east(self) -> ServiceInstance:
        return self.world.hosting.services["us-east"]

    def play(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK_S)):
            self.clock.at_s += TICK_S
            self.world.step()

    async def post(self, query: str, headers: dict[str, str] | None = None, **variables: Any) -> httpx.Response:
        body = {"query": query, "variables": variables}
        return await self.client.post(PATH, json=body, headers=PROJECT if headers is None else headers)

    async def ask(self, query: str, headers: dict[str, str] | None = None, **variables: Any) -> Any:
        answer = await self.post(query, headers, **variables)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def deployment(self, deployment_id: str) -> dict[str, Any]:
        query = """query($id: String!) { deployment(id: $id) {
            id status statusUpdatedAt deploymentStopped canRedeploy canRollback meta instances { id status } } }"""
        answer = await self.ask(query, id=deployment_id)
        found: dict[str, Any] = answer["data"]["deployment"]
        return found

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.record.entries]
