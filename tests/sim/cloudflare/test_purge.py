from typing import Any

import pytest

from npconsole.sim.cloudflare.account import PURGE_S
from npconsole.sim.cloudflare.purge import ALLOWANCES, Plan, PurgeLimit
from tests.sim.cloudflare.bench import Bench


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.keep("/app.js", "frontend", "script")
    made.keep("/app.js?v=2", "frontend", "script")
    made.keep("/css/app.css", "frontend", "style")
    made.keep("/app.js", "other", host="other.example")
    return made


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ({"purge_everything": True}, 0),
        ({"files": ["https://edge.example:8443/app.js"]}, 3),
        ({"files": [{"url": "http://edge.example/app.js?v=2", "headers": {}}]}, 3),
        ({"tags": ["style", "other"]}, 2),
        ({"hosts": ["edge.example"]}, 1),
        ({"prefixes": ["edge.example/css", "edge.example/nothing"]}, 3),
        ({"files": ["https://edge.example/other.js"]}, 4),
    ],
)
async def test_accepted_is_not_purged_yet_and_then_it_is(bench: Bench, body: dict[str, Any], left: int) -> None:
    assert await bench.result("POST", f"{bench.zone}/purge_cache", body) == {"id": bench.ids.zone}
    assert len(bench.cache) == 4
    bench.wait(PURGE_S)
    assert len(bench.cache) == left
    assert [entry.kind for entry in bench.record.entries] == ["write", "purge accepted", "purged"]
    assert bench.record.entries[-1].detail == {"actor": "npconsole", "removed": 4 - left}


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "everything",
        {"purge_everything": False},
        {"tags": ["a"], "hosts": ["b"]},
        {"tags": []},
        {"tags": ["a"] * 101},
        {"tags": [3]},
        {"files": ["app.js"]},
        {"files": [None]},
        {"files": [{}]},
        {"hosts": "edge.example"},
    ],
)
async def test_nonsense_is_400_and_spends_nothing(bench: Bench, body: Any) -> None:
    answer = await bench.ask("POST", f"{bench.zone}/purge_cache", body)
    assert (answer.status_code, answer.json()["success"]) == (400, False)
    assert bench.kinds() == ["write"]


async def test_the_bucket_of_the_plan_runs_empty_and_fills_again(bench: Bench) -> None:
    allowance = ALLOWANCES[Plan.PRO]
    body = {"tags": ["x"]}
    for _ in range(allowance.burst):
        await bench.result("POST", f"{bench.zone}/purge_cache", body)
    refused = await bench.ask("POST", f"{bench.zone}/purge_cache", body)
    assert (refused.status_code, refused.headers["retry-after"], refused.json()["success"]) == (429, "1", False)
    assert "ratelimit" in refused.headers
    bench.wait(1)
    for _ in range(int(allowance.per_s)):
        await bench.result("POST", f"{bench.zone}/purge_cache", body)
    assert (await bench.ask("POST", f"{bench.zone}/purge_cache", body)).status_code == 429


async def test_urls_are_counted_one_by_one_and_apart(bench: Bench) -> None:
    files = [f"https://edge.example/{number}" for number in range(100)]
    for _ in range(15):
        await bench.result("POST", f"{bench.zone}/purge_cache", {"files": files})
    assert (await bench.ask("POST", f"{bench.zone}/purge_cache", {"files": files})).status_code == 429
    await bench.result("POST", f"{bench.zone}/purge_cache", {"tags": ["x"]})


@pytest.mark.parametrize("plan", Plan)
def test_every_plan_has_its_limits(plan: Plan) -> None:
    limit, allowance = PurgeLimit(plan), ALLOWANCES[plan]
    purge = limit.read({"files": ["https://e.example/a"] * allowance.urls_per_request})
    for _ in range(allowance.urls_per_s // allowance.urls_per_request):
        limit.spend(purge, 0.0)
