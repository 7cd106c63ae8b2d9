"""A region's HTTP service. Every request waits as long as the physics says and is counted with the background's."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from random import Random

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route as Path

from npconsole.sim.clock import Clock
from npconsole.sim.failure import Failure
from npconsole.sim.page import page
from npconsole.sim.region import Region
from npconsole.sim.route import FORECAST, GOVERNANCE, HEALTH, ITEMS, LOGIN, Route

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
Body = Callable[[], object]


class Service:
    """The app of one region. `failed` hears of each request that was answered 500."""

    def __init__(self, region: Region, clock: Clock, rng: Random, seed: int, failed: Callable[[Failure], None]) -> None:
        self._region = region
        self._clock = clock
        self._rng = rng
        self._token = hashlib.sha256(f"{seed}:session".encode()).hexdigest()[:40]
        self._failed = failed
        self.app = Starlette(
            routes=[
                Path("/health", self._handler(HEALTH, self._health)),
                Path("/healthz", self._liveness),
                Path("/readyz", self._readiness),
                Path("/metrics", self._metrics),
                Path(LOGIN.path, self._login, methods=["POST"]),
                Path(ITEMS.path, self._guarded(ITEMS, self._items)),
                Path(FORECAST.path, self._guarded(FORECAST, self._forecast)),
                Path(GOVERNANCE.path, self._guarded(GOVERNANCE, self._governance)),
            ]
        )

    async def _answer(self, route: Route, body: Body, refused: JSONResponse | None = None) -> Response:
        """Let the request cost what it costs; `refused` is an answer that is given instead of the body, at the same
        price."""
        region = self._region
        region.demand.begin()
        try:
            status, latency_ms = region.answer(route, self._rng)
            await asyncio.sleep(latency_ms / 1000)
            if status == 200 and refused is not None:
                status = refused.status_code
            region.account(route, status, latency_ms, self._rng)
        finally:
            region.demand.finish()
        if status == 500:
            self._failed(region.failure(route))
            return JSONResponse({"error": "internal server error"}, 500)
        if status == 503:
            return JSONResponse({"status": "starting", "region": region.plan.name}, 503, {"retry-after": "3"})
        return refused or JSONResponse(body())

    def _handler(self, route: Route, body: Body) -> Callable[[Request], Awaitable[Response]]:
        async def handle(_: Request) -> Response:
            return await self._answer(route, body)

        return handle

    def _guarded(self, route: Route, body: Body) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            allowed = request.headers.get("authorization") == f"Bearer {self._token}"
            refused = None if allowed else JSONResponse({"error": "a bearer token is needed"}, 401)
            return await self._answer(route, body, refused)

        return handle

    async def _login(self, request: Request) -> Response:
        """Any e-mail address with any password is let in; the token is valid in every region."""
        refused = None
        try:
            body = await request.json()
            if not (isinstance(body, dict) and body.get("email") and body.get("password")):
                refused = JSONResponse({"error": "email and password are needed"}, 401)
        except ValueError:
            refused = JSONResponse({"error": "the body is not JSON"}, 400)
        return await self._answer(LOGIN, lambda: {"token": self._token, "expiresIn": 3600}, refused)

    async def _metrics(self, _: Request) -> Response:
        return PlainTextResponse(page(self._region, self._clock.wall()), media_type=EXPOSITION)

    async def _liveness(self, _: Request) -> Response:
        return JSONResponse({"status": "ok", "uptime": self._uptime_s()})

    async def _readiness(self, _: Request) -> Response:
        reason = self._region.not_ready
        if reason:
            return JSONResponse({"status": "not ready", "reason": reason}, 503)
        return JSONResponse({"status": "ready"})

    def _uptime_s(self) -> float:
        return round(self._clock.wall() - self._region.started_wall, 1)

    def _health(self) -> object:
        region = self._region
        return {
            "status": "ok",
            "version": region.version,
            "app": "neuropilot",
            "region": region.plan.name,
            "uptime": self._uptime_s(),
            "infrastructure": {
                "database": {"status": "connected", "role": "replica" if region.plan.has_replica else "primary"},
                "cache": {"status": "connected"},
                "load": round(region.demand.utilisation, 3),
            },
            "features": {"forecast": True, "governance": True, "observability": region.plan.generation.value},
        }

    def _items(self) -> object:
        return {"items": [{"id": n, "sku": f"NP-{n:04}", "stock": 17 * n % 100} for n in range(1, 26)], "total": 25}

    def _forecast(self) -> object:
        return {"model": "seasonal", "horizonDays": 14, "forecast": [100 + 7 * n % 23 for n in range(14)]}

    def _governance(self) -> object:
        return {"status": "compliant", "policies": 12, "violations": 0}
