"""Configuration to channels, and an incident told by them to the simulated vendors."""

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from npconsole.config.schema import Config, convert
from npconsole.errors import DeclinedError, LimitedError, NpconsoleError, ServerError, UnauthorisedError
from npconsole.model.notice import Channel, Notice, NoticeKind, Receipt, Severity
from npconsole.net.http import Http
from npconsole.net.redact import Redactor
from npconsole.net.secrets import Secrets
from npconsole.sim.agenda import Agenda
from npconsole.sim.fault import PAGERDUTY, SLACK, Fault, Kind
from npconsole.sim.pagerduty.api import PagerDutyApi
from npconsole.sim.pagerduty.service import PagerService
from npconsole.sim.record import Record
from npconsole.sim.slack.api import Secrets as SlackSecrets
from npconsole.sim.slack.api import SlackApi
from npconsole.sim.slack.workspace import Workspace
from npconsole.sim.trouble import Trouble
from npconsole.wiring.memory import Stores
from npconsole.wiring.notifying import build_channels, build_drainer, lines_since
from tests.controls.notices import notice
from tests.sim.fakeclock import FakeClock
from tests.sources.clock import HandClock
from tests.wiring.outboxes import opened, quick_folder, renamed

SERVICES = [{"name": "api", "regions": [{"name": "us-east", "origin": "https://us-east.test"}]}]
TOKEN, KEY, WEBHOOK = "xoxb-hunter2hunter2", "0123456789abcdef0123456789abcdef", "T0/B0/hunter2hunter2"
ENVIRON = {"TOKEN": TOKEN, "KEY": KEY, "HOOK": f"http://127.0.0.1:1/services/{WEBHOOK}", "MAIL": "json://ops.test"}
SLACK_BOT = {"url": "http://127.0.0.1:1/api", "token": {"env": "TOKEN"}, "channel": "#on-call"}
SLACK_HOOK = {"webhook": {"env": "HOOK"}}
PAGER = {"url": "http://127.0.0.1:2", "routing_key": {"env": "KEY"}}


class Vendors(httpx.AsyncBaseTransport):
    """Both simulated vendors behind their ports; `clock` is theirs."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.faults: dict[str, dict[Kind, Fault]] = {SLACK: {}, PAGERDUTY: {}}
        record, agenda = Record(self.clock), Agenda(self.clock)
        self.workspace, self.pager = Workspace(self.clock), PagerService(self.clock)
        slack = Trouble(lambda: self.faults[SLACK], agenda, self.clock)
        pagerduty = Trouble(lambda: self.faults[PAGERDUTY], agenda, self.clock)
        secrets = SlackSecrets(token=TOKEN, webhook=WEBHOOK)
        self._transports = {
            1: httpx.ASGITransport(SlackApi(self.workspace, secrets, slack, self.clock, record).app),
            2: httpx.ASGITransport(PagerDutyApi(self.pager, KEY, pagerduty, self.clock, record).app),
        }

    def break_(self, vendor: str, kind: Kind) -> None:
        self.faults[vendor] = {kind: Fault(vendor, kind, 0.0, None)}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.clock.at_s += 1.0
        return await self._transports[request.url.port or 0].handle_async_request(request)


@dataclass(frozen=True, slots=True)
class Quick:
    """A channel without its pause."""

    channel: Channel
    pause_s: float = 0.0
    remark: str = ""

    @property
    def name(self) -> str:
        return self.channel.name

    async def send(self, notice: Notice, reference: str) -> Receipt:
        return await self.channel.send(notice, reference)


def config(**blocks: Any) -> Config:
    return convert({"services": SERVICES, **blocks})


@asynccontextmanager
async def telling(vendors: Vendors, blocks: Mapping[str, Any]) -> AsyncIterator[tuple[Channel, ...]]:
    """The channels of a configuration, with no pause between their messages."""
    async with Http(transport=vendors, now=time.monotonic) as http:
        secrets = Secrets(environ=ENVIRON, redactor=Redactor())
        yield build_channels(config(**blocks), http=http, secrets=secrets, clock=HandClock())


@pytest.fixture
def stores() -> Iterator[Stores]:
    with quick_folder() as folder:
        made = opened(folder / "memory.db", HandClock())
        yield made
        made.close()


async def test_what_is_not_configured_is_not_there() -> None:
    async with telling(Vendors(), {}) as channels:
        assert channels == ()
    other = [{"name": "mail", "url": {"env": "MAIL"}}]
    async with telling(Vendors(), {"slack": SLACK_BOT, "pagerduty": PAGER, "channels": other}) as channels:
        assert [channel.name for channel in channels] == ["slack", "pagerduty", "mail"]


async def test_the_bot_goes_before_the_webhook() -> None:
    async with telling(Vendors(), {"slack": {**SLACK_BOT, **SLACK_HOOK}}) as (slack,):
        assert slack.remark == ""
    async with telling(Vendors(), {"slack": SLACK_HOOK}) as (slack,):
        assert "threads" in slack.remark


LIFE = (
    (NoticeKind.TRIGGER, "us-east: p95 912 ms <!channel>"),
    (NoticeKind.UPDATE, "restart us-east by heal begins"),
    (NoticeKind.ACKNOWLEDGE, "anna has it"),
    (NoticeKind.RESOLVE, "resolved after 12 min: us-east: p95 912 ms"),
)


async def test_an_incident_is_one_thread_whose_first_message_says_the_end(stores: Stores) -> None:
    vendors = Vendors()
    async with telling(vendors, {"slack": SLACK_BOT}) as channels:
        await tell(stores, channels)
    first, *rest = vendors.workspace.messages
    assert first.text == "● resolved after 12 min: us-east: p95 912 ms"
    assert first.first_text == "▲ warning: us-east: p95 912 ms &lt;!channel&gt;"
    assert (first.edits, first.thread) == (1, "")
    assert [(each.thread, each.text) for each in rest] == [
        (first.stamp, "› restart us-east by heal begins"),
        (first.stamp, "◌ acknowledged: anna has it"),
        (first.stamp, "● resolved after 12 min: us-east: p95 912 ms"),
    ]


async def test_by_a_webhook_it_is_four_messages(stores: Stores) -> None:
    vendors = Vendors()
    async with telling(vendors, {"slack": SLACK_HOOK}) as channels:
        await tell(stores, channels)
    assert [(each.thread, each.by) for each in vendors.workspace.messages] == [("", "webhook")] * 4


async def test_pagerduty_has_one_alert_from_trigger_to_resolve(stores: Stores) -> None:
    vendors = Vendors()
    async with telling(vendors, {"pagerduty": PAGER}) as channels:
        await tell(stores, channels)
        await tell(stores, channels, number=10)
    first, second = vendors.pager.alerts
    assert (first.key, second.key) == ("prod/us-east/latency", "prod/us-east/latency")
    assert first.events == ["trigger", "trigger", "acknowledge", "resolve"]
    assert (first.status, second.status, vendors.pager.dropped) == ("resolved", "resolved", 0)


async def tell(stores: Stores, channels: tuple[Channel, ...], *, number: int = 0) -> None:
    """The life of an incident, through the outbox."""
    told = [
        replace(renamed(notice(kind), id=f"{number}-{kind}", summary=summary), channel=channels[0].name)
        for kind, summary in LIFE
    ]
    stores.outbox.put(told)
    secrets = Secrets(environ=ENVIRON, redactor=Redactor())
    quick = [Quick(channel) for channel in channels]
    draining = build_drainer(
        config(),
        channels=quick,
        outbox=stores.outbox,
        secrets=secrets,
        clock=HandClock(),
    )
    await draining.once(within_s=20.0)
    assert draining.deliveries(stores.outbox.counts())[0].pending == 0


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Kind.VENDOR_429, LimitedError),
        (Kind.VENDOR_429_DATE, LimitedError),
        (Kind.VENDOR_429_BARE, LimitedError),
        (Kind.VENDOR_429_NEGATIVE, LimitedError),
        (Kind.VENDOR_429_HUGE, LimitedError),
        (Kind.ERRORS, ServerError),
        (Kind.ERROR_BEFORE, ServerError),
        (Kind.ERROR_AFTER, ServerError),
        (Kind.REVOKED, UnauthorisedError),
        (Kind.ARCHIVED, DeclinedError),
    ],
)
@pytest.mark.parametrize("slack", [SLACK_BOT, SLACK_HOOK], ids=["bot", "webhook"])
async def test_slacks_troubles(fault: Kind, error: type[NpconsoleError], slack: dict[str, Any]) -> None:
    vendors = Vendors()
    vendors.break_(SLACK, fault)
    async with telling(vendors, {"slack": slack}) as (channel,):
        with pytest.raises(error) as caught:
            await channel.send(notice(NoticeKind.TRIGGER), "")
    assert "hunter2" not in caught.value.message
    if isinstance(caught.value, LimitedError):
        assert caught.value.retry_after_s is None or 1 <= caught.value.retry_after_s <= 900


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Kind.VENDOR_429_BARE, LimitedError),
        (Kind.ERRORS, ServerError),
        (Kind.REVOKED, DeclinedError),
    ],
)
async def test_pagerdutys_troubles(fault: Kind, error: type[NpconsoleError]) -> None:
    vendors = Vendors()
    vendors.break_(PAGERDUTY, fault)
    async with telling(vendors, {"pagerduty": PAGER}) as (channel,):
        with pytest.raises(error):
            await channel.send(notice(NoticeKind.TRIGGER, severity=Severity.CRITICAL), "")
    assert vendors.pager.alerts == []


def test_old_lines_of_the_audit_are_read_over(stores: Stores) -> None:
    for number in range(5):
        stores.journal.audit("note", actor="anna", target="us-east", data={"number": number})
    wall = HandClock().wall()
    lines, until = lines_since(stores.journal, 0, oldest_wall=wall)
    assert ([line.sequence for line in lines], until) == ([1, 2, 3, 4, 5, 6], 6)
    assert lines_since(stores.journal, 4, oldest_wall=wall)[0][0].sequence == 5
    assert lines_since(stores.journal, 0, oldest_wall=wall + 60) == ((), 6)
    assert lines_since(stores.journal, 6, oldest_wall=wall) == ((), 6)
