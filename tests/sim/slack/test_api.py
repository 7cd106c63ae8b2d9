"""Slack's answers, asked without sockets."""

from typing import Any

import httpx
import pytest

from npconsole.sim.agenda import Agenda
from npconsole.sim.fault import SLACK, Fault, Kind
from npconsole.sim.record import Record
from npconsole.sim.slack.api import Secrets, SlackApi
from npconsole.sim.slack.blocks import block_problem
from npconsole.sim.slack.workspace import CHANNEL, CHANNEL_NAME, Workspace
from npconsole.sim.trouble import Trouble
from tests.sim.fakeclock import FakeClock

HOOK = "/services/T1/B1/secret"
BEARER = {"authorization": "Bearer xoxb-1"}


class Bench:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.faults: dict[Kind, Fault] = {}
        self.workspace = Workspace(self.clock)
        trouble = Trouble(lambda: self.faults, Agenda(self.clock), self.clock)
        api = SlackApi(self.workspace, Secrets("xoxb-1", "T1/B1/secret"), trouble, self.clock, Record(self.clock))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(api.app), base_url="http://slack")

    def break_(self, kind: Kind) -> None:
        self.faults = {kind: Fault(SLACK, kind, 0.0, None)}

    async def hook(self, body: Any, path: str = HOOK) -> tuple[int, str]:
        answer = await self.client.post(path, json=body)
        return answer.status_code, answer.text

    async def call(self, method: str, headers: dict[str, str] = BEARER, **body: Any) -> Any:
        answer = await self.client.post(f"/api/{method}", json={"channel": CHANNEL, **body}, headers=headers)
        assert answer.status_code == 200
        return answer.json()


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_the_webhook_says_ok_in_plain_text(bench: Bench) -> None:
    answer = await bench.client.post(HOOK, json={"text": "hello"})
    assert (answer.status_code, answer.text, answer.headers["content-type"][:10]) == (200, "ok", "text/plain")
    assert [(message.text, message.by) for message in bench.workspace.messages] == [("hello", "webhook")]


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        ({}, HOOK, (400, "no_text")),
        ([], HOOK, (400, "invalid_payload")),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, HOOK, (400, "invalid_blocks")),
        ({"text": "x"}, "/services/T1/B1/other", (403, "invalid_token")),
        ({"text": "x"}, "/services/T1/B2/secret", (404, "no_service")),
    ],
)
async def test_the_webhooks_refusals(bench: Bench, body: Any, path: str, expected: tuple[int, str]) -> None:
    assert await bench.hook(body, path) == expected
    assert bench.workspace.messages == []


async def test_an_archived_channel_is_gone(bench: Bench) -> None:
    bench.break_(Kind.ARCHIVED)
    assert await bench.hook({"text": "x"}) == (410, "channel_is_archived")
    assert await bench.call("chat.postMessage", text="x") == {"ok": False, "error": "is_archived"}


async def test_the_bot_posts_answers_and_edits(bench: Bench) -> None:
    first = await bench.call("chat.postMessage", channel=CHANNEL_NAME, text="down")
    assert (first["ok"], first["channel"]) == (True, CHANNEL)
    await bench.call("chat.postMessage", text="news", thread_ts=first["ts"])
    await bench.call("chat.update", text="over", ts=first["ts"])
    assert [(each.text, each.first_text, each.thread) for each in bench.workspace.messages] == [
        ("over", "down", ""),
        ("news", "news", first["ts"]),
    ]


@pytest.mark.parametrize(
    ("method", "headers", "body", "error"),
    [
        ("chat.postMessage", {}, {"text": "x"}, "not_authed"),
        ("chat.postMessage", {"authorization": "Bearer no"}, {"text": "x"}, "invalid_auth"),
        ("chat.postMessage", BEARER, {"text": "x", "channel": "#other"}, "channel_not_found"),
        ("chat.postMessage", BEARER, {}, "no_text"),
        ("chat.postMessage", BEARER, {"text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", BEARER, {"text": "x", "thread_ts": "1.1"}, "thread_not_found"),
        ("chat.update", BEARER, {"text": "x", "ts": "1.1"}, "message_not_found"),
        ("chat.update", BEARER, {"text": "x", "ts": "1.1", "channel": CHANNEL_NAME}, "channel_not_found"),
    ],
)
async def test_the_bots_refusals_come_with_200(
    bench: Bench, method: str, headers: dict[str, str], body: dict[str, Any], error: str
) -> None:
    assert await bench.call(method, headers, **body) == {"ok": False, "error": error}


async def test_whoever_is_too_fast_is_told_when_to_come_back(bench: Bench) -> None:
    answers = [await bench.hook({"text": "x"}) for _ in range(11)]
    assert [status for status, _ in answers] == [200] * 10 + [429]
    answer = await bench.client.post("/api/chat.postMessage", json={}, headers=BEARER)
    assert (answer.status_code, answer.json()["error"], answer.headers["retry-after"]) == (429, "ratelimited", "1")
    bench.clock.at_s += 1.0
    assert await bench.hook({"text": "x"}) == (200, "ok")


@pytest.mark.parametrize(
    "block",
    [
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}},
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        {"type": "section"},
        {"type": "section", "text": {"type": "plain_text", "text": ""}},
        {"type": "section", "text": {"type": "plain_text", "text": "x", "verbatim": True}},
        {"type": "section", "fields": [{"type": "plain_text", "text": "x"}] * 11},
        {"type": "section", "fields": [{"type": "plain_text", "text": "x" * 2001}]},
        {"type": "context", "elements": []},
        "text",
    ],
)
def test_blocks_have_limits(block: Any) -> None:
    assert block_problem([block])
    assert block_problem([{"type": "divider"}] * 51)
    assert block_problem([{"type": "section", "text": {"type": "plain_text", "text": "x", "emoji": False}}]) == ""
