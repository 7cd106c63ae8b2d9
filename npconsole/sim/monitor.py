"""The edge's health checks: one endless loop for each region, in sim-time."""

from collections.abc import Awaitable, Callable

import httpx

from npconsole.sim.clock import Clock
from npconsole.sim.steering import Steering

INTERVAL_S = 5.0
RETRY_S = 1.0
TIMEOUT_S = 1.0

Probe = Callable[[], Awaitable[str]]


async def watch(region: str, probe: Probe, steering: Steering, clock: Clock, blind: Callable[[], bool]) -> None:
    """Check a region every 5 s, and a failed check again after 1 s. A pool that is off is not checked. `blind` says
    when checks are left out: the edge does not notice that the simulator's host is cut off."""
    while True:
        again = False
        if not blind() and steering.pools[region].enabled:
            problem = await probe()
            again = not blind() and steering.observe(region, problem)
        await clock.sleep(RETRY_S if again else INTERVAL_S)


def health_probe(client: httpx.AsyncClient, url: str) -> Probe:
    """A check that wants 200 from `/health` within a (real) second. Gives the reason when it is not so."""

    async def probe() -> str:
        try:
            answer = await client.get(f"{url}/health", timeout=TIMEOUT_S)
        except httpx.TimeoutException:
            return "does not answer in time"
        except httpx.HTTPError:
            return "refuses connections"
        return "" if answer.status_code == 200 else f"answers {answer.status_code}"

    return probe
