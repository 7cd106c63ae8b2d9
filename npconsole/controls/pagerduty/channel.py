"""PagerDuty as a channel. 202 means accepted, not that anybody was paged; the same event twice is one alert."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from npconsole.controls.pagerduty.event import alert, change
from npconsole.controls.shape import shaped
from npconsole.controls.status import accepted
from npconsole.errors import BadAnswerError, DeclinedError, SecretError
from npconsole.model.clock import Clock
from npconsole.model.notice import Notice, NoticeKind, Receipt, Severity
from npconsole.model.secret import Secret
from npconsole.net.answer import Answer, decode_json
from npconsole.net.http import Http
from npconsole.net.offload import offload
from npconsole.net.text import clean

WHAT = "PagerDuty"
SETTING = "pagerduty.routing_key"
PAUSE_S = 0.5
"""About 120 events a minute for a key. https://developer.pagerduty.com/docs/events-api-v2-overview"""
_KEY = re.compile(r"[A-Za-z0-9]{32}")


class _Reply(msgspec.Struct, frozen=True):
    status: str
    message: str = ""
    dedup_key: str = ""


class _Refusal(msgspec.Struct, frozen=True):
    status: str = ""
    message: str = ""
    errors: list[str] = msgspec.field(default_factory=list)


class PagerDuty:
    """A Channel. Its references are the keys of the incidents."""

    name = "pagerduty"
    remark = ""
    pause_s = PAUSE_S

    def __init__(
        self, http: Http, *, url: str, routing_key: Callable[[], Secret], deadline_s: float, clock: Clock
    ) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._routing_key = routing_key
        self._deadline_s = deadline_s
        self._clock = clock

    async def send(self, notice: Notice, reference: str) -> Receipt:
        """Send it. A test opens an incident of severity info and resolves it at once."""
        key = _checked(await offload(self._routing_key, name=f"secret {SETTING}"))
        if notice.kind is NoticeKind.CHANGE:
            return await self._send("/v2/change/enqueue", change(notice, key))
        if notice.kind is NoticeKind.TEST:
            opened = await self._send("/v2/enqueue", alert(replace(notice, severity=Severity.INFO), key))
            closed = await self._send("/v2/enqueue", alert(replace(notice, kind=NoticeKind.RESOLVE), key))
            return Receipt(opened.reference, f"trigger: {opened.answer}; resolve: {closed.answer}")
        return await self._send("/v2/enqueue", alert(notice, key))

    async def _send(self, path: str, body: Mapping[str, Any]) -> Receipt:
        answer = await self._http.request(
            "POST", self._url + path, what=WHAT, deadline_s=self._deadline_s, json=dict(body), fresh=True
        )
        try:
            accepted(answer, what=WHAT, setting=SETTING, wall=self._clock.wall(), hint=f"look at {SETTING}")
        except DeclinedError as error:
            raise DeclinedError(f"{error.message}{_reasons(answer)}", hint=error.hint) from None
        if answer.status != 202:
            raise BadAnswerError(f"{WHAT}: {answer.status}, which does not say that the event was accepted")
        reply = shaped(decode_json(answer, what=WHAT), _Reply, what=WHAT)
        if reply.status != "success":
            raise DeclinedError(f"{WHAT}: 202, but {clean(reply.status, limit=80)}: {clean(reply.message, limit=200)}")
        return Receipt(clean(reply.dedup_key, limit=255), f"202 {clean(reply.message, limit=200) or reply.status}")


def _checked(key: Secret) -> str:
    value = key.reveal()
    if _KEY.fullmatch(value) is None:
        raise SecretError(
            f"{SETTING} is not an integration key of 32 letters and digits",
            hint="take it from the Events API v2 integration of the service in PagerDuty",
        )
    return value


def _reasons(answer: Answer) -> str:
    """What a 400 says was wrong with the event; empty for other answers."""
    try:
        refusal = shaped(decode_json(answer, what=WHAT), _Refusal, what=WHAT)
    except BadAnswerError:
        return ""
    return "".join(f"; {clean(reason, limit=120)}" for reason in refusal.errors[:3])
