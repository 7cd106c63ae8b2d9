import asyncio
from typing import Any

import pytest

from npconsole.sim.cloudflare.account import SOMEBODY_S, SPREAD_S
from npconsole.sim.fault import Kind
from npconsole.sim.trouble import LATE_S
from tests.sim.cloudflare.bench import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()


def served(bench: Bench) -> str | None:
    return bench.world.steering.serving("america")


async def test_a_drain_is_told_at_once_and_followed_a_little_later(bench: Bench) -> None:
    pool = await bench.result("PATCH", bench.east, {"enabled": False})
    assert (pool["enabled"], pool["disabled_at"]) == (False, pool["modified_on"])
    bench.wait(SPREAD_S - 0.1)
    assert served(bench) == "us-east"
    bench.wait(0.1)
    assert served(bench) == "us-west"
    assert (await bench.result("PATCH", bench.east, {"enabled": True}))["disabled_at"] is None
    bench.wait(SPREAD_S)
    assert served(bench) == "us-east"
    assert [kind for kind in bench.kinds() if kind != "write"] == [
        "pool changed",
        "drained",
        "fail-over",
        "pool changed",
        "restored",
        "fail-over",
    ]
    changed, drained = bench.record.entries[1].plain(), bench.record.entries[2].plain()
    assert changed["actor"] == drained["actor"] == "npconsole"
    assert (changed["enabled"], changed["revision"]) == (False, pool["modified_on"])
    assert isinstance(drained["wall_ms"], int)
    assert isinstance(changed["wall_ms"], int)
    assert drained["wall_ms"] - changed["wall_ms"] == 1000 * SPREAD_S
    assert drained["monotonic_ms"] == 1000 * (5000 + SPREAD_S)


async def test_changes_are_followed_in_their_order(bench: Bench) -> None:
    for enabled in (False, True, False):
        await bench.result("PATCH", bench.east, {"enabled": enabled})
        bench.wait(0.5)
    bench.wait(SPREAD_S)
    assert [kind for kind in bench.kinds() if kind in ("drained", "restored")] == ["drained", "restored", "drained"]
    assert served(bench) == "us-west"


async def test_shedding_moves_that_share_of_the_users(bench: Bench) -> None:
    pool = await bench.result("PATCH", bench.east, {"load_shedding": {"default_percent": 40}})
    assert pool["load_shedding"] == {
        "default_percent": 40,
        "default_policy": "random",
        "session_percent": 0,
        "session_policy": "hash",
    }
    bench.wait(SPREAD_S)
    shares = bench.world.steering.shares()
    assert shares == pytest.approx({"us-east": 0.65 * 0.6, "us-west": 0.65 * 0.4, "eu-west": 0.35})
    assert bench.record.entries[-1].plain().items() >= {"kind": "shed", "percent": 40.0}.items()


async def test_patched_origins_replace_the_whole_list(bench: Bench) -> None:
    origins = (await bench.result("GET", bench.east))["origins"]
    other = {"name": "other", "address": "192.0.2.1"}
    pool = await bench.result("PATCH", bench.east, {"origins": [other]})
    assert [each["name"] for each in pool["origins"]] == ["other"]
    bench.wait(SPREAD_S)
    assert served(bench) == "us-west"
    await bench.result("PATCH", bench.east, {"origins": [{**origins[0], "disabled_at": None}]})
    bench.wait(SPREAD_S)
    assert served(bench) == "us-east"
    await bench.result("PATCH", bench.east, {"origins": [origins[0] | {"enabled": False}]})
    bench.wait(SPREAD_S)
    assert served(bench) == "us-west"


async def test_every_change_has_a_revision_of_its_own(bench: Bench) -> None:
    revisions = [(await bench.result("PATCH", bench.east, {"enabled": True}))["modified_on"] for _ in range(3)]
    assert sorted(set(revisions)) == revisions


async def test_a_put_brings_back_the_defaults_of_what_it_leaves_out(bench: Bench) -> None:
    await bench.result("PATCH", bench.east, {"enabled": False, "description": "by hand"})
    refused = await bench.ask("PUT", bench.east, {"name": "us-east"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, 1002)
    origins = (await bench.result("GET", bench.east))["origins"]
    pool = await bench.result("PUT", bench.east, {"name": "us-east", "origins": origins})
    assert (pool["enabled"], pool["description"], pool["disabled_at"], pool["monitor"]) == (True, "", None, "")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"enabled": "no"},
        {"origins": []},
        {"origins": [{"name": "x"}]},
        {"load_shedding": {"default_percent": 101}},
        {"load_shedding": {"default_policy": "sticky"}},
        {"name": "no spaces"},
        {"enabled": False, "minimum_origins": -1},
    ],
)
async def test_what_is_not_accepted_changes_nothing(bench: Bench, body: Any) -> None:
    before = await bench.result("GET", bench.east)
    refused = await bench.ask("PATCH", bench.east, body)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, 1002)
    assert await bench.result("GET", bench.east) == before


async def test_the_load_balancer_can_be_rearranged(bench: Bench) -> None:
    pools = bench.ids.pools
    wanted = {"steering_policy": "off", "default_pools": [pools["eu-west"], pools["us-west"]]}
    balancer = await bench.result("PATCH", bench.balancer, wanted)
    assert balancer["default_pools"] == wanted["default_pools"]
    bench.wait(SPREAD_S)
    assert bench.world.steering.serving_all() == {"america": "eu-west", "europe": "eu-west"}
    refusable: list[Any] = [{"default_pools": ["nowhere"]}, {"steering_policy": "random"}, {"fallback_pool": None}, []]
    for body in refusable:
        refused = await bench.ask("PATCH", bench.balancer, body)
        assert refused.status_code == 400


async def test_a_late_drain_lands_after_the_restore_that_followed_it(bench: Bench) -> None:
    bench.world.faults.begin("cloudflare", Kind.LATE, 0.0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await bench.ask("PATCH", bench.east, {"enabled": False})
    assert (await bench.result("GET", bench.east))["enabled"]
    bench.world.faults.end()
    await bench.result("PATCH", bench.east, {"enabled": True})
    bench.wait(LATE_S)
    bench.wait(SPREAD_S)
    assert not (await bench.result("GET", bench.east))["enabled"]
    assert served(bench) == "us-west"


async def test_somebody_else_changes_the_pool_after_a_change_and_once(bench: Bench) -> None:
    bench.world.faults.begin("cloudflare", Kind.CONCURRENT_CHANGE, 0.0)
    mine = await bench.result("PATCH", bench.east, {"enabled": False})
    bench.wait(SOMEBODY_S)
    theirs = await bench.result("GET", bench.east)
    assert theirs["modified_on"] > mine["modified_on"]
    assert (theirs["enabled"], theirs["description"]) == (False, f"held by hand since {mine['modified_on']}")
    bench.wait(60)
    actors = [entry.detail["actor"] for entry in bench.record.entries if entry.kind == "pool changed"]
    assert actors == ["npconsole", "somebody else"]
    assert bench.record.writes == {"cloudflare": 1}
