"""Slack by an incoming webhook. It answers in plain text, says nothing of the message it made, and knows no threads."""

from collections.abc import Callable
from urllib.parse import urlsplit

from npconsole.controls.slack.message import message
from npconsole.controls.status import accepted
from npconsole.errors import BadAnswerError, DeclinedError, SecretError
from npconsole.model.clock import Clock
from npconsole.model.notice import Notice, Receipt
from npconsole.model.secret import Secret
from npconsole.net.answer import looks_like
from npconsole.net.http import Http
from npconsole.net.offload import offload
from npconsole.net.text import clean

WHAT = "Slack webhook"
SETTING = "slack.webhook"
PAUSE_S = 1.0
"""About a message a second. https://docs.slack.dev/apis/web-api/rate-limits"""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_REFUSALS = frozenset(
    {
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "invalid_blocks",
        "invalid_payload",
        "no_service",
        "no_text",
        "user_not_found",
    }
)


class SlackWebhook:
    """A Channel. The address is the secret: it stands in no message and goes to its own host only."""

    name = "slack"
    remark = "a webhook cannot keep threads: each update is a message of its own (slack.token can)"
    pause_s = PAUSE_S

    def __init__(self, http: Http, address: Callable[[], Secret], *, deadline_s: float, clock: Clock) -> None:
        self._http = http
        self._address = address
        self._deadline_s = deadline_s
        self._clock = clock

    async def send(self, notice: Notice, reference: str) -> Receipt:
        address = _checked(await offload(self._address, name=f"secret {SETTING}"))
        answer = await self._http.request(
            "POST", address.reveal(), what=WHAT, deadline_s=self._deadline_s, json=message(notice), fresh=True
        )
        accepted(answer, what=WHAT, setting=SETTING, wall=self._clock.wall(), hint=f"look at {SETTING}")
        said = clean(answer.body.strip(), limit=80)
        if answer.status == 200 and said == "ok":
            return Receipt("", "200 ok")
        if said in _REFUSALS:
            raise DeclinedError(f"{WHAT}: {answer.status} {said}", hint=f"look at {SETTING}")
        kind = looks_like(answer.body)
        raise BadAnswerError(f"{WHAT}: {answer.status}, but the answer is {said if kind == 'text' else kind}, not ok")


def _checked(address: Secret) -> Secret:
    parts = urlsplit(address.reveal())
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not address.is_token or not safe or not parts.hostname or not parts.path.strip("/"):
        raise SecretError(
            f"{SETTING} is not the address of a webhook", hint="it begins with https://hooks.slack.com/services/"
        )
    return address
