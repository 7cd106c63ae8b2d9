from typing import Any

import httpx
import pytest

from npconsole.controls.cloudflare import CloudflareTraffic
from npconsole.errors import (
    BadAnswerError,
    DeclinedError,
    ExitCode,
    LimitedError,
    NotAppliedError,
    UnknownOutcomeError,
    UsageError,
)
from npconsole.model.controls import LoadBalancer, Pool
from tests.controls.script import REFUSED, Answer, Break, Call, played
from tests.controls.vendors import POOLS, cloudflare_api, failure, pool, success, traffic

POOL = f"{POOLS}/pool1"
REVISION = "2026-11-23T10:00:00.123456Z"
US_EAST = Pool("pool1", "us-east", True, REVISION, None, ("us-east.example.com",))
EVIL = "a\x1b]52;c;aGk=\x07\u202eb\ud800"


def get(path: str, then: Any) -> Call:
    return Call("GET", path, then if isinstance(then, Answer | Break) else Answer(success(then)))


def patch(body: Any, then: Any) -> Call:
    return Call("PATCH", POOL, then if isinstance(then, Answer) else Answer(success(then)), body=body)


def health(**places: Any) -> dict[str, Any]:
    return {"pool_id": "pool1", "pop_health": places}


async def test_a_pool_without_a_monitor_is_not_checked() -> None:
    async with played(get(POOL, pool())) as (http, _):
        assert await traffic(http).pool("pool1") == US_EAST


UP: dict[str, Any] = {"healthy": True, "origins": [{"us-east.example.com": {"healthy": True, "rtt": "12.1ms"}}]}
DOWN: dict[str, Any] = {"healthy": False, "origins": []}


@pytest.mark.parametrize(
    ("answer", "healthy"),
    [
        (health(**{"Amsterdam, NL": UP}), True),
        (health(**{"Amsterdam, NL": DOWN}), False),
        (health(A=UP, B=UP, C=DOWN), True),
        (health(A=UP, B=DOWN), False),
        (health(**UP), True),
        (health(**DOWN), False),
        (health(A={"healthy": "yes"}, B=None, C=[1]), None),
        (health(), None),
        ({"pop_health": None}, None),
        ({}, None),
        (None, None),
        ([], None),
        (Answer(failure(1, "no health"), 400), None),
        (Answer(b"", 500), None),
        (REFUSED, None),
    ],
)
async def test_what_the_checks_say(answer: Any, healthy: bool | None) -> None:
    async with played(get(POOL, pool(monitor="m1")), get(f"{POOL}/health", answer)) as (http, _):
        assert (await traffic(http).pool("pool1")).healthy is healthy


async def test_a_disabled_pool_is_never_healthy() -> None:
    async with played(get(POOL, pool(enabled=False, monitor="m1"))) as (http, _):
        found = await traffic(http).pool("pool1")
    assert (found.enabled, found.healthy) == (False, None)


async def test_what_is_known_of_a_pool() -> None:
    more: dict[str, Any] = {
        "origins": [
            {"name": "a", "address": "a.example.com", "enabled": True},
            {"name": "b", "address": "b.example.com", "enabled": False},
            {"name": "c"},
        ],
        "load_shedding": {"default_percent": 12.5, "session_percent": None},
        "modified_on": None,
        "enabled": None,
    }
    async with played(get(POOL, pool(**more))) as (http, _):
        found = await traffic(http).pool("pool1")
    assert found == Pool("pool1", "us-east", True, "", None, ("a.example.com", "c"), 12.5, 0.0)


async def test_all_pools_or_some() -> None:
    answer = get(POOLS, [pool(), pool("pool2", monitor="m1"), pool("pool3", monitor="m1")])
    second, third = get(f"{POOLS}/pool2/health", health(A=UP)), get(f"{POOLS}/pool3/health", health(A=DOWN))
    async with played(answer, second, third) as (http, _):
        found = await traffic(http).pools()
    assert [(each.id, each.healthy) for each in found] == [("pool1", None), ("pool2", True), ("pool3", False)]
    async with played(answer, third) as (http, _):
        assert [each.id for each in await traffic(http).pools(["pool3", "pool9", "pool1"])] == ["pool1", "pool3"]


@pytest.mark.parametrize("enabled", [True, False])
async def test_switching_sends_enabled_and_nothing_else(enabled: bool) -> None:
    async with played(patch({"enabled": enabled}, pool(enabled=enabled))) as (http, script):
        after = await traffic(http).set_enabled("pool1", enabled=enabled)
    assert (after.enabled, after.revision) == (enabled, REVISION)
    assert script.fresh == [True]


@pytest.mark.parametrize(
    "result", [pool(enabled=True), pool(enabled=None), pool("pool2", enabled=False), None, [], {"id": "pool1"}]
)
async def test_a_switch_that_does_not_show_is_unknown(result: Any) -> None:
    async with played(patch({"enabled": False}, result)) as (http, _):
        with pytest.raises(UnknownOutcomeError):
            await traffic(http).set_enabled("pool1", enabled=False)


async def test_a_pool_that_is_not_there_names_the_settings() -> None:
    async with played(patch({"enabled": False}, Answer(failure(1001, "pool not found"), 404))) as (http, _):
        with pytest.raises(NotAppliedError, match="1001 pool not found") as caught:
            await traffic(http).set_enabled("pool1", enabled=False)
    assert "cloudflare.account_id" in caught.value.hint
    assert "pool_id" in caught.value.hint


@pytest.mark.parametrize(
    ("before", "policy"),
    [
        (None, "random"),
        ({}, "random"),
        ({"default_policy": "random"}, "random"),
        ({"default_percent": 5, "default_policy": "hash"}, "hash"),
        ({"default_policy": "other"}, "random"),
    ],
)
async def test_shedding_keeps_the_policy_that_people_have_set(before: Any, policy: str) -> None:
    shares = {"default_percent": 30, "session_percent": 0}
    body = {"load_shedding": {**shares, "default_policy": policy, "session_policy": "hash"}}
    calls = get(POOL, pool(load_shedding=before)), patch(body, pool(load_shedding=shares))
    async with played(*calls) as (http, _):
        found = await traffic(http).set_shedding("pool1", percent=30, session_percent=0)
    assert (found.shed_percent, found.session_shed_percent) == (30, 0)


async def test_shedding_that_does_not_show_is_unknown() -> None:
    after = Answer(success(pool(load_shedding={"default_percent": 29})))
    async with played(get(POOL, pool()), Call("PATCH", POOL, after)) as (http, _):
        with pytest.raises(UnknownOutcomeError):
            await traffic(http).set_shedding("pool1", percent=30, session_percent=0)


@pytest.mark.parametrize(
    ("then", "exit_code"),
    [
        (Break(httpx.ReadTimeout("x")), ExitCode.UNREACHABLE),
        (Answer(b"", 500), ExitCode.UNREACHABLE),
        (Answer(b"", 200), ExitCode.FAILED),
        (Answer(b"", 403), ExitCode.UNAUTHORISED),
    ],
)
async def test_what_fails_before_the_write_had_no_effect(then: Any, exit_code: ExitCode) -> None:
    async with played(get(POOL, then)) as (http, _):
        with pytest.raises(NotAppliedError) as caught:
            await traffic(http).set_shedding("pool1", percent=30, session_percent=0)
    assert caught.value.exit_code is exit_code


async def test_a_limit_before_the_write_is_a_limit() -> None:
    async with played(get(POOL, Answer(b"", 429, {"retry-after": "9"}))) as (http, _):
        with pytest.raises(LimitedError) as caught:
            await traffic(http).set_shedding("pool1", percent=30, session_percent=0)
    assert caught.value.retry_after_s == 9


@pytest.mark.parametrize("percent", [-1, 100.1, float("nan"), float("inf")])
async def test_a_share_is_0_to_100(percent: float) -> None:
    async with played() as (http, _):
        for shares in ({"percent": percent, "session_percent": 0}, {"percent": 0, "session_percent": percent}):
            with pytest.raises(UsageError):
                await traffic(http).set_shedding("pool1", **shares)


@pytest.mark.parametrize("wrong", ["", "..", "../../zones", "a/b", "a?b", "a b"])
async def test_an_id_that_is_none_is_refused_before_anything_is_sent(wrong: str) -> None:
    async with played() as (http, _):
        control = traffic(http)
        with pytest.raises(UsageError, match="pool_id"):
            await control.set_enabled(wrong, enabled=True)
        with pytest.raises(UsageError, match="pool_id"):
            await control.pool(wrong)
        control = CloudflareTraffic(cloudflare_api(http), account_id=wrong, zone_id=wrong)
        with pytest.raises(UsageError, match=r"cloudflare\.account_id"):
            await control.pools()
        with pytest.raises(UsageError, match=r"cloudflare\.account_id"):
            await control.set_enabled("pool1", enabled=True)
        with pytest.raises(UsageError, match=r"cloudflare\.zone_id"):
            await control.balancers()


async def balancers(*results: Any) -> list[LoadBalancer]:
    async with played(get("/client/v4/zones/zone1/load_balancers", list(results))) as (http, _):
        return list(await traffic(http).balancers())


async def test_a_load_balancer() -> None:
    found = await balancers(
        {
            "id": "lb1",
            "name": "api.neuropilot.ai",
            "enabled": True,
            "proxied": True,
            "default_pools": ["pool1", "pool2"],
            "fallback_pool": "pool2",
            "steering_policy": "random",
            "region_pools": {"WNAM": ["pool2", "pool3"], "EEU": ["pool4"]},
            "country_pools": None,
            "pop_pools": {"LAX": ["pool5"]},
            "rules": [
                {"overrides": {"default_pools": ["pool6"], "fallback_pool": "pool7"}},
                {"overrides": {"default_pools": ["pool8"]}, "disabled": True},
                {"fixed_response": {"status_code": 503}},
            ],
        }
    )
    pools, placed = ("pool1", "pool2"), ("pool3", "pool4", "pool5", "pool6", "pool7")
    assert found == [LoadBalancer("lb1", "api.neuropilot.ai", True, pools, "pool2", "random", placed, True)]


@pytest.mark.parametrize(
    ("more", "steering"),
    [({}, "off"), ({"steering_policy": ""}, "off"), ({"steering_policy": "", "region_pools": {"EEU": ["p"]}}, "geo")],
)
async def test_an_empty_steering_policy(more: dict[str, Any], steering: str) -> None:
    (found,) = await balancers({"id": "lb1", **more})
    assert (found.steering, found.proxied, found.enabled, found.pools) == (steering, False, True, ())


async def test_hostile_text_is_cleaned() -> None:
    (balancer,) = await balancers({"id": "lb1", "name": EVIL, "default_pools": [EVIL], "steering_policy": EVIL})
    hostile = pool(name=EVIL, modified_on=EVIL, origins=[{"address": EVIL}])
    async with played(get(POOL, hostile)) as (http, _):
        found = await traffic(http).pool("pool1")
    texts = [balancer.name, *balancer.pools, balancer.steering, found.name, found.revision, *found.origins]
    assert all(text.isprintable() and text.encode() for text in texts)


@pytest.mark.parametrize("result", [[], {}, None, {"id": 7}, {"id": "../x"}, {"id": "pool1", "enabled": "no"}])
async def test_another_shape_is_an_error(result: Any) -> None:
    async with played(get(POOL, result)) as (http, _):
        with pytest.raises(BadAnswerError):
            await traffic(http).pool("pool1")


async def test_reading_a_pool_that_is_not_there() -> None:
    async with played(get(POOL, Answer(failure(1001, "not found"), 404))) as (http, _):
        with pytest.raises(DeclinedError, match="1001 not found"):
            await traffic(http).pool("pool1")
