"""The endpoint that SDKs send envelopes to: `POST /api/{project_id}/envelope/`."""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from npconsole.sim.clock import Clock
from npconsole.sim.sentry.envelope import EnvelopeError, TooLargeError, events, unpack
from npconsole.sim.sentry.event import received
from npconsole.sim.sentry.store import Project, Store

BODY_BYTES = 1_000_000
_KEY = re.compile(r"sentry_key=([0-9a-zA-Z]+)")


class Ingest:
    """Takes envelopes into a store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def envelope(self, request: Request) -> Response:
        """200 with the id of the last event; 401 for a wrong key, 400 for nonsense, 413 for too much."""
        project = self._store.project(request.path_params["project_id"])
        if project is None or not self._has_key(request, project):
            return JSONResponse({"detail": "bad sentry DSN public key"}, 401)
        try:
            body = await _bounded_body(request)
            plain = unpack(body, request.headers.get("content-encoding", "").strip().lower())
            ids = [self._add(payload, project) for payload in events(plain)]
        except TooLargeError as error:
            return JSONResponse({"detail": str(error)}, 413)
        except EnvelopeError as error:
            return JSONResponse({"detail": str(error)}, 400)
        return JSONResponse({"id": ids[-1]} if ids else {})

    def _add(self, payload: dict[str, object], project: Project) -> str:
        wall, now_s = self._clock.wall(), self._clock.now_s()
        event = received(payload, project.slug, self._store.events, wall, now_s)
        self._store.add(event)
        return event.id

    def _has_key(self, request: Request, project: Project) -> bool:
        match = _KEY.search(request.headers.get("x-sentry-auth", ""))
        key = match[1] if match else request.query_params.get("sentry_key", "")
        return key == project.key


async def _bounded_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            raise TooLargeError(f"more than {BODY_BYTES} bytes")
    return bytes(body)
