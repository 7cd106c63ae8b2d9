"""Slack's two ways in: the webhook, which answers in plain text, and the Web API, which answers 200 for nearly all.

About a message a second, with short bursts; whoever is faster is answered 429 with `Retry-After` in whole seconds.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route as Path

from npconsole.sim.bucket import Bucket
from npconsole.sim.clock import Clock
from npconsole.sim.fault import SLACK, Kind
from npconsole.sim.record import Record
from npconsole.sim.slack.workspace import CHANNEL, CHANNEL_NAME, Message, RefusedError, Workspace
from npconsole.sim.trouble import Trouble

PATH = "/api"
BURST = 10
PER_SECOND = 1.0
WEBHOOK_STATUS = {
    "channel_is_archived": 410,
    "channel_not_found": 404,
    "invalid_token": 403,
    "no_service": 404,
}
"""Statuses of the webhook's error words; 400 for every other."""
SAID = {200: "action_prohibited", 429: "rate_limited", 503: "service_unavailable", 504: "request_timeout"}
ERRORS = {200: "internal_error", 429: "ratelimited", 503: "service_unavailable", 504: "request_timeout"}


@dataclass(frozen=True, slots=True)
class Secrets:
    """The bot's token, and the webhook's path below `/services`."""

    token: str
    webhook: str


class SlackApi:
    """Slack's app."""

    def __init__(self, workspace: Workspace, secrets: Secrets, trouble: Trouble, clock: Clock, record: Record) -> None:
        self._workspace = workspace
        self._secrets = secrets
        self._trouble = trouble
        self._clock = clock
        self._record = record
        self._bucket = Bucket(BURST, PER_SECOND)
        self.app = Starlette(
            routes=[
                Path("/services/{team}/{hook}/{token}", self._webhook, methods=["POST"]),
                Path(f"{PATH}/chat.postMessage", self._method("chat.postMessage", self._post), methods=["POST"]),
                Path(f"{PATH}/chat.update", self._method("chat.update", self._update), methods=["POST"]),
            ]
        )

    async def _webhook(self, request: Request) -> Response:
        path = "/".join(request.path_params[part] for part in ("team", "hook", "token"))
        body = _object(await request.body())
        self._record.write(SLACK, "webhook", "a message")

        def effect() -> Response:
            try:
                self._check_webhook(path)
                if body is None:
                    raise RefusedError("invalid_payload")
                self._workspace.post(body, by="webhook")
            except RefusedError as error:
                return PlainTextResponse(error.code, WEBHOOK_STATUS.get(error.code, 400))
            return PlainTextResponse("ok")

        return await self._serve(request, effect, webhook_refusal)

    def _check_webhook(self, path: str) -> None:
        known = self._secrets.webhook
        if Kind.ARCHIVED in self._trouble.faults():
            raise RefusedError("channel_is_archived")
        if Kind.REVOKED in self._trouble.faults() or (path != known and _place(path) == _place(known)):
            raise RefusedError("invalid_token")
        if path != known:
            raise RefusedError("no_service")

    def _method(self, name: str, handler: Callable[[Mapping[str, Any]], Message]) -> Callable[..., Any]:
        async def handle(request: Request) -> Response:
            body = _object(await request.body())
            self._record.write(SLACK, "bot", name)

            def effect() -> Response:
                try:
                    self._check_bot(request)
                    if body is None:
                        raise RefusedError("invalid_json")
                    message = handler(body)
                except RefusedError as error:
                    return JSONResponse({"ok": False, "error": error.code})
                said = {"text": message.text, "ts": message.stamp, "bot_id": "B0NPCONSOLE", "type": "message"}
                return JSONResponse({"ok": True, "channel": CHANNEL, "ts": message.stamp, "message": said})

            return await self._serve(request, effect, method_refusal)

        return handle

    def _check_bot(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise RefusedError("not_authed")
        if Kind.REVOKED in self._trouble.faults():
            raise RefusedError("token_revoked")
        if token != self._secrets.token:
            raise RefusedError("invalid_auth")
        if Kind.ARCHIVED in self._trouble.faults():
            raise RefusedError("is_archived")

    def _post(self, body: Mapping[str, Any]) -> Message:
        if body.get("channel") not in (CHANNEL, CHANNEL_NAME):
            raise RefusedError("channel_not_found")
        return self._workspace.post(body, by="bot", thread=str(body.get("thread_ts") or ""))

    def _update(self, body: Mapping[str, Any]) -> Message:
        """Unlike posting, this takes the channel's id only."""
        if body.get("channel") != CHANNEL:
            raise RefusedError("channel_not_found")
        return self._workspace.update(str(body.get("ts") or ""), body)

    async def _serve(
        self,
        request: Request,
        effect: Callable[[], Response],
        refusal: Callable[[int, Mapping[str, str]], Response],
    ) -> Response:
        wait_s = self._bucket.take(1, self._clock.monotonic_s())
        if wait_s > 0:
            return refusal(429, {"retry-after": str(math.ceil(wait_s))})
        return await self._trouble.serve(request, effect, refusal, writes=True)


def webhook_refusal(status: int, headers: Mapping[str, str]) -> Response:
    """The webhook's no, in plain text."""
    return PlainTextResponse(SAID[status], status, dict(headers))


def method_refusal(status: int, headers: Mapping[str, str]) -> Response:
    """The Web API's no."""
    return JSONResponse({"ok": False, "error": ERRORS[status]}, status, dict(headers))


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _place(path: str) -> str:
    return path.rpartition("/")[0]
