from typing import Any

import pytest

from npconsole.controls.slack import SlackAccess, SlackBot
from npconsole.errors import (
    BadAnswerError,
    DeclinedError,
    LimitedError,
    NpconsoleError,
    ServerError,
    UnauthorisedError,
    UnreachableError,
)
from npconsole.model.notice import NoticeKind, Receipt
from npconsole.net.http import Http
from tests.controls.notices import NOTICE, notice
from tests.controls.script import CLOSED, REFUSED, RESET, TOKEN, Answer, Break, Call, Clock, Hang, played, token

POST, UPDATE = "/api/chat.postMessage", "/api/chat.update"
REFERENCE = "C0123456789/1718000000.000100"
OK = {"ok": True, "channel": "C0123456789", "ts": "1718000000.000100", "message": {"text": "x"}}


def bot(http: Http, deadline_s: float = 5.0) -> SlackBot:
    access = SlackAccess("https://slack.test/api", "#on-call", token)
    return SlackBot(http, access, deadline_s=deadline_s, clock=Clock())


def post(then: Answer | Break | Hang) -> Call:
    return Call("POST", POST, then, headers={"authorization": f"Bearer {TOKEN}"})


async def test_the_first_message_gives_the_reference_of_the_thread() -> None:
    async with played(post(Answer(OK))) as (http, script):
        receipt = await bot(http).send(NOTICE, "")
    assert receipt == Receipt(REFERENCE, "200 ok, message 1718000000.000100 in C0123456789")
    (body,) = script.sent
    assert body["channel"] == "#on-call"
    assert "thread_ts" not in body
    assert script.fresh == [True]


async def test_news_go_into_the_thread() -> None:
    async with played(post(Answer(OK))) as (http, script):
        await bot(http).send(notice(NoticeKind.UPDATE), REFERENCE)
    assert (script.sent[0]["channel"], script.sent[0]["thread_ts"]) == ("C0123456789", "1718000000.000100")


async def test_the_end_is_written_over_the_first_message_and_told_in_the_thread() -> None:
    async with played(Call("POST", UPDATE, Answer(OK)), post(Answer(OK))) as (http, script):
        await bot(http).send(notice(NoticeKind.RESOLVE, summary="resolved after 12 min: x"), REFERENCE)
    update, reply = script.sent
    assert (update["ts"], update["text"]) == ("1718000000.000100", "● resolved after 12 min: x")
    assert reply["thread_ts"] == "1718000000.000100"


async def test_a_message_too_old_to_edit_keeps_nothing_back() -> None:
    refused = Call("POST", UPDATE, Answer({"ok": False, "error": "edit_window_closed"}))
    async with played(refused, post(Answer(OK))) as (http, _):
        await bot(http).send(notice(NoticeKind.RESOLVE), REFERENCE)


async def test_without_its_thread_it_is_a_message_of_its_own() -> None:
    gone = post(Answer({"ok": False, "error": "thread_not_found"}))
    async with played(gone, post(Answer(OK))) as (http, script):
        await bot(http).send(notice(NoticeKind.UPDATE), REFERENCE)
    assert [("thread_ts" in body, body["channel"]) for body in script.sent] == [
        (True, "C0123456789"),
        (False, "#on-call"),
    ]


@pytest.mark.parametrize("reference", ["", "nonsense", "C1/../x", "prod/us-east"])
async def test_a_reference_that_is_none_is_not_used(reference: str) -> None:
    async with played(post(Answer(OK))) as (http, script):
        await bot(http).send(notice(NoticeKind.RESOLVE), reference)
    assert "thread_ts" not in script.sent[0]


@pytest.mark.parametrize(
    ("then", "kind"),
    [
        (Answer({"ok": False, "error": "channel_not_found"}), DeclinedError),
        (Answer({"ok": False, "error": "is_archived"}), DeclinedError),
        (Answer({"ok": False, "error": "no_text"}), DeclinedError),
        (Answer({"ok": False, "error": "some_new_word"}), DeclinedError),
        (Answer({"ok": False}), DeclinedError),
        (Answer({"ok": False, "error": "invalid_auth"}), UnauthorisedError),
        (Answer({"ok": False, "error": "token_revoked"}), UnauthorisedError),
        (Answer({"ok": False, "error": "missing_scope"}), UnauthorisedError),
        (Answer({"ok": False, "error": "ratelimited"}, 200, {"retry-after": "7"}), LimitedError),
        (Answer({"ok": False, "error": "ratelimited"}, 429, {"retry-after": "7"}), LimitedError),
        (Answer({"ok": False, "error": "internal_error"}), ServerError),
        (Answer({"ok": False, "error": "service_unavailable"}, 503), ServerError),
        (Answer(b"", 500), ServerError),
        (Answer(b"<html>portal</html>"), BadAnswerError),
        (Answer(b""), BadAnswerError),
        (Answer([]), BadAnswerError),
        (Answer({"ok": "yes"}), BadAnswerError),
        (Answer(b"", 302, {"location": "https://evil.test"}), BadAnswerError),
        (Answer({}, 408), BadAnswerError),
        (Answer({}, 404), DeclinedError),
        (REFUSED, UnreachableError),
        (RESET, UnreachableError),
        (CLOSED, UnreachableError),
    ],
)
async def test_every_answer_has_its_meaning(then: Answer | Break, kind: type[NpconsoleError]) -> None:
    async with played(post(then)) as (http, _):
        with pytest.raises(NpconsoleError) as caught:
            await bot(http).send(NOTICE, "")
    assert type(caught.value) is kind or (kind is DeclinedError and isinstance(caught.value, kind))
    assert TOKEN not in f"{caught.value.message}{caught.value.hint}"
    assert "Slack" in caught.value.message
    if isinstance(caught.value, LimitedError):
        assert caught.value.retry_after_s == 7.0


async def test_no_answer_ends_in_time() -> None:
    async with played(post(Hang())) as (http, _):
        with pytest.raises(UnreachableError):
            await bot(http, deadline_s=0.05).send(NOTICE, "")


async def test_a_strangers_reference_is_not_kept() -> None:
    odd: dict[str, Any] = {**OK, "channel": "C1\x1b[31m", "ts": "../../x"}
    async with played(post(Answer(odd))) as (http, _):
        receipt = await bot(http).send(NOTICE, "")
    assert receipt.reference == ""
    assert "\x1b" not in receipt.answer
