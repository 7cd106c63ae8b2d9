import asyncio
import time
from collections.abc import AsyncIterator
from random import Random

import httpx
import pytest

from npconsole.sim.estate import REGIONS
from npconsole.sim.failure import Failure
from npconsole.sim.fault import Fault, Kind
from npconsole.sim.record import Record
from npconsole.sim.region import Region
from npconsole.sim.route import FORECAST, GOVERNANCE, ITEMS
from npconsole.sim.service import Service
from tests.sim.fakeclock import FakeClock


class Bench:
    """One region's service, asked without sockets."""

    def __init__(self, plan_index: int = 0) -> None:
        self.clock = FakeClock()
        self.region = Region(REGIONS[plan_index], Random(1), Record(self.clock), 0.0, self.clock.wall())
        self.failures: list[Failure] = []
        service = Service(self.region, self.clock, Random(2), 1, self.failures.append)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(service.app), base_url="http://region")

    def step(self, seconds: float, *kinds: Kind) -> None:
        self.clock.at_s += seconds
        faults = {kind: Fault("", kind, 0.0, None) for kind in kinds}
        self.region.step(self.clock.at_s, seconds, self.clock.wall(), 0.0, faults)

    async def token(self) -> str:
        answer = await self.client.post("/api/auth/login", json={"email": "a@example.com", "password": "x"})
        return str(answer.json()["token"])


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    await made.client.aclose()


async def test_health_has_what_the_platform_promises(bench: Bench) -> None:
    answer = await bench.client.get("/health")
    body = answer.json()
    assert answer.status_code == 200
    assert {key: body[key] for key in ("status", "version", "app", "region")} == {
        "status": "ok",
        "version": "17.1.3",
        "app": "neuropilot",
        "region": "us-east",
    }
    assert body["infrastructure"]["database"]["status"] == "connected"
    assert body["uptime"] >= 0


async def test_a_booting_service_is_not_ready_and_not_healthy(bench: Bench) -> None:
    bench.region.restart(0.0)
    bench.step(1)
    bench.step(2)
    health, ready, alive = [await bench.client.get(path) for path in ("/health", "/readyz", "/healthz")]
    assert (health.status_code, health.json()["status"]) == (503, "starting")
    assert (ready.status_code, ready.json()["reason"]) == (503, "starting")
    assert alive.json()["status"] == "ok"
    bench.step(4)
    assert [(await bench.client.get(path)).status_code for path in ("/health", "/readyz")] == [200, 200]


@pytest.mark.parametrize("path", [ITEMS.path, FORECAST.path, GOVERNANCE.path])
async def test_the_api_wants_a_token(bench: Bench, path: str) -> None:
    assert (await bench.client.get(path)).status_code == 401
    allowed = await bench.client.get(path, headers={"authorization": f"Bearer {await bench.token()}"})
    assert allowed.status_code == 200


@pytest.mark.parametrize(
    ("content", "status"), [(b"{}", 401), (b'{"email": "a", "password": ""}', 401), (b"no", 400), (b"[]", 401)]
)
async def test_a_login_without_credentials_is_refused(bench: Bench, content: bytes, status: int) -> None:
    assert (await bench.client.post("/api/auth/login", content=content)).status_code == status


async def test_real_requests_are_counted_with_the_latency_they_had(bench: Bench) -> None:
    before = time.perf_counter()
    await asyncio.gather(*(bench.client.get("/health") for _ in range(20)))
    passed_ms = (time.perf_counter() - before) * 1000
    histogram = bench.region.tally.requests["GET", "/health", 200]
    assert histogram.count == 20
    assert 0 < histogram.total / 20 <= passed_ms
    assert bench.region.demand.in_flight == 0


async def test_a_failed_request_is_reported_once(bench: Bench) -> None:
    token = await bench.token()
    bench.step(0.2, Kind.ERRORS)
    headers = {"authorization": f"Bearer {token}"}
    answers = [(await bench.client.get(GOVERNANCE.path, headers=headers)).status_code for _ in range(20)]
    assert 0 < answers.count(500) == len(bench.failures) < 20


async def test_the_metrics_page_is_the_exposition_format(bench: Bench) -> None:
    await bench.client.get("/health")
    page = await bench.client.get("/metrics")
    assert page.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'http_requests_total{method="GET",route="/health",status_code="200"} 1' in page.text
