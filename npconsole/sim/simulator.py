"""The simulated platform with its sockets: composes the world, the services, the edge and the vendors, and keeps them
going."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

import httpx
from starlette.types import ASGIApp

from npconsole.sim.asset import connectivity, frontend
from npconsole.sim.cloudflare.account import Account, ids
from npconsole.sim.cloudflare.api import CloudflareApi
from npconsole.sim.cloudflare.gate import Gate as CloudflareGate
from npconsole.sim.control import Control
from npconsole.sim.credentials import credentials
from npconsole.sim.edge import Edge
from npconsole.sim.edgecache import EdgeCache
from npconsole.sim.estate import REGIONS
from npconsole.sim.failure import Failure
from npconsole.sim.fault import CLOUDFLARE, EDGE, PAGERDUTY, RAILWAY, SENTRY, SLACK, Kind, Reach
from npconsole.sim.listener import Listener
from npconsole.sim.monitor import health_probe, watch
from npconsole.sim.pagerduty.api import PagerDutyApi
from npconsole.sim.pagerduty.service import PagerService
from npconsole.sim.railway.api import RailwayApi
from npconsole.sim.railway.resolvers import Resolvers
from npconsole.sim.reporter import Reporter
from npconsole.sim.sentry.api import SentryApi
from npconsole.sim.sentry.gate import Gate
from npconsole.sim.sentry.store import Project, Store
from npconsole.sim.service import Service
from npconsole.sim.slack.api import SlackApi
from npconsole.sim.slack.workspace import Workspace
from npconsole.sim.trouble import Trouble
from npconsole.sim.world import World

CONTROL = "control"
ASSET = "asset"
CONNECTIVITY = "connectivity"
NAMES = (
    CONTROL,
    *(plan.name for plan in REGIONS),
    EDGE,
    SENTRY,
    ASSET,
    CONNECTIVITY,
    RAILWAY,
    CLOUDFLARE,
    SLACK,
    PAGERDUTY,
)
ORGANIZATION = "neuropilot"
TICK_S = 0.2
FRONTEND_ERRORS_PER_S = 0.03
HOSTILE_PER_S = 0.3


class Simulator:
    """Holds its ports from the moment it is made; `run` serves until told to stop."""

    def __init__(self, world: World, ports: Mapping[str, int]) -> None:
        """`ports` by name, 0 or missing for a free one. Raises OSError when one is taken."""
        self._world = world
        self._ports = ports
        self.credentials = credentials(world.seed)
        self.store = Store(
            (
                Project("1", "backend", "python", self.credentials.backend_key),
                Project("2", "frontend", "javascript", self.credentials.frontend_key),
            )
        )
        self._client = httpx.AsyncClient(
            trust_env=False,
            verify=False,  # noqa: S501 - plain HTTP on loopback; a certificate store would only cost start-up time
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=50),
        )
        self._rng = world.rng("reports")
        self.listeners: dict[str, Listener] = {}
        self._listen()
        self._reporter = Reporter(
            self.dsn("backend"), self.dsn("frontend"), world.regions, world.clock, world.rng("reporter")
        )

    def url(self, name: str) -> str:
        """The address of a part: one of `NAMES`."""
        return self.listeners[name].url

    def dsn(self, slug: str) -> str:
        """The DSN of a Sentry project."""
        project = self.store.project(slug)
        assert project is not None  # noqa: S101 - the two projects are made above
        return f"{self.url(SENTRY).replace('://', f'://{project.key}@')}/{project.id}"

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Serve until `stop` is set; `ready` is called once every address answers."""
        try:
            await self._follow()
            first = next(iter(self._world.regions.values()))
            self._reporter.report_past(first.plan.name, first.release)
            ready()
            async with asyncio.TaskGroup() as tasks:
                loops = [tasks.create_task(self._tick())]
                loops += [tasks.create_task(self._watch(name)) for name in self._world.regions]
                await stop.wait()
                for loop in loops:
                    loop.cancel()
        finally:
            for listener in self.listeners.values():
                listener.end()
            self._reporter.end()
            await self._client.aclose()

    def _listen(self) -> None:
        """Bind every address, first those that others need to know."""
        world, clock = self._world, self._world.clock
        for name, region in world.regions.items():
            service = Service(region, clock, world.rng(f"{name} requests"), world.seed, self._failed)
            self._add(name, service.app)
        faults = partial(world.faults.of, SENTRY)
        gate = Gate(ORGANIZATION, self.credentials.sentry, clock, world.rng(SENTRY), faults, world.record)
        self._add(SENTRY, SentryApi(self.store, gate, clock).app)
        self._add(ASSET, frontend())
        self._add(CONNECTIVITY, connectivity())
        self._listen_edge(cache := EdgeCache())
        self.account = self._listen_vendors(cache)
        workspace, pager = self._listen_channels()
        self._add(CONTROL, Control(world, self.store, cache, self.account, workspace, pager).app)

    def _listen_edge(self, cache: EdgeCache) -> None:
        world = self._world
        edge = Edge(
            world.steering,
            world.agenda,
            cache,
            {name: self.url(name) for name in world.regions},
            self.url(ASSET),
            self._client,
            world.clock,
            world.rng(EDGE),
            partial(world.faults.of, EDGE),
        )
        self._add(EDGE, edge.app)

    def _listen_vendors(self, cache: EdgeCache) -> Account:
        """Railway and Cloudflare. Gives the account that Cloudflare keeps."""
        world, clock, record = self._world, self._world.clock, self._world.record
        railway = Trouble(partial(world.faults.of, RAILWAY), world.agenda, clock)
        resolvers = Resolvers(world.hosting)
        self._add(RAILWAY, RailwayApi(resolvers, self.credentials.railway, railway, clock, record).app)
        faults = partial(world.faults.of, CLOUDFLARE)
        ports = {name: self.listeners[name].port for name in world.regions}
        drawn = ids(world.rng(CLOUDFLARE), world.regions)
        account = Account(drawn, ports, world.steering, cache, world.agenda, clock, record, faults)
        gate = CloudflareGate(self.credentials.cloudflare, Trouble(faults, world.agenda, clock), clock, record)
        self._add(CLOUDFLARE, CloudflareApi(account, gate).app)
        return account

    def _listen_channels(self) -> tuple[Workspace, PagerService]:
        """Slack and PagerDuty. Gives what they keep of what they were told."""
        world, clock, record = self._world, self._world.clock, self._world.record
        workspace, pager = Workspace(clock), PagerService(clock)
        slack = Trouble(partial(world.faults.of, SLACK), world.agenda, clock)
        self._add(SLACK, SlackApi(workspace, self.credentials.slack, slack, clock, record).app)
        pagerduty = Trouble(partial(world.faults.of, PAGERDUTY), world.agenda, clock)
        self._add(PAGERDUTY, PagerDutyApi(pager, self.credentials.routing_key, pagerduty, clock, record).app)
        return workspace, pager

    def _add(self, name: str, app: ASGIApp) -> None:
        try:
            self.listeners[name] = Listener(app, self._ports.get(name, 0))
        except OSError:
            for listener in self.listeners.values():
                listener.end()
            raise

    async def _tick(self) -> None:
        while True:
            failures = self._world.step()
            await self._follow()
            if not self._world.host_cut_off:
                self._report(failures)
            await asyncio.sleep(TICK_S)

    async def _follow(self) -> None:
        """Have every address but the control port be as the faults say."""
        for name, listener in self.listeners.items():
            await listener.follow(Reach.OPEN if name == CONTROL else self._world.reach(name))

    def _report(self, failures: list[Failure]) -> None:
        for failure in failures:
            self._reporter.report(failure)
        if self._rng.random() < FRONTEND_ERRORS_PER_S * TICK_S:
            self._reporter.report_frontend()
        if Kind.HOSTILE_TEXT in self._world.faults.of(SENTRY) and self._rng.random() < HOSTILE_PER_S * TICK_S:
            self._reporter.report_hostile(next(iter(self._world.regions)))

    def _failed(self, failure: Failure) -> None:
        self._reporter.report(failure)

    async def _watch(self, region: str) -> None:
        probe = health_probe(self._client, self.url(region))
        await watch(region, probe, self._world.steering, self._world.clock, lambda: self._world.host_cut_off)
