import json
import re
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import httpx
import pytest

from npconsole.sim.fault import Fault, Kind
from npconsole.sim.record import Record
from npconsole.sim.sentry.api import SentryApi
from npconsole.sim.sentry.gate import Gate, Tokens
from npconsole.sim.sentry.limit import LIMIT, WINDOW_S
from npconsole.sim.sentry.store import Store
from tests.sim.fakeclock import FakeClock
from tests.sim.sentry.events import event, payload
from tests.sim.sentry.test_issue import BACKEND, FRONTEND

ORG = "/api/0/organizations/neuropilot"
READER, WRITER = "reader", "writer"
EXPAND_ONLY = {"sessionCount", "inbox", "owners", "integrationIssues", "sentryAppIssues", "latestEventHasAttachments"}


class Bench:
    """A Sentry asked without sockets."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = Store((BACKEND, FRONTEND))
        self.faults: dict[Kind, Fault] = {}
        self.record = Record(self.clock)
        gate = Gate("neuropilot", Tokens(WRITER, READER), self.clock, Random(1), lambda: self.faults, self.record)
        api = SentryApi(self.store, gate, self.clock)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(api.app), base_url="http://sentry")

    async def get(self, path: str, token: str = READER, **params: Any) -> httpx.Response:
        return await self.client.get(f"{ORG}{path}", params=params, headers={"authorization": f"Bearer {token}"})

    async def put(self, path: str, body: object, token: str = WRITER) -> httpx.Response:
        return await self.client.put(f"{ORG}{path}", json=body, headers={"authorization": f"Bearer {token}"})

    def add(self, **more: Any) -> str:
        self.clock.at_s += 1
        return self.store.add(event(self.clock, **more)).id


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    await made.client.aclose()


async def titles(bench: Bench, **params: Any) -> list[str]:
    answer = await bench.get("/issues/", **params)
    assert answer.status_code == 200, answer.text
    return [issue["culprit"] for issue in answer.json()]


async def test_an_issue_has_the_documented_shape(bench: Bench) -> None:
    bench.add(release="neuropilot@1")
    (issue,) = (await bench.get("/issues/")).json()
    expected = {
        "shortId": "BACKEND-1",
        "title": "ValueError: boom",
        "culprit": "/api/items",
        "level": "error",
        "status": "unresolved",
        "substatus": "new",
        "count": "1",
        "userCount": 1,
        "isUnhandled": True,
        "firstSeen": "2027-01-15T08:00:01.000000Z",
        "project": {"id": "1", "name": "backend", "slug": "backend", "platform": "python"},
    }
    assert {key: issue[key] for key in expected} == expected
    assert not EXPAND_ONLY & issue.keys()
    assert sum(number for _, number in issue["stats"]["24h"]) == 1
    assert len(issue["stats"]["24h"]) == 24


async def test_paging_walks_through_all_by_the_link_header(bench: Bench) -> None:
    for number in range(7):
        bench.add(transaction=f"/{number}")
    found, cursor = [], "0:0:0"
    for more in ("true", "true", "false"):
        answer = await bench.get("/issues/", limit=3, cursor=cursor)
        found += [issue["culprit"] for issue in answer.json()]
        links = re.findall(r'<([^>]+)>; rel="(\w+)"; results="(\w+)"; cursor="([\d:]+)"', answer.headers["link"])
        assert [(rel, results) for _, rel, results, _ in links] == [
            ("previous", str(cursor != "0:0:0").lower()),
            ("next", more),
        ]
        cursor = links[1][3]
        assert httpx.URL(links[1][0]).params["cursor"] == cursor
    assert found == [f"/{number}" for number in reversed(range(7))]


@pytest.mark.parametrize(
    ("params", "culprits"),
    [
        ({}, ["/c", "/b"]),
        ({"query": ""}, ["/c", "/b", "/a"]),
        ({"query": "is:resolved"}, ["/a"]),
        ({"query": "is:unresolved level:warning"}, ["/c"]),
        ({"query": "is:unresolved !level:warning"}, ["/b"]),
        ({"query": "region:eu-west"}, ["/b"]),
        ({"query": "is:new keyerror"}, ["/b"]),
        ({"project": "frontend"}, ["/c"]),
        ({"project": ["1", "frontend"]}, ["/c", "/b"]),
        ({"project": "-1"}, ["/c", "/b"]),
        ({"environment": "production"}, ["/c"]),
        ({"sort": "freq"}, ["/b", "/c"]),
        ({"statsPeriod": "2s"}, ["/c"]),
    ],
)
async def test_what_is_asked_for_is_found(bench: Bench, params: dict[str, Any], culprits: list[str]) -> None:
    resolved = bench.add(transaction="/a")
    for _ in range(3):
        bench.add(transaction="/b", kind="KeyError", tags={"region": "eu-west"})
    bench.clock.at_s += 5
    bench.add(transaction="/c", project="frontend", level="warning", environment="production")
    await bench.put(f"/issues/{resolved}/", {"status": "resolved"})
    assert await titles(bench, **params) == culprits


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"query": "is:odd"}, 400),
        ({"sort": "odd"}, 400),
        ({"statsPeriod": "1y"}, 400),
        ({"limit": "101"}, 400),
        ({"limit": "x"}, 400),
        ({"cursor": "x"}, 400),
        ({"project": "odd"}, 404),
    ],
)
async def test_nonsense_gets_a_detail(bench: Bench, params: dict[str, str], status: int) -> None:
    answer = await bench.get("/issues/", **params)
    assert answer.status_code == status
    assert isinstance(answer.json()["detail"], str)


async def test_tokens_scopes_organizations_and_slashes(bench: Bench) -> None:
    issue = bench.add()
    assert (await bench.client.get(f"{ORG}/issues/")).status_code == 401
    assert (await bench.get("/issues/", token="wrong")).status_code == 401
    assert (await bench.put(f"/issues/{issue}/", {"status": "resolved"}, token="reader")).status_code == 403
    headers = {"authorization": "Bearer reader"}
    assert (await bench.client.get("/api/0/organizations/other/issues/", headers=headers)).status_code == 404
    assert (await bench.client.get(f"{ORG}/issues", headers=headers)).status_code == 404
    assert (await bench.get("/issues/999/")).json() == {"detail": "The requested resource does not exist"}


async def test_the_limit_is_told_and_kept_without_retry_after(bench: Bench) -> None:
    answers = [await bench.get("/issues/") for _ in range(LIMIT + 1)]
    assert [answer.status_code for answer in answers] == [200] * LIMIT + [429]
    last = answers[-1]
    assert last.headers["x-sentry-rate-limit-remaining"] == "0"
    assert "retry-after" not in last.headers
    reset = int(last.headers["x-sentry-rate-limit-reset"])
    assert 0 < reset - bench.clock.wall() <= WINDOW_S
    assert "too frequently" in last.json()["detail"]
    assert (await bench.get("/projects/")).status_code == 200
    bench.clock.at_s += reset - bench.clock.wall()
    assert (await bench.get("/issues/")).status_code == 200


async def test_the_429_fault_refuses_the_first_request(bench: Bench) -> None:
    bench.faults = {Kind.VENDOR_429: Fault("sentry", Kind.VENDOR_429, 0.0, None)}
    assert (await bench.get("/issues/")).status_code == 429


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"status": "resolved"}, {"status": "resolved", "substatus": None}),
        ({"status": "resolvedInNextRelease"}, {"status": "resolved", "statusDetails": {"inNextRelease": True}}),
        ({"status": "ignored"}, {"status": "ignored", "substatus": "archived_until_escalating"}),
        ({"status": "ignored", "substatus": "archived_forever"}, {"substatus": "archived_forever"}),
        ({"status": "unresolved"}, {"status": "unresolved"}),
        ({"assignedTo": "user:3"}, {"assignedTo": {"type": "user", "id": "3", "name": "user 3"}}),
        ({"assignedTo": ""}, {"assignedTo": None}),
        ({"priority": "high"}, {"priority": "high"}),
    ],
)
async def test_one_issue_is_updated(bench: Bench, body: dict[str, str], expected: dict[str, Any]) -> None:
    issue = bench.add()
    answer = await bench.put(f"/issues/{issue}/", body)
    assert {key: answer.json()[key] for key in expected} == expected
    again = (await bench.get(f"/issues/{issue}/")).json()
    assert {key: again[key] for key in expected} == expected


@pytest.mark.parametrize(
    "body",
    [{"status": "gone"}, {"priority": "resolved"}, {"assignedTo": 3}, {"status": "ignored", "substatus": "new"}, []],
)
async def test_a_wrong_update_changes_nothing(bench: Bench, body: object) -> None:
    issue = bench.add()
    before = (await bench.get(f"/issues/{issue}/")).json()
    answer = await bench.put(f"/issues/{issue}/", body)
    assert answer.status_code == 400
    assert (await bench.get(f"/issues/{issue}/")).json() == before


async def test_an_event_has_its_entries_frames_and_tags(bench: Bench) -> None:
    issue = bench.add(event_id="1" * 32)
    bench.add(event_id="2" * 32, breadcrumbs={"values": [{"message": "hi"}]})
    latest, oldest, named = [
        (await bench.get(f"/issues/{issue}/events/{word}/")).json() for word in ("latest", "oldest", "2" * 32)
    ]
    assert latest == named
    assert (latest["eventID"], latest["previousEventID"], latest["nextEventID"]) == ("2" * 32, "1" * 32, None)
    assert oldest["eventID"] == "1" * 32
    assert [entry["type"] for entry in latest["entries"]] == ["exception", "breadcrumbs"]
    frame = latest["entries"][0]["data"]["values"][0]["stacktrace"]["frames"][-1]
    assert (frame["function"], frame["lineNo"], frame["inApp"]) == ("load", 12, True)
    assert frame["context"] == [[10, "a"], [11, "b"], [12, "c"], [13, "d"]]
    tags = {tag["key"]: tag["value"] for tag in latest["tags"]}
    assert tags == {
        "region": "us-east",
        "environment": "staging",
        "level": "error",
        "release": "neuropilot@1",
        "transaction": "/api/items",
        "user": "id:7",
        "handled": "no",
    }
    assert (await bench.get(f"/issues/{issue}/events/odd/")).status_code == 404


async def test_a_short_id_finds_its_issue(bench: Bench) -> None:
    issue = bench.add()
    body = (await bench.get("/shortids/BACKEND-1/")).json()
    assert (body["groupId"], body["projectSlug"]) == (issue, "backend")


@pytest.mark.parametrize(
    ("key", "body", "status"),
    [
        (BACKEND.key, b'{}\n{"type":"event"}\n' + json.dumps(payload()).encode(), 200),
        (BACKEND.key, b'{}\n{"type":"session"}\n{}\n', 200),
        (BACKEND.key, b"{}\nnonsense", 400),
        (BACKEND.key, b"x" * 1_000_001, 413),
        (FRONTEND.key, b"{}\n", 401),
    ],
)
async def test_ingest(bench: Bench, key: str, body: bytes, status: int) -> None:
    headers = {"x-sentry-auth": f"Sentry sentry_key={key}, sentry_version=7"}
    answer = await bench.client.post("/api/1/envelope/", content=body, headers=headers)
    assert answer.status_code == status
    assert bench.store.events == (1 if b"ValueError" in body else 0)


@pytest.mark.parametrize(
    "odd",
    [
        {"exception": [], "tags": [["a", "b"], "c"], "user": "me"},
        {"exception": {"values": [None]}, "timestamp": "never", "level": 5, "breadcrumbs": []},
        {"exception": {"values": [{"stacktrace": {"frames": ["x", {"lineno": "9"}]}}]}, "transaction": None},
        {"event_id": None, "timestamp": -1, "release": 7, "fingerprint": "x", "request": 3},
        {"exception": None, "message": "\ud800 [/b] \x1b]0;x\x07"},
    ],
)
async def test_an_odd_event_is_still_listed_and_shown(bench: Bench, odd: dict[str, Any]) -> None:
    issue = bench.add(**odd)
    assert (await bench.get("/issues/")).status_code == 200
    assert (await bench.get(f"/issues/{issue}/")).status_code == 200
    assert (await bench.get(f"/issues/{issue}/events/latest/")).status_code == 200


async def test_what_is_sent_to_change_something_is_counted_with_its_token_also_when_refused(bench: Bench) -> None:
    issue = bench.add()
    await bench.get(f"/issues/{issue}/")
    await bench.put(f"/issues/{issue}/", {"status": "resolved"})
    await bench.put(f"/issues/{issue}/", {"status": "resolved"}, READER)
    await bench.put(f"/issues/{issue}/", {"status": "resolved"}, "nobody's")
    assert bench.record.writes == {"sentry": 3}
    assert [entry.detail["actor"] for entry in bench.record.entries] == ["npconsole", "reader", ""]
