"""Slack by a bot: one message for an incident, everything else of it in its thread, and at the end the message says so.

Slack has no key by which a repeated message would be known: one whose answer is lost comes twice.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from npconsole.controls.slack.message import message
from npconsole.controls.slack.reply import NO_THREAD, Reply, SlackDeclinedError, read_reply
from npconsole.errors import DeclinedError
from npconsole.model.clock import Clock
from npconsole.model.notice import Notice, NoticeKind, Receipt
from npconsole.model.secret import Secret
from npconsole.net.http import Credential, Http
from npconsole.net.text import clean

WHAT = "Slack"
PAUSE_S = 1.0
"""About a message a second in a channel. https://docs.slack.dev/apis/web-api/rate-limits"""
_REFERENCE = re.compile(r"([A-Z0-9]{3,40})/(\d{1,20}\.\d{1,10})")


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """Where Slack's Web API is, the channel, and the bot's token."""

    url: str
    channel: str
    token: Callable[[], Secret]
    setting: str = "slack.token"


class SlackBot:
    """A Channel. References are `C0123456789/1718000000.000100`: the channel's id and the message's time stamp."""

    name = "slack"
    remark = ""
    pause_s = PAUSE_S

    def __init__(self, http: Http, access: SlackAccess, *, deadline_s: float, clock: Clock) -> None:
        self._http = http
        self._access = access
        self._deadline_s = deadline_s
        self._clock = clock
        self._credential = Credential(access.url, "authorization", "Bearer", access.token, access.setting)

    async def send(self, notice: Notice, reference: str) -> Receipt:
        """Post it. The end of an incident is first written over its first message, where people look."""
        thread = _REFERENCE.fullmatch(reference)
        body = message(notice)
        if thread is None:
            return _receipt(await self._post(body))
        channel, stamp = thread.groups()
        if notice.kind is NoticeKind.RESOLVE:
            with suppress(DeclinedError):  # too old to be edited, or deleted: the thread tells it all the same
                await self._call("chat.update", {**body, "channel": channel, "ts": stamp})
        try:
            reply = await self._post({**body, "channel": channel, "thread_ts": stamp})
        except SlackDeclinedError as error:
            if error.code not in NO_THREAD:
                raise
            reply = await self._post(body)
        return _receipt(reply)

    async def _post(self, body: Mapping[str, Any]) -> Reply:
        return await self._call("chat.postMessage", {"channel": self._access.channel, **body})

    async def _call(self, method: str, body: Mapping[str, Any]) -> Reply:
        answer = await self._http.request(
            "POST",
            f"{self._access.url.rstrip('/')}/{method}",
            what=WHAT,
            deadline_s=self._deadline_s,
            json=dict(body),
            credential=self._credential,
            fresh=True,
        )
        return read_reply(answer, what=WHAT, setting=self._access.setting, wall=self._clock.wall())


def _receipt(reply: Reply) -> Receipt:
    channel, stamp = clean(reply.channel, limit=40), clean(reply.ts, limit=40)
    reference = f"{channel}/{stamp}"
    known = _REFERENCE.fullmatch(reference) is not None
    return Receipt(reference if known else "", f"200 ok, message {stamp} in {channel}")
