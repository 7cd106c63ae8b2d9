"""The edge as clients meet it: steering by area, a cache for static files, Cloudflare's headers and error codes.

A region that is down but not yet found down still gets its users, who see 521 or 524: fail-over takes as long as it
takes. Requests count as American unless they say `X-Sim-Area: europe`. `X-Region` names the region that answered.
"""

import asyncio
from collections.abc import Callable, Mapping
from random import Random

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route as Path

from npconsole.sim.agenda import Agenda
from npconsole.sim.clock import Clock
from npconsole.sim.edgecache import CacheStatus, EdgeCache, Entry
from npconsole.sim.estate import HOME_AREA, REGIONS, STEERING
from npconsole.sim.fault import Fault, Kind
from npconsole.sim.steering import Steering

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
STATIC = (".js", ".css")
ASSET_TTL_S = 60.0
BODY_BYTES = 1_000_000
ORIGIN_TIMEOUT_S = 20.0
SLOW_S = 0.8
ERROR_RATIO = 0.25
FORWARDED = ("authorization", "content-type", "accept")
UNANSWERED = (520, 521, 524)
COLO = {plan.name: plan.colo for plan in REGIONS}


class Edge:
    """The edge's app. `origins` are the regions' addresses by name; `faults` are those at work on the edge now."""

    def __init__(
        self,
        steering: Steering,
        agenda: Agenda,
        cache: EdgeCache,
        origins: Mapping[str, str],
        asset_origin: str,
        client: httpx.AsyncClient,
        clock: Clock,
        rng: Random,
        faults: Callable[[], Mapping[Kind, Fault]],
    ) -> None:
        self._cache = cache
        self._steering = steering
        self._agenda = agenda
        self._origins = origins
        self._asset_origin = asset_origin
        self._client = client
        self._clock = clock
        self._rng = rng
        self._faults = faults
        self.app = Starlette(routes=[Path("/{path:path}", self._serve, methods=METHODS)])

    async def _serve(self, request: Request) -> Response:
        faults = self._faults()
        if Kind.SLOW in faults:
            await asyncio.sleep(SLOW_S)
        self._agenda.catch_up()
        region = self._steering.route(self._area(request), self._rng.random)
        if Kind.ERRORS in faults and self._rng.random() < ERROR_RATIO:
            response: Response = PlainTextResponse("error code: 502", 502)
        elif request.url.path.endswith(STATIC) and request.method in ("GET", "HEAD"):
            response = await self._static(request)
        else:
            response = await self._dynamic(request, region)
        ray = f"{self._rng.getrandbits(64):016x}-{COLO[region or REGIONS[0].name]}"
        response.headers.update({"cf-ray": ray, "server": "cloudflare"})
        response.headers.setdefault("cf-cache-status", CacheStatus.DYNAMIC)
        return response

    def _area(self, request: Request) -> str:
        area = request.headers.get("x-sim-area", HOME_AREA)
        return area if area in STEERING else HOME_AREA

    async def _dynamic(self, request: Request, region: str | None) -> Response:
        """Pass a request on to the region that serves; Cloudflare's 530 when none does."""
        if region is None:
            return PlainTextResponse("error code: 1016", 530)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_BYTES:
                return PlainTextResponse("error code: 413", 413)
        headers = {name: request.headers[name] for name in FORWARDED if name in request.headers}
        url = httpx.URL(self._origins[region] + request.url.path, query=request.url.query.encode())
        response = await self._fetch(request.method, url, headers, bytes(body))
        if response.status_code not in UNANSWERED:
            response.headers["x-region"] = region
        return response

    async def _static(self, request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        host, target = request.url.hostname or "", request.url.path + query
        key = host + target
        status, entry = self._cache.look_up(key, self._clock.now_s())
        if entry is not None:
            age_s = int(self._clock.now_s() - entry.stored_s)
            headers = {"cf-cache-status": status.value, "age": str(age_s)}
            return Response(entry.body, 200, headers, entry.media_type)
        response = await self._fetch("GET", httpx.URL(self._asset_origin + request.url.path), {}, b"")
        response.headers["cf-cache-status"] = status.value
        tags = frozenset(response.headers.get("cache-tag", "").split(","))
        del response.headers["cache-tag"]
        if response.status_code == 200:
            now_s = self._clock.now_s()
            media_type = response.headers.get("content-type", "")
            kept = Entry(bytes(response.body), media_type, now_s, now_s + ASSET_TTL_S, host, target, tags)
            self._cache.keep(key, kept)
        return response

    async def _fetch(self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes) -> Response:
        """Ask an origin. Cloudflare's codes: 521 refused, 524 no answer in time, 520 anything else."""
        try:
            answer = await self._client.request(method, url, headers=headers, content=body, timeout=ORIGIN_TIMEOUT_S)
        except httpx.ConnectError:
            return PlainTextResponse("error code: 521", 521)
        except httpx.TimeoutException:
            return PlainTextResponse("error code: 524", 524)
        except httpx.HTTPError:
            return PlainTextResponse("error code: 520", 520)
        headers = {"cache-tag": answer.headers["cache-tag"]} if "cache-tag" in answer.headers else {}
        return Response(answer.content, answer.status_code, headers, answer.headers.get("content-type"))
