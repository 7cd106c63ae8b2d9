import pytest

from npconsole.controls.slack import SlackWebhook
from npconsole.errors import (
    BadAnswerError,
    DeclinedError,
    LimitedError,
    NpconsoleError,
    SecretError,
    ServerError,
    UnauthorisedError,
    UnreachableError,
)
from npconsole.model.notice import NoticeKind, Receipt
from npconsole.model.secret import Secret
from npconsole.net.http import Http
from tests.controls.notices import NOTICE, notice
from tests.controls.script import CLOSED, REFUSED, Answer, Break, Call, Clock, Hang, played

PATH = "/services/T0/B0/hunter2hunter2"


def webhook(http: Http, address: str = f"https://hooks.slack.test{PATH}", deadline_s: float = 5.0) -> SlackWebhook:
    return SlackWebhook(http, lambda: Secret(address), deadline_s=deadline_s, clock=Clock())


async def test_ok_is_success_and_there_is_no_thread() -> None:
    async with played(Call("POST", PATH, Answer(b"ok"))) as (http, script):
        channel = webhook(http)
        assert await channel.send(notice(NoticeKind.UPDATE), "C0123456789/1.2") == Receipt("", "200 ok")
    assert script.sent[0]["text"] == "› us-east: p95 912 ms, above 400 ms"
    assert "thread_ts" not in script.sent[0]
    assert "thread" in channel.remark


@pytest.mark.parametrize(
    ("then", "kind"),
    [
        (Answer(b"invalid_payload", 400), DeclinedError),
        (Answer(b"no_service", 404), DeclinedError),
        (Answer(b"channel_is_archived", 410), DeclinedError),
        (Answer(b"action_prohibited", 403), UnauthorisedError),
        (Answer(b"invalid_token", 403), UnauthorisedError),
        (Answer(b"rate_limited", 429, {"retry-after": "30"}), LimitedError),
        (Answer(b"rollup_error", 500), ServerError),
        (Answer(b"invalid_payload", 200), DeclinedError),
        (Answer(b"<html>portal</html>", 200), BadAnswerError),
        (Answer(b"", 200), BadAnswerError),
        (Answer({"ok": True}, 200), BadAnswerError),
        (Answer(b"ok", 201), BadAnswerError),
        (Answer(b"", 408), BadAnswerError),
        (REFUSED, UnreachableError),
        (CLOSED, UnreachableError),
    ],
)
async def test_every_answer_has_its_meaning(then: Answer | Break, kind: type[NpconsoleError]) -> None:
    async with played(Call("POST", PATH, then)) as (http, _):
        with pytest.raises(NpconsoleError) as caught:
            await webhook(http).send(NOTICE, "")
    assert type(caught.value) is kind
    assert caught.value.hint or kind is not DeclinedError, "what is given up says what to do"
    assert "hunter2" not in f"{caught.value.message}{caught.value.hint}"
    if isinstance(caught.value, LimitedError):
        assert caught.value.retry_after_s == 30.0


async def test_no_answer_ends_in_time() -> None:
    async with played(Call("POST", PATH, Hang())) as (http, _):
        with pytest.raises(UnreachableError) as caught:
            await webhook(http, deadline_s=0.05).send(NOTICE, "")
    assert "hunter2" not in caught.value.message


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.slack.test/services/hunter2",
        "ftp://x/hunter2",
        "hunter2hunter2",
        "https://",
        "https://h.test",
        "https:// /x",
    ],
)
async def test_what_is_no_webhook_is_not_called(address: str) -> None:
    async with played() as (http, _):
        with pytest.raises(SecretError) as caught:
            await webhook(http, address).send(NOTICE, "")
    assert "hunter2" not in f"{caught.value.message}{caught.value.hint}"
