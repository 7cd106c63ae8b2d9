from typing import Any

import pytest

from npconsole.controls.pagerduty import PagerDuty
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
from npconsole.model.notice import NoticeKind, Severity
from npconsole.model.secret import Secret
from npconsole.net.http import Http
from npconsole.sim.pagerduty.event import alert_problems, change_problems
from tests.controls.notices import HOSTILE, NOTICE, notice
from tests.controls.script import CLOSED, REFUSED, RESET, Answer, Break, Call, Clock, Hang, played

KEY = "0123456789abcdef0123456789abcdef"
ENQUEUE, CHANGE = "/v2/enqueue", "/v2/change/enqueue"
OK = Answer({"status": "success", "message": "Event processed", "dedup_key": "prod/us-east/latency"}, 202)


def pager(http: Http, key: str = KEY, deadline_s: float = 5.0) -> PagerDuty:
    return PagerDuty(
        http, url="https://pagerduty.test", routing_key=lambda: Secret(key), deadline_s=deadline_s, clock=Clock()
    )


async def sent(kind: NoticeKind, path: str = ENQUEUE, **changes: Any) -> dict[str, Any]:
    async with played(Call("POST", path, OK)) as (http, script):
        await pager(http).send(notice(kind, **changes), "")
    body: dict[str, Any] = script.sent[0]
    return body


async def test_a_trigger_has_the_incidents_key_and_when_it_began() -> None:
    body = await sent(NoticeKind.TRIGGER, severity=Severity.CRITICAL, link="https://g.test/d")
    assert alert_problems(body) == []
    assert (body["event_action"], body["dedup_key"]) == ("trigger", "prod/us-east/latency")
    assert body["payload"] == {
        "summary": "us-east: p95 912 ms, above 400 ms",
        "source": "us-east",
        "severity": "critical",
        "timestamp": "2026-11-18T11:01:40.000+00:00",
        "component": "us-east",
        "class": "latency",
        "custom_details": {"key": "prod/us-east/latency", "watched from": "watcher", "environment": "prod"},
    }
    assert (body["client_url"], body["links"]) == (
        "https://g.test/d",
        [{"href": "https://g.test/d", "text": "dashboard"}],
    )


@pytest.mark.parametrize(("kind", "action"), [(NoticeKind.ACKNOWLEDGE, "acknowledge"), (NoticeKind.RESOLVE, "resolve")])
async def test_what_ends_it_has_the_same_key(kind: NoticeKind, action: str) -> None:
    assert await sent(kind) == {"routing_key": KEY, "event_action": action, "dedup_key": "prod/us-east/latency"}


@pytest.mark.parametrize(("severity", "word"), [("info", "info"), ("warning", "warning"), ("critical", "critical")])
async def test_severities(severity: str, word: str) -> None:
    assert (await sent(NoticeKind.TRIGGER, severity=Severity(severity)))["payload"]["severity"] == word


async def test_a_change_pages_nobody() -> None:
    body = await sent(NoticeKind.CHANGE, CHANGE, key="prod/us-east/restart", summary="restart us-east by heal")
    assert change_problems(body) == []
    assert (body["payload"]["summary"], body["payload"]["source"]) == ("restart us-east by heal", "us-east")
    assert "event_action" not in body


async def test_a_test_is_opened_mildly_and_closed_at_once() -> None:
    async with played(Call("POST", ENQUEUE, OK), Call("POST", ENQUEUE, OK)) as (http, script):
        receipt = await pager(http).send(notice(NoticeKind.TEST, severity=Severity.CRITICAL), "")
    opened, closed = script.sent
    assert (opened["event_action"], opened["payload"]["severity"]) == ("trigger", "info")
    assert (closed["event_action"], closed["dedup_key"]) == ("resolve", opened["dedup_key"])
    assert receipt.answer == "trigger: 202 Event processed; resolve: 202 Event processed"


@pytest.mark.parametrize("said", HOSTILE)
async def test_every_text_is_within_the_limits(said: str) -> None:
    facts = tuple((f"{number} {said}", said) for number in range(80))
    body = await sent(NoticeKind.TRIGGER, summary=said, key=f"prod/{said}/x", source=said, facts=facts, link=said)
    assert alert_problems(body) == []
    assert len(body["payload"]["custom_details"]) <= 50
    assert change_problems(await sent(NoticeKind.CHANGE, CHANGE, summary=said, facts=facts)) == []


async def test_long_keys_stay_two() -> None:
    one = await sent(NoticeKind.TRIGGER, key="prod/" + "x" * 300 + "1/errors")
    other = await sent(NoticeKind.TRIGGER, key="prod/" + "x" * 300 + "2/errors")
    assert one["dedup_key"] != other["dedup_key"]
    assert len(one["dedup_key"]) <= 255


@pytest.mark.parametrize(
    ("then", "kind"),
    [
        (Answer({"status": "invalid event", "message": "bad", "errors": ["no source", 3]}, 400), DeclinedError),
        (Answer({"status": "invalid event", "message": "bad", "errors": ["no source"]}, 400), DeclinedError),
        (Answer(b"", 400), DeclinedError),
        (Answer({}, 404), DeclinedError),
        (Answer({"status": "error", "message": "no"}, 202), DeclinedError),
        (Answer({}, 403), UnauthorisedError),
        (Answer({"status": "throttle exceeded"}, 429), LimitedError),
        (Answer({}, 500), ServerError),
        (Answer(b"<html>", 503, {"retry-after": "60"}), ServerError),
        (Answer(OK.body, 200), BadAnswerError),
        (Answer(b"<html>portal</html>", 202), BadAnswerError),
        (Answer([], 202), BadAnswerError),
        (Answer(b"", 302, {"location": "https://evil.test"}), BadAnswerError),
        (REFUSED, UnreachableError),
        (RESET, UnreachableError),
        (CLOSED, UnreachableError),
    ],
)
async def test_every_answer_has_its_meaning(then: Answer | Break, kind: type[NpconsoleError]) -> None:
    async with played(Call("POST", ENQUEUE, then)) as (http, _):
        with pytest.raises(NpconsoleError) as caught:
            await pager(http).send(NOTICE, "")
    assert type(caught.value) is kind
    assert KEY not in f"{caught.value.message}{caught.value.hint}"


async def test_the_reasons_of_a_refusal_are_told() -> None:
    refusal = Answer({"status": "invalid event", "message": "Event object is invalid", "errors": ["no source"]}, 400)
    async with played(Call("POST", ENQUEUE, refusal)) as (http, _):
        with pytest.raises(DeclinedError, match="400 Bad Request: Event object is invalid; no source"):
            await pager(http).send(NOTICE, "")


async def test_no_answer_ends_in_time() -> None:
    async with played(Call("POST", ENQUEUE, Hang())) as (http, _):
        with pytest.raises(UnreachableError):
            await pager(http, deadline_s=0.05).send(NOTICE, "")


@pytest.mark.parametrize("key", ["", "short", KEY + "0", KEY[:-1] + "/", "é" * 32])
async def test_what_is_no_routing_key_is_not_sent(key: str) -> None:
    async with played() as (http, _):
        with pytest.raises(SecretError) as caught:
            await pager(http, key).send(NOTICE, "")
    assert not key or key not in f"{caught.value.message}{caught.value.hint}"
