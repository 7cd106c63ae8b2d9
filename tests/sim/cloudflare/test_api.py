from typing import Any

import pytest

from npconsole.sim.cloudflare.limit import REQUESTS, WINDOW_S
from npconsole.sim.fault import Kind
from tests.sim.cloudflare.bench import TOKENS, Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_tokens_of_users_and_accounts_are_verified_at_their_own_addresses(bench: Bench) -> None:
    users, accounts = "/user/tokens/verify", f"/accounts/{bench.ids.account}/tokens/verify"
    for path, token, other in ((users, TOKENS.writer, TOKENS.account), (accounts, TOKENS.account, TOKENS.writer)):
        envelope = (await bench.ask("GET", path, token=token)).json()
        assert envelope["success"]
        assert envelope["result"]["status"] == "active"
        assert envelope["messages"] == [{"code": 10000, "message": "This API Token is valid and active", "type": None}]
        refused = await bench.ask("GET", path, token=other)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (401, 1000)


@pytest.mark.parametrize(
    ("headers", "status", "errors"),
    [
        ({}, 400, [{"code": 9106, "message": "Missing X-Auth-Key, X-Auth-Email or Authorization headers"}]),
        (
            {"authorization": "Bearer short"},
            400,
            [
                {
                    "code": 6003,
                    "message": "Invalid request headers",
                    "error_chain": [{"code": 6111, "message": "Invalid format for Authorization header"}],
                }
            ],
        ),
        ({"authorization": f"Bearer {'x' * 40}"}, 403, [{"code": 9109, "message": "Invalid access token"}]),
    ],
)
async def test_bad_credentials_have_the_documented_shapes(
    bench: Bench, headers: dict[str, str], status: int, errors: list[dict[str, Any]]
) -> None:
    answer = await bench.client.get("/zones", headers=headers)
    expected = {"success": False, "errors": errors, "messages": [], "result": None}
    assert (answer.status_code, answer.json()) == (status, expected)


@pytest.mark.parametrize(
    ("method", "path", "token", "status", "code"),
    [
        ("GET", "/nowhere", TOKENS.writer, 400, 7003),
        ("DELETE", "/zones", TOKENS.writer, 400, 7003),
        ("GET", "/zones/0123/load_balancers", TOKENS.writer, 403, 10000),
        ("GET", "/accounts/0123/load_balancers/pools", TOKENS.writer, 403, 10000),
        ("GET", "{pools}/0123", TOKENS.writer, 404, 1001),
        ("GET", "{zone}/load_balancers/0123", TOKENS.writer, 404, 1001),
        ("PATCH", "{east}", TOKENS.reader, 403, 10000),
        ("GET", "{pools}?page=0", TOKENS.reader, 400, 1006),
    ],
)
async def test_refusals(bench: Bench, method: str, path: str, token: str, status: int, code: int) -> None:
    path = path.format(pools=bench.pools, zone=bench.zone, east=bench.east)
    answer = await bench.ask(method, path, {"enabled": False} if method == "PATCH" else None, token)
    assert (answer.status_code, answer.json()["errors"][0]["code"], answer.json()["success"]) == (status, code, False)


async def test_zones_pools_load_balancers_and_monitors(bench: Bench) -> None:
    assert [zone["id"] for zone in await bench.result("GET", "/zones?name=neuropilot.ai&status=active")] == [
        bench.ids.zone
    ]
    assert await bench.result("GET", "/zones?name=elsewhere.example") == []
    envelope = (await bench.ask("GET", f"{bench.pools}?page=2&per_page=2")).json()
    assert [pool["name"] for pool in envelope["result"]] == ["eu-west"]
    assert envelope["result_info"] == {"page": 2, "per_page": 2, "count": 1, "total_count": 3}
    (balancer,) = await bench.result("GET", f"{bench.zone}/load_balancers")
    assert balancer == await bench.result("GET", bench.balancer)
    assert balancer["default_pools"] == list(bench.ids.pools.values())
    assert balancer["region_pools"]["WEU"][0] == balancer["fallback_pool"] == bench.ids.pools["eu-west"]
    (monitor,) = await bench.result("GET", f"/accounts/{bench.ids.account}/load_balancers/monitors")
    assert monitor["path"] == "/health"
    assert {pool["monitor"] for pool in await bench.result("GET", bench.pools)} == {monitor["id"]}


async def test_health_has_the_shape_of_the_published_example(bench: Bench) -> None:
    health = await bench.result("GET", f"{bench.east}/health")
    origin = {"healthy": True, "failure_reason": "No failures", "response_code": 200, "rtt": "12.1ms"}
    assert health["pool_id"] == bench.ids.pools["us-east"]
    assert health["pop_health"]["Amsterdam, Netherlands"] == {"healthy": True, "origins": [{"127.0.0.1": origin}]}
    for _ in range(3):
        bench.world.steering.observe("us-east", "answers 503")
    health = await bench.result("GET", f"{bench.east}/health")
    (place, *_) = health["pop_health"].values()
    assert place["healthy"] is False
    assert place["origins"][0]["127.0.0.1"]["failure_reason"] == "Response code mismatch error"
    assert place["origins"][0]["127.0.0.1"]["response_code"] == 503


async def test_a_pool_that_is_off_reports_no_health_and_none_until_it_is_checked_again(bench: Bench) -> None:
    await bench.result("PATCH", bench.east, {"enabled": False})
    assert (await bench.result("GET", f"{bench.east}/health"))["pop_health"] == {}
    bench.wait(2)
    await bench.result("PATCH", bench.east, {"enabled": True})
    bench.wait(2)
    assert (await bench.result("GET", f"{bench.east}/health"))["pop_health"] == {}
    bench.world.steering.observe("us-east", "")
    assert (await bench.result("GET", f"{bench.east}/health"))["pop_health"]


async def test_the_request_limit_is_told_and_kept_for_each_token(bench: Bench) -> None:
    first = await bench.ask("GET", "/zones")
    assert first.headers["ratelimit"] == f'"default";r={REQUESTS - 1};t={WINDOW_S}'
    assert first.headers["ratelimit-policy"] == f'"default";q={REQUESTS};w={WINDOW_S}'
    answers = [(await bench.ask("GET", "/zones")) for _ in range(REQUESTS)]
    assert (answers[-2].status_code, answers[-1].status_code) == (200, 429)
    assert answers[-1].headers["retry-after"] == str(WINDOW_S)
    assert (await bench.ask("GET", "/zones", token=TOKENS.reader)).status_code == 200
    bench.wait(WINDOW_S)
    assert (await bench.ask("GET", "/zones")).status_code == 200


async def test_what_is_sent_to_change_something_is_counted_with_its_token(bench: Bench) -> None:
    await bench.result("GET", bench.east)
    await bench.result("PATCH", bench.east, {"enabled": True}, TOKENS.account)
    for token in (TOKENS.reader, "x" * 40, "malformed"):
        await bench.ask("PATCH", bench.east, {"enabled": False}, token)
    await bench.ask("POST", "/nowhere")
    assert bench.record.writes == {"cloudflare": 5}
    written = [entry for entry in bench.record.entries if entry.kind == "write"]
    assert [entry.detail["actor"] for entry in written] == ["npconsole-account", "reader", "", "", ""]
    assert written[0].detail["call"] == f"PATCH /client/v4{bench.east}"


async def test_faults_speak_in_envelopes(bench: Bench) -> None:
    bench.world.faults.begin("cloudflare", Kind.OK_WITH_ERRORS, 0.0)
    answer = await bench.ask("PATCH", bench.east, {"enabled": False})
    assert (answer.status_code, answer.json()["success"], answer.json()["result"]) == (200, False, None)
    bench.world.faults.end()
    bench.world.faults.begin("cloudflare", Kind.VENDOR_429_NEGATIVE, 0.0)
    answer = await bench.ask("GET", bench.east)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "-1")
    assert answer.json()["errors"][0]["code"] == 971
    bench.world.faults.end()
    assert (await bench.result("GET", bench.east))["enabled"]
