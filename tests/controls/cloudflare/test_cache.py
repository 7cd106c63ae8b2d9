from typing import Any

import pytest

from npconsole.controls.cloudflare import CloudflareCache, Plan
from npconsole.errors import LimitedError, NotAppliedError, ServerError, UsageError
from npconsole.model.controls import Allowance, CacheEntry, PurgeKind, PurgeLimits
from tests.controls.script import Answer, Call, Clock, played
from tests.controls.vendors import cache, cloudflare_api, failure, success

PURGE = "/client/v4/zones/zone1/purge_cache"
ACCEPTED = Answer(success({"id": "zone1"}), headers={"Ratelimit": '"default";r=50;t=30'})
URLS = ["https://a.test/x.js?v=1", "http://a.test"]


@pytest.mark.parametrize(
    ("kind", "values", "body"),
    [
        (PurgeKind.EVERYTHING, [], {"purge_everything": True}),
        (PurgeKind.URLS, URLS, {"files": URLS}),
        (PurgeKind.TAGS, ["b", "a", "b"], {"tags": ["b", "a"]}),
        (PurgeKind.PREFIXES, ["a.test/css:1/", "a.test/"], {"prefixes": ["a.test/css:1/", "a.test/"]}),
        (PurgeKind.HOSTS, ["www.a.test"], {"hosts": ["www.a.test"]}),
    ],
)
async def test_a_purge_names_things_in_one_way(kind: PurgeKind, values: list[str], body: Any) -> None:
    async with played(Call("POST", PURGE, ACCEPTED, body=body)) as (http, _):
        control = cache(http)
        await control.purge(kind, values)
    assert control.allowance == Allowance(None, 50, 30)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (PurgeKind.EVERYTHING, ["a"]),
        (PurgeKind.URLS, []),
        (PurgeKind.TAGS, []),
        (PurgeKind.TAGS, [str(number) for number in range(101)]),
        (PurgeKind.URLS, ["/app.js"]),
        (PurgeKind.URLS, ["ftp://a.test/x"]),
        (PurgeKind.URLS, ["https://a.test/x y"]),
        (PurgeKind.URLS, ["https://a.test/\u202ex"]),
        (PurgeKind.URLS, ["https://a.test/" + "x" * 8000]),
        (PurgeKind.TAGS, [""]),
        (PurgeKind.TAGS, ["a b"]),
        (PurgeKind.TAGS, ["a\n"]),
        (PurgeKind.PREFIXES, ["https://a.test/css"]),
        (PurgeKind.PREFIXES, ["a.test"]),
        (PurgeKind.HOSTS, ["a.test/css"]),
        (PurgeKind.HOSTS, ["https://a.test"]),
        (PurgeKind.HOSTS, ["*"]),
    ],
)
async def test_values_that_are_none_are_refused_before_anything_is_sent(kind: PurgeKind, values: list[str]) -> None:
    async with played() as (http, _):
        with pytest.raises(UsageError):
            await cache(http).purge(kind, values)


async def test_a_refused_purge_names_the_settings() -> None:
    async with played(Call("POST", PURGE, Answer(failure(1012, "Request must contain one of ..."), 400))) as (http, _):
        with pytest.raises(NotAppliedError, match="purge of tags: 1012 Request must") as caught:
            await cache(http).purge(PurgeKind.TAGS, ["a"])
    assert "cloudflare.zone_id" in caught.value.hint


async def test_a_token_without_the_permission() -> None:
    async with played(Call("POST", PURGE, Answer(failure(10000, "Authentication error"), 403))) as (http, _):
        with pytest.raises(NotAppliedError) as caught:
            await cache(http).purge(PurgeKind.TAGS, ["a"])
    assert "Cache Purge" in caught.value.hint
    assert "cloudflare.token" in caught.value.hint


async def test_a_missing_zone_is_named() -> None:
    async with played() as (http, _):
        api = cloudflare_api(http)
        control = CloudflareCache(api, http, zone_id="", plan=Plan.FREE, deadline_s=1, clock=Clock())
        with pytest.raises(UsageError, match=r"cloudflare\.zone_id is not set"):
            await control.purge(PurgeKind.TAGS, ["a"])


@pytest.mark.parametrize(
    ("plan", "kind", "limits"),
    [
        (Plan.FREE, PurgeKind.TAGS, PurgeLimits(100, 25, 5 / 60)),
        (Plan.PRO, PurgeKind.HOSTS, PurgeLimits(100, 25, 5)),
        (Plan.BUSINESS, PurgeKind.PREFIXES, PurgeLimits(100, 50, 10)),
        (Plan.ENTERPRISE, PurgeKind.TAGS, PurgeLimits(100, 500, 50)),
        (Plan.FREE, PurgeKind.EVERYTHING, PurgeLimits(1, 25, 5 / 60)),
        (Plan.FREE, PurgeKind.URLS, PurgeLimits(100, 8, 8)),
        (Plan.PRO, PurgeKind.URLS, PurgeLimits(100, 15, 15)),
        (Plan.BUSINESS, PurgeKind.URLS, PurgeLimits(100, 15, 15)),
        (Plan.ENTERPRISE, PurgeKind.URLS, PurgeLimits(500, 6, 6)),
    ],
)
async def test_the_limits_of_a_plan(plan: Plan, kind: PurgeKind, limits: PurgeLimits) -> None:
    async with played() as (http, _):
        assert cache(http, plan=plan).limits(kind) == limits


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer(b"x", headers={"CF-Cache-Status": "HIT"}), "HIT"),
        (Answer(b"x", headers={"CF-Cache-Status": "miss"}), "MISS"),
        (Answer(b"x"), ""),
        (Answer(b"x", 404, {"CF-Cache-Status": "EXPIRED"}), "EXPIRED"),
        (Answer(b"x", headers={"CF-Cache-Status": "A" * 500}), "A" * 39 + "…"),
    ],
)
async def test_the_cache_status_is_asked_for_plainly(answer: Answer, status: str) -> None:
    nothing: Any = {"authorization": None, "cookie": None, "range": None}
    async with played(Call("GET", "/app.js", answer, headers=nothing)) as (http, _):
        assert await cache(http).cache_status("https://edge.test/app.js") == status


@pytest.mark.parametrize(
    ("age", "age_s"), [("12", 12), ("0", 0), ("-1", None), ("nan", None), ("1e999", None), ("soon", None), ("", None)]
)
async def test_the_age_of_an_entry(age: str, age_s: float | None) -> None:
    answer = Answer(b"x", headers={"CF-Cache-Status": "HIT", "Age": age})
    async with played(Call("GET", "/app.js", answer)) as (http, _):
        assert await cache(http).entry("https://edge.test/app.js") == CacheEntry("HIT", age_s)


@pytest.mark.parametrize(("status", "kind"), [(503, ServerError), (429, LimitedError)])
async def test_an_edge_in_trouble_says_nothing_of_its_cache(status: int, kind: type[Exception]) -> None:
    answer = Answer(b"", status, {"CF-Cache-Status": "MISS"})
    async with played(Call("GET", "/app.js", answer)) as (http, _):
        with pytest.raises(kind):
            await cache(http).cache_status("https://edge.test/app.js")
