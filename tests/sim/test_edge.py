from random import Random

import httpx
import pytest

from npconsole.sim.agenda import Agenda
from npconsole.sim.edge import ASSET_TTL_S, BODY_BYTES, Edge
from npconsole.sim.edgecache import EdgeCache
from npconsole.sim.estate import AREA_SHARE, STEERING
from npconsole.sim.fault import Fault, Kind
from npconsole.sim.record import Record
from npconsole.sim.steering import Arrangement, Steering
from tests.sim.fakeclock import FakeClock


class Bench:
    """An edge before fake origins."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.steering = Steering(Arrangement(STEERING), AREA_SHARE, 2, Record(self.clock))
        self.agenda = Agenda(self.clock)
        self.cache = EdgeCache()
        self.faults: dict[Kind, Fault] = {}
        self.asked: list[httpx.Request] = []
        self.failure: httpx.HTTPError | None = None
        origins = {name: f"http://{name}" for name in self.steering.pools}
        inner = httpx.AsyncClient(transport=httpx.MockTransport(self._origin))
        edge = Edge(
            self.steering,
            self.agenda,
            self.cache,
            origins,
            "http://asset",
            inner,
            self.clock,
            Random(1),
            lambda: self.faults,
        )
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(edge.app), base_url="http://edge")

    def _origin(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.failure is not None:
            raise self.failure
        headers = {"cache-tag": "frontend,script"} if request.url.host == "asset" else {}
        return httpx.Response(200, json={"region": request.url.host}, headers=headers)

    def down(self, *regions: str) -> None:
        for region in regions:
            for _ in range(3):
                self.steering.observe(region, "refuses connections")


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_health_passes_through_uncached_with_cloudflares_headers(bench: Bench) -> None:
    answers = [await bench.client.get("/health") for _ in range(2)]
    assert [answer.json()["region"] for answer in answers] == ["us-east", "us-east"]
    assert {answer.headers["cf-cache-status"] for answer in answers} == {"DYNAMIC"}
    rays = [answer.headers["cf-ray"] for answer in answers]
    assert all(ray.endswith("-IAD") and len(ray) == 20 for ray in rays)
    assert rays[0] != rays[1]


@pytest.mark.parametrize(
    ("area", "down", "served"),
    [
        ("america", [], "us-east"),
        ("europe", [], "eu-west"),
        ("mars", [], "us-east"),
        ("america", ["us-east"], "us-west"),
        ("europe", ["eu-west", "us-east"], "us-west"),
    ],
)
async def test_who_serves_whom(bench: Bench, area: str, down: list[str], served: str) -> None:
    bench.down(*down)
    assert (await bench.client.get("/health", headers={"x-sim-area": area})).json()["region"] == served


async def test_nobody_healthy_is_530(bench: Bench) -> None:
    bench.down("us-east", "us-west", "eu-west")
    answer = await bench.client.get("/health")
    assert (answer.status_code, answer.text) == (530, "error code: 1016")
    assert bench.asked == []


@pytest.mark.parametrize(
    ("failure", "status"),
    [(httpx.ConnectError("x"), 521), (httpx.ReadTimeout("x"), 524), (httpx.RemoteProtocolError("x"), 520)],
)
async def test_an_origin_that_fails_before_it_is_found_down(
    bench: Bench, failure: httpx.HTTPError, status: int
) -> None:
    bench.failure = failure
    answer = await bench.client.get("/health")
    assert (answer.status_code, answer.headers.get("x-region")) == (status, None)


async def test_method_query_body_and_token_reach_the_region(bench: Bench) -> None:
    await bench.client.post("/api/auth/login?a=b%20c", content=b"{}", headers={"authorization": "Bearer t"})
    (asked,) = bench.asked
    assert (asked.method, str(asked.url), asked.content) == ("POST", "http://us-east/api/auth/login?a=b%20c", b"{}")
    assert asked.headers["authorization"] == "Bearer t"


async def test_a_body_too_large_is_refused(bench: Bench) -> None:
    assert (await bench.client.post("/api/items", content=b"x" * (BODY_BYTES + 1))).status_code == 413
    assert bench.asked == []


async def test_the_asset_is_cached_and_expires(bench: Bench) -> None:
    async def status() -> str:
        return str((await bench.client.get("/app.js")).headers["cf-cache-status"])

    assert [await status(), await status()] == ["MISS", "HIT"]
    bench.clock.at_s += ASSET_TTL_S
    assert [await status(), await status()] == ["EXPIRED", "HIT"]
    assert [str(asked.url) for asked in bench.asked] == ["http://asset/app.js"] * 2
    assert (await bench.client.get("/app.js")).headers["age"] == "0"


async def test_a_failed_asset_is_not_cached(bench: Bench) -> None:
    bench.failure = httpx.ConnectError("x")
    assert (await bench.client.get("/app.js")).status_code == 521
    assert len(bench.cache) == 0


async def test_the_region_that_answered_is_named(bench: Bench) -> None:
    assert (await bench.client.get("/health")).headers["x-region"] == "us-east"
    bench.agenda.after(1.0, lambda: bench.steering.place("us-east", enabled=False, shed_ratio=0, actor="a"))
    bench.clock.at_s = 0.9
    assert (await bench.client.get("/health")).headers["x-region"] == "us-east"
    bench.clock.at_s = 1.0
    assert (await bench.client.get("/health")).headers["x-region"] == "us-west"


async def test_a_shed_share_of_requests_goes_to_the_next_region(bench: Bench) -> None:
    bench.steering.place("us-east", enabled=True, shed_ratio=0.3, actor="a")
    served = [(await bench.client.get("/health")).headers["x-region"] for _ in range(300)]
    assert served.count("us-west") == pytest.approx(90, abs=30)
    assert set(served) == {"us-east", "us-west"}


async def test_cache_tags_are_kept_and_not_passed_on(bench: Bench) -> None:
    assert "cache-tag" not in (await bench.client.get("/app.js?a=1")).headers
    assert bench.cache.purge(lambda entry: entry.tags == {"frontend", "script"} and entry.host == "edge") == 1
    assert (await bench.client.get("/app.js?a=1")).headers["cf-cache-status"] == "MISS"


async def test_errors_at_the_edge_itself(bench: Bench) -> None:
    bench.faults = {Kind.ERRORS: Fault("edge", Kind.ERRORS, 0.0, None)}
    answers = [(await bench.client.get("/health")).status_code for _ in range(60)]
    assert 4 < answers.count(502) < 30
