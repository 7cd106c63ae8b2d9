"""The control port: begin and end faults, read the world's true state and its record. Never refused, whatever is at
fault."""

import math
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Path

from npconsole.errors import UsageError
from npconsole.sim.cloudflare.account import Account
from npconsole.sim.edgecache import EdgeCache
from npconsole.sim.fault import CLOUDFLARE, RAILWAY, SENTRY, Fault
from npconsole.sim.pagerduty.service import PagerService
from npconsole.sim.railway.serviceinstance import ServiceInstance
from npconsole.sim.region import Region
from npconsole.sim.sentry.store import Store
from npconsole.sim.slack.workspace import Workspace
from npconsole.sim.steering import Pool
from npconsole.sim.world import World


class Control:
    """The control port's app."""

    def __init__(
        self,
        world: World,
        store: Store,
        cache: EdgeCache,
        account: Account,
        workspace: Workspace,
        pager: PagerService,
    ) -> None:
        self._world = world
        self._store = store
        self._cache = cache
        self._account = account
        self._workspace = workspace
        self._pager = pager
        self.app = Starlette(
            routes=[
                Path("/faults", self._begin, methods=["POST"]),
                Path("/faults", self._end, methods=["DELETE"]),
                Path("/state", self._state),
                Path("/record", self._record),
                Path("/told", self._told),
            ],
            exception_handlers={UsageError: _usage},
        )

    async def _begin(self, request: Request) -> Response:
        """Body `{"target", "kind", "for_s"?}`; 422 with `error` and `hint` when it makes no sense."""
        try:
            body = await request.json()
        except ValueError:
            raise UsageError("the body is not JSON") from None
        if not isinstance(body, dict):
            raise UsageError("the body is not an object")
        target, kind, for_s = str(body.get("target", "")), str(body.get("kind", "")), _duration(body.get("for_s"))
        return JSONResponse(_plain(self._world.faults.begin(target, kind, self._world.clock.now_s(), for_s)))

    async def _end(self, request: Request) -> Response:
        """Query `target` and `kind`, both may be left out."""
        asked = request.query_params
        ended = self._world.faults.end(asked.get("target", ""), asked.get("kind", ""))
        return JSONResponse({"ended": [_plain(fault) for fault in ended]})

    async def _state(self, _: Request) -> Response:
        world, account = self._world, self._account
        world.agenda.catch_up()
        return JSONResponse(
            {
                "seed": world.seed,
                "scenario": world.scenario.name,
                "at_s": world.clock.now_s(),
                "wall": world.clock.wall(),
                "faults": [_plain(fault) for fault in world.faults.active],
                "regions": {name: _region(region) for name, region in world.regions.items()},
                "edge": {
                    "serving": world.steering.serving_all(),
                    "shares": world.steering.shares(),
                    "pools": {name: _pool(pool) for name, pool in world.steering.pools.items()},
                    "cache": {"entries": len(self._cache), "bytes": self._cache.bytes},
                },
                "railway": {name: _service(service) for name, service in world.hosting.services.items()},
                "cloudflare": {
                    "pools": {name: account.pools[pool].document for name, pool in account.ids.pools.items()}
                },
                "sentry": {"issues": len(self._store.all()), "events": self._store.events},
            }
        )

    async def _record(self, _: Request) -> Response:
        """What happened, oldest first, and how many calls were sent to each vendor to change something."""
        self._world.agenda.catch_up()
        record = self._world.record
        writes = {vendor: record.writes[vendor] for vendor in (RAILWAY, CLOUDFLARE, SENTRY)}
        return JSONResponse({"writes": writes, "entries": [entry.plain() for entry in record.entries]})

    async def _told(self, _: Request) -> Response:
        """What people would have read: Slack's messages, PagerDuty's alerts and change events, oldest first."""
        self._world.agenda.catch_up()
        pager = self._pager
        return JSONResponse(
            {
                "slack": [message.plain() for message in self._workspace.messages],
                "pagerduty": {
                    "alerts": [alert.plain() for alert in pager.alerts],
                    "changes": [dict(change) for change in pager.changes],
                    "dropped": pager.dropped,
                },
            }
        )


def _duration(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value <= 0:
        raise UsageError("for_s must be a number of seconds above 0")
    return float(value)


def _plain(fault: Fault) -> dict[str, object]:
    return {"target": fault.target, "kind": fault.kind, "since_s": fault.since_s, "until_s": fault.until_s}


def _pool(pool: Pool) -> dict[str, Any]:
    return {
        "healthy": pool.healthy,
        "reason": pool.reason,
        "enabled": pool.enabled,
        "shed_percent": 100 * pool.shed_ratio,
    }


def _service(service: ServiceInstance) -> dict[str, Any]:
    live = service.live
    return {
        "deployment": live.id,
        "version": live.version,
        "status": live.status,
        "instance": live.instance,
        "latest": service.latest.id,
    }


def _region(region: Region) -> dict[str, Any]:
    return {
        "reach": region.reach,
        "not_ready": region.not_ready,
        "version": region.version,
        "utilisation": region.demand.utilisation,
        "in_flight": region.demand.in_flight,
        "requests": region.tally.request_count,
        "memory_bytes": region.memory,
        "lag_s": region.lag_s if region.plan.has_replica else None,
        "started_wall": region.started_wall,
    }


async def _usage(_: Request, error: Exception) -> Response:
    hint = error.hint if isinstance(error, UsageError) else ""
    return JSONResponse({"error": str(error), "hint": hint}, 422)
