"""PagerDuty's answers, asked without sockets."""

from typing import Any

import httpx
import pytest

from npconsole.sim.agenda import Agenda
from npconsole.sim.fault import PAGERDUTY, Fault, Kind
from npconsole.sim.pagerduty.api import PagerDutyApi
from npconsole.sim.pagerduty.service import PagerService
from npconsole.sim.record import Record
from npconsole.sim.trouble import Trouble
from tests.sim.fakeclock import FakeClock

KEY = "0123456789abcdef0123456789abcdef"
PAYLOAD = {"summary": "us-east is down", "source": "us-east", "severity": "critical"}


class Bench:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.faults: dict[Kind, Fault] = {}
        self.service = PagerService(self.clock)
        trouble = Trouble(lambda: self.faults, Agenda(self.clock), self.clock)
        api = PagerDutyApi(self.service, KEY, trouble, self.clock, Record(self.clock))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(api.app), base_url="http://pagerduty")

    async def send(self, action: str, path: str = "/v2/enqueue", **event: Any) -> tuple[int, Any]:
        body = {"routing_key": KEY, "event_action": action, "payload": PAYLOAD, **event}
        answer = await self.client.post(path, json={name: value for name, value in body.items() if value is not None})
        return answer.status_code, answer.json()


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_one_open_alert_for_a_key(bench: Bench) -> None:
    for action in ("trigger", "trigger", "acknowledge", "resolve"):
        status, said = await bench.send(action, dedup_key="a/b")
        assert (status, said) == (202, {"status": "success", "message": "Event processed", "dedup_key": "a/b"})
    (alert,) = bench.service.alerts
    assert (alert.status, alert.events) == ("resolved", ["trigger", "trigger", "acknowledge", "resolve"])
    await bench.send("trigger", dedup_key="a/b")
    assert [each.status for each in bench.service.alerts] == ["resolved", "triggered"]


async def test_without_an_open_alert_it_is_dropped_yet_accepted(bench: Bench) -> None:
    assert (await bench.send("resolve", dedup_key="a/b"))[0] == 202
    assert (await bench.send("acknowledge", dedup_key="a/b"))[0] == 202
    assert (bench.service.alerts, bench.service.dropped) == ([], 2)


async def test_a_trigger_without_a_key_is_always_new(bench: Bench) -> None:
    keys = [(await bench.send("trigger"))[1]["dedup_key"] for _ in range(2)]
    assert len(set(keys)) == len(bench.service.alerts) == 2


async def test_a_change_opens_nothing(bench: Bench) -> None:
    status, _ = await bench.send("", "/v2/change/enqueue", event_action=None, payload={"summary": "restart us-east"})
    assert (status, bench.service.alerts, bench.service.changes[0]["summary"]) == (202, [], "restart us-east")


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ({"routing_key": None}, "'routing_key' is missing or blank"),
        ({"routing_key": "short"}, "Length of 'routing_key' is incorrect (should be 32 characters)"),
        ({"routing_key": "f" * 32}, "Invalid routing key"),
        ({"event_action": "nonsense"}, "'event_action' is invalid (should be one of trigger, acknowledge, resolve)"),
        ({"dedup_key": "x" * 256}, "'dedup_key' is invalid (should be at most 255 characters)"),
        ({"event_action": "resolve"}, "'dedup_key' is missing or blank"),
        ({"payload": None}, "'payload' is missing or blank"),
        ({"payload": {**PAYLOAD, "summary": ""}}, "'payload.summary' is missing or blank"),
        (
            {"payload": {**PAYLOAD, "summary": "x" * 1025}},
            "'payload.summary' is too long (should be at most 1024 characters)",
        ),
        ({"payload": {**PAYLOAD, "source": ""}}, "'payload.source' is missing or blank"),
        (
            {"payload": {**PAYLOAD, "severity": "bad"}},
            "'payload.severity' is invalid (should be one of critical, error, warning, info)",
        ),
        ({"extra": 1}, "'extra' is not a field of an event"),
    ],
)
async def test_refusals_name_the_field(bench: Bench, event: dict[str, Any], error: str) -> None:
    status, said = await bench.send("trigger", **event)
    assert (status, said["errors"]) == (400, [error])
    assert bench.service.alerts == []


async def test_a_revoked_key_and_a_body_that_is_none(bench: Bench) -> None:
    answer = await bench.client.post("/v2/enqueue", content=b"{")
    assert (answer.status_code, answer.json()["errors"]) == (400, ["The body is not a JSON object"])
    bench.faults = {Kind.REVOKED: Fault(PAGERDUTY, Kind.REVOKED, 0.0, None)}
    assert (await bench.send("trigger"))[1]["errors"] == ["Invalid routing key"]


async def test_a_hundred_and_twenty_a_minute(bench: Bench) -> None:
    statuses = [(await bench.send("trigger", dedup_key="a"))[0] for _ in range(121)]
    assert (statuses[:120], statuses[120]) == ([202] * 120, 429)
    bench.clock.at_s += 61.0
    assert (await bench.send("trigger", dedup_key="a"))[0] == 202
