"""`POST /v2/enqueue` and `/v2/change/enqueue`: 202 for what is accepted, whatever becomes of it.

About 120 events in any 60 seconds for a key; 429 without `Retry-After` beyond that.
"""

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Path

from npconsole.sim.clock import Clock
from npconsole.sim.fault import PAGERDUTY, Kind
from npconsole.sim.pagerduty.event import alert_problems, change_problems
from npconsole.sim.pagerduty.service import PagerService
from npconsole.sim.record import Record
from npconsole.sim.trouble import Trouble

EVENTS = 120
WINDOW_S = 60.0
BODY_LIMIT = 512 * 1024
REFUSALS = {
    200: ("invalid event", "Event object is invalid"),
    429: ("throttle exceeded", "Requests for this service are arriving too quickly. Please retry later."),
    503: ("error", "Service unavailable"),
    504: ("error", "Gateway timeout"),
}


class PagerDutyApi:
    """PagerDuty's app. `routing_key` is the one that is known."""

    def __init__(self, service: PagerService, routing_key: str, trouble: Trouble, clock: Clock, record: Record) -> None:
        self._service = service
        self._routing_key = routing_key
        self._trouble = trouble
        self._clock = clock
        self._record = record
        self._sent: deque[float] = deque()
        self.app = Starlette(
            routes=[
                Path("/v2/enqueue", self._enqueue, methods=["POST"]),
                Path("/v2/change/enqueue", self._change, methods=["POST"]),
            ]
        )

    async def _enqueue(self, request: Request) -> Response:
        def accept(event: Mapping[str, Any]) -> Response:
            key = self._service.take(event["event_action"], event.get("dedup_key") or "", event.get("payload") or {})
            return JSONResponse({"status": "success", "message": "Event processed", "dedup_key": key}, 202)

        return await self._serve(request, "an event", alert_problems, accept)

    async def _change(self, request: Request) -> Response:
        def accept(event: Mapping[str, Any]) -> Response:
            self._service.change(event["payload"])
            return JSONResponse({"status": "success", "message": "Change event processed"}, 202)

        return await self._serve(request, "a change event", change_problems, accept)

    async def _serve(
        self,
        request: Request,
        what: str,
        problems_of: Callable[[Mapping[str, Any]], Sequence[str]],
        accept: Callable[[Mapping[str, Any]], Response],
    ) -> Response:
        self._record.write(PAGERDUTY, "npconsole", what)
        body = await request.body()

        def effect() -> Response:
            event = _object(body)
            problems = ["The body is not a JSON object"] if event is None else list(problems_of(event))
            if event is not None and not problems and not self._knows(event["routing_key"]):
                problems = ["Invalid routing key"]
            if event is None or problems or len(body) > BODY_LIMIT:
                return _invalid(problems or ["The body is too large"])
            return accept(event)

        if self._is_throttled():
            return refusal(429, {})
        return await self._trouble.serve(request, effect, refusal, writes=True)

    def _knows(self, routing_key: str) -> bool:
        return routing_key == self._routing_key and Kind.REVOKED not in self._trouble.faults()

    def _is_throttled(self) -> bool:
        now_s = self._clock.monotonic_s()
        while self._sent and self._sent[0] <= now_s - WINDOW_S:
            self._sent.popleft()
        if len(self._sent) >= EVENTS:
            return True
        self._sent.append(now_s)
        return False


def refusal(status: int, headers: Mapping[str, str]) -> Response:
    """PagerDuty's no."""
    word, message = REFUSALS[status]
    return JSONResponse({"status": word, "message": message}, status, dict(headers))


def _invalid(problems: Sequence[str]) -> Response:
    return JSONResponse({"status": "invalid event", "message": "Event object is invalid", "errors": problems}, 400)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
