import json
import time
from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.errors import Failure
from npconsole.model.vitals import Health
from npconsole.net.http import Http
from npconsole.sources.probe import MOST_FIELDS, Probe
from tests.net.loopback import http, kept_alive, saying, serving

Respond = Callable[[httpx.Request], httpx.Response]


async def probe(respond: Respond, *, region_field: str = "", region_header: str = "") -> Health:
    async with Http(transport=httpx.MockTransport(respond), now=time.monotonic) as client:
        source = Probe(
            client,
            "https://api.example.com/health",
            deadline_s=5,
            region_field=region_field,
            region_header=region_header,
        )
        return await source.read()


def answering(status: int = 200, body: object = None, **headers: str) -> Respond:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: httpx.Response(status, content=content, headers=named)


async def test_a_healthy_region() -> None:
    body = {
        "status": "OK",
        "version": "20.1.3",
        "uptime": 12.5,
        "region": "us-east",
        "infrastructure": {"db": {"ok": True, "lag": 0.25}, "nodes": ["a", "b"]},
        "features": {},
        "note": None,
    }
    health = await probe(answering(200, body, cf_ray="8f-AMS"))
    assert health.healthy
    assert (health.word, health.version, health.uptime_s, health.detail) == ("ok", "20.1.3", 12.5, "")
    assert health.cf_ray == "8f-AMS"
    assert health.answered_by == ""
    assert dict(health.fields) == {
        "region": "us-east",
        "infrastructure.db.ok": "true",
        "infrastructure.db.lag": "0.25",
        "infrastructure.nodes": "a, b",
        "note": "",
    }


@pytest.mark.parametrize(
    ("respond", "word", "detail"),
    [
        (
            answering(503, {"status": "error", "reason": "database not ready"}),
            "error",
            "503 Service Unavailable: database not ready",
        ),
        (answering(503, {"status": "starting"}), "starting", "503 Service Unavailable: status starting"),
        (answering(502, b"<html>bad gateway"), "", "502 Bad Gateway: an HTML page"),
        (answering(500, b""), "", "500 Internal Server Error"),
        (answering(599, b"odd"), "", "599: odd"),
        (answering(200, {"status": "Degraded"}), "degraded", "status is degraded"),
        (answering(200, {"status": "fail", "message": "disk full"}), "fail", "status is fail: disk full"),
        (answering(200, {"version": "1"}), "", "answered 200 but says no status"),
        (answering(200, {"status": None}), "", "answered 200 but says no status"),
        (answering(200, b"<!DOCTYPE html><title>Log in"), "", "answered 200 but is not JSON (an HTML page)"),
        (answering(200, b"OK"), "", "answered 200 but is not JSON (text)"),
        (answering(200, b""), "", "answered 200 but is not JSON (empty)"),
        (answering(200, b'{"status": "o'), "", "answered 200 but is not JSON (truncated JSON)"),
        (answering(200, ["ok"]), "", "answered 200 but is not an object (JSON)"),
        (
            answering(302, b"", location="https://login.example.com/?next=1"),
            "",
            "302 Found: redirects to https://login.example.com/",
        ),
    ],
)
async def test_what_is_wrong_is_said_in_one_line(respond: Respond, word: str, detail: str) -> None:
    health = await probe(respond)
    assert not health.healthy
    assert health.failure is None
    assert (health.word, health.detail) == (word, detail)


@pytest.mark.parametrize(
    ("body", "headers", "region"),
    [
        ({"status": "ok", "region": "us-west"}, {"x_region": "eu-west"}, "us-west"),
        ({"status": "ok"}, {"x_region": "eu-west"}, "eu-west"),
        ({"status": "ok"}, {}, ""),
        ({"status": "ok", "region": "us\u001b[31m"}, {}, "us␛[31m"),
    ],
)
async def test_which_region_answered_the_edge(body: object, headers: dict[str, str], region: str) -> None:
    health = await probe(answering(200, body, **headers), region_field="region", region_header="X-Region")
    assert health.answered_by == region


async def test_a_nested_region_field() -> None:
    health = await probe(answering(200, {"status": "ok", "infra": {"region": "a"}}), region_field="infra.region")
    assert health.answered_by == "a"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=30),
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
        max_leaves=30,
    )
)
async def test_any_document_is_a_bounded_clean_health(document: object) -> None:
    health = await probe(answering(200, {"deep": document, "status": "ok"}))
    assert health.healthy
    assert len(health.fields) <= MOST_FIELDS
    assert all(len(text) <= 200 and "\n" not in text for _, text in health.fields)


async def test_many_fields_are_bounded_with_the_top_level_first() -> None:
    body = {"inner": {f"k{i}": i for i in range(100)}, "status": "ok", "last": "kept"}
    health = await probe(answering(200, body))
    assert len(health.fields) == MOST_FIELDS
    assert health.fields[0] == ("last", "kept")


async def test_the_status_counts_however_many_fields_are_before_it() -> None:
    health = await probe(answering(200, {**{f"k{i}": i for i in range(1000)}, "status": "ok"}))
    assert health.healthy


async def test_not_being_answered_is_a_measurement() -> None:
    async with Http(now=time.monotonic) as client:
        health = await Probe(client, "http://127.0.0.1:1/health", deadline_s=5).read()
        assert (health.failure, health.status, health.detail) == (Failure.CONNECT, None, "connection refused")
        async with serving(saying(hang=True)) as origin:
            health = await Probe(client, origin, deadline_s=0.2).read()
        assert (health.failure, health.detail) == (Failure.TIMEOUT, "no answer within 0.2 s")
        async with serving(saying(b"SSH-2.0-OpenSSH\r\n\r\n")) as origin:
            health = await Probe(client, origin, deadline_s=5).read()
        assert health.failure is None
        assert health.status is None
        assert health.detail.startswith("the answer is not HTTP/1.1")


async def test_connect_times_are_renewed_and_kept_in_between() -> None:
    requests: list[bytes] = []
    async with (
        serving(kept_alive(http(b'{"status":"ok"}'), requests)) as origin,
        Http(now=time.monotonic) as client,
    ):
        source = Probe(client, origin, deadline_s=5, fresh_every=3)
        seen = [(await source.read()).timings.connect_ms for _ in range(4)]
    assert None not in seen
    assert seen[1] == seen[2]
    assert seen[3] != seen[2]
    assert all(request.startswith(b"GET / HTTP/1.1\r\n") for request in requests)


async def test_a_probe_follows_its_own_host_only() -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if request.url.path == "/health":
            return httpx.Response(308, headers={"location": "/health/"})
        return httpx.Response(200, json={"status": "ok"})

    assert (await probe(respond)).healthy
    assert asked == ["https://api.example.com/health", "https://api.example.com/health/"]
