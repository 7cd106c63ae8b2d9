"""One run of the simulator from start to SIGTERM: its folder, its ports, its announcement."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from npconsole.errors import UsageError
from npconsole.sim.clock import SimClock
from npconsole.sim.cloudflare.api import BASE
from npconsole.sim.configuration import configuration
from npconsole.sim.directory import Directory
from npconsole.sim.fault import CLOUDFLARE, EDGE, PAGERDUTY, RAILWAY, SENTRY, SLACK
from npconsole.sim.listener import free, hush
from npconsole.sim.railway.api import PATH
from npconsole.sim.record import Entry, Record
from npconsole.sim.rendezvous import Rendezvous, alive
from npconsole.sim.scenario import Scenario
from npconsole.sim.simulator import CONNECTIVITY, CONTROL, NAMES, ORGANIZATION, Simulator
from npconsole.sim.slack.api import PATH as SLACK_PATH
from npconsole.sim.slack.workspace import CHANNEL
from npconsole.sim.world import World

SCHEMA = "npconsole.sim/1"


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be run. `port_base` 0 takes the folder's earlier ports or free ones; otherwise ports follow in the
    order of `NAMES`. `directory` None makes a folder that goes with the run. `speed` is sim seconds a second."""

    scenario: Scenario
    seed: int = 1
    speed: float = 1.0
    port_base: int = 0
    directory: Path | None = None
    prometheus: str = ""


def run(
    request: Request,
    environ: Mapping[str, str],
    announce: Callable[[dict[str, Any]], None],
    narrate: Callable[[Entry], None],
) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP. `announce` gets the addresses once all of them answer.

    Raises UsageError when the folder is in use or a fixed port is taken.
    """
    rendezvous = Rendezvous(environ)
    path = request.directory or Path(tempfile.mkdtemp(prefix="run-", dir=rendezvous.path))
    directory = Directory(path)
    state = directory.read_state()
    pid, control = state.get("pid"), directory.ports().get(CONTROL, 0)
    if isinstance(pid, int) and pid != os.getpid() and alive(pid) and not free(control):
        raise UsageError(
            f"a simulator already runs in {path} (pid {pid})", hint=f"end it: kill {pid}; or give another --dir"
        )
    clock = SimClock(request.speed)
    world = World(request.seed, request.scenario, clock, Record(clock, narrate))
    simulator = _simulator(world, request, directory)
    said = announcement(simulator, world, request, directory)
    webhook = f"{simulator.url(SLACK)}/services/{simulator.credentials.slack.webhook}"
    directory.write_secrets({**simulator.credentials.files, "slack_webhook": webhook})
    urls = {name: simulator.url(name) for name in NAMES}
    cloudflare = simulator.account.ids
    directory.write_config(configuration(urls, directory.secrets, world.hosting, cloudflare, request.prometheus))
    directory.write_state(said, {name: listener.port for name, listener in simulator.listeners.items()})
    rendezvous.register(os.getpid(), directory.path)
    hush()
    try:
        asyncio.run(_serve(simulator, lambda: announce(said)))
    finally:
        rendezvous.remove(os.getpid())
        if request.directory is None:
            shutil.rmtree(path, ignore_errors=True)


def announcement(simulator: Simulator, world: World, request: Request, directory: Directory) -> dict[str, Any]:
    """What `sim up` prints: every address, for people and programs."""
    return {
        "schema": SCHEMA,
        "pid": os.getpid(),
        "dir": str(directory.path),
        "config": str(directory.config),
        "scenario": request.scenario.name,
        "seed": request.seed,
        "speed": request.speed,
        "regions": {name: simulator.url(name) for name in world.regions},
        "edge": simulator.url(EDGE),
        "asset": f"{simulator.url(EDGE)}/app.js",
        "sentry": {
            "url": simulator.url(SENTRY),
            "organization": ORGANIZATION,
            "dsn": simulator.dsn("backend"),
            "frontend_dsn": simulator.dsn("frontend"),
            "token_file": str(directory.secrets / "sentry_token"),
        },
        "railway": _railway(simulator, world, directory),
        "cloudflare": _cloudflare(simulator, directory),
        "slack": {
            "url": simulator.url(SLACK) + SLACK_PATH,
            "channel": CHANNEL,
            "token_file": str(directory.secrets / "slack_token"),
            "webhook_file": str(directory.secrets / "slack_webhook"),
        },
        "pagerduty": {
            "url": simulator.url(PAGERDUTY),
            "routing_key_file": str(directory.secrets / "pagerduty_routing_key"),
        },
        "control": simulator.url(CONTROL),
        "connectivity": f"{simulator.url(CONNECTIVITY)}/generate_204",
    }


def _railway(simulator: Simulator, world: World, directory: Directory) -> dict[str, Any]:
    return {
        "url": simulator.url(RAILWAY) + PATH,
        "project_id": world.hosting.project_id,
        "environment_id": world.hosting.environment_id,
        "services": {name: service.service_id for name, service in world.hosting.services.items()},
        "token_file": str(directory.secrets / "railway_token"),
        "account_token_file": str(directory.secrets / "railway_account_token"),
    }


def _cloudflare(simulator: Simulator, directory: Directory) -> dict[str, Any]:
    ids = simulator.account.ids
    return {
        "url": simulator.url(CLOUDFLARE) + BASE,
        "account_id": ids.account,
        "zone_id": ids.zone,
        "load_balancer_id": ids.balancer,
        "pools": dict(ids.pools),
        "token_file": str(directory.secrets / "cloudflare_token"),
        "reader_token_file": str(directory.secrets / "cloudflare_reader_token"),
        "account_token_file": str(directory.secrets / "cloudflare_account_token"),
    }


def _simulator(world: World, request: Request, directory: Directory) -> Simulator:
    if request.port_base:
        ports = {name: request.port_base + offset for offset, name in enumerate(NAMES)}
    else:
        ports = {name: port for name, port in directory.ports().items() if free(port)}
    try:
        return Simulator(world, ports)
    except OSError as error:
        raise UsageError(f"the simulator cannot listen: {error.strerror}", hint="give another --port-base") from error


async def _serve(simulator: Simulator, ready: Callable[[], None]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    await simulator.run(stop, ready)
