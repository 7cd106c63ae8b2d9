from typing import Any

import pytest

from npconsole.errors import BadAnswerError, DeclinedError, LimitedError, NpconsoleError, ServerError, UnauthorisedError
from tests.controls.script import TOKEN, Answer, Call, played
from tests.controls.vendors import cloudflare_api, failure, success

PATH = "/client/v4/zones/zone1/load_balancers"
MALFORMED = failure(
    6003, "Invalid request headers", error_chain=[{"code": 6111, "message": "Invalid format for Authorization header"}]
)


async def listed(*answers: Answer, queries: tuple[str, ...] = ("",)) -> list[Any]:
    calls = [Call("GET", PATH + query, answer) for query, answer in zip(queries, answers, strict=True)]
    async with played(*calls) as (http, _):
        return await cloudflare_api(http).list_all("zones", "zone1", "load_balancers", what="balancers", hint="look")


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (Answer(MALFORMED, 400), UnauthorisedError, "6003 Invalid request headers; 6111 Invalid format"),
        (Answer(failure(10000, "Authentication error"), 403), UnauthorisedError, "10000 Authentication error"),
        (Answer(failure(10000, "Authentication error"), 400), UnauthorisedError, "Authentication error"),
        (Answer(failure(9109, "Invalid access token"), 400), UnauthorisedError, "9109 Invalid access token"),
        (Answer(failure(1, "anything"), 401), UnauthorisedError, "1 anything"),
        (Answer(failure(7003, "No route for the URI"), 404), DeclinedError, "7003 No route for the URI"),
        (Answer(failure(1001, "not found"), 200), DeclinedError, "1001 not found"),
        (Answer({"success": False}, 200), DeclinedError, "no success, and no reason"),
        (Answer({"success": False, "errors": "text"}, 400), DeclinedError, "no reason"),
        (Answer({"success": False, "errors": [None, "x", {"message": "m"}]}, 400), DeclinedError, "balancers: m"),
        (Answer({"success": True, "result": []}, 400), BadAnswerError, "not one of Cloudflare's API"),
        (Answer({"success": "true", "result": []}), BadAnswerError, "not one of Cloudflare's API"),
        (Answer({"success": 1, "result": []}), BadAnswerError, "not one of Cloudflare's API"),
        (Answer({"result": []}), BadAnswerError, "not one of Cloudflare's API"),
        (Answer(success({})), BadAnswerError, "not a list"),
        (Answer(success([], result_info={"total_count": "many"})), BadAnswerError, "another shape"),
        (Answer(b"<html>", 403), UnauthorisedError, "403 Forbidden"),
        (Answer(b"<html>", 404), DeclinedError, "404 Not Found"),
        (Answer(b"error code: 1015", 429), LimitedError, "error code: 1015"),
        (Answer(success([]), 502), ServerError, "502 Bad Gateway"),
    ],
)
async def test_what_is_no_success(answer: Answer, kind: type[NpconsoleError], said: str) -> None:
    with pytest.raises(kind) as caught:
        await listed(answer)
    assert type(caught.value) is kind
    assert said in caught.value.message
    assert TOKEN not in caught.value.message
    if kind is UnauthorisedError:
        assert "cloudflare.token" in caught.value.message
        assert "cloudflare.token" in caught.value.hint


async def test_the_success_text_of_code_10000_is_no_error() -> None:
    message = {"code": 10000, "message": "This API Token is valid and active", "type": None}
    assert await listed(Answer(success([1], messages=[message], errors=None))) == [1]


def page(items: list[int], total: int, per_page: int | None = 2) -> Answer:
    return Answer(success(items, result_info={"page": 1, "per_page": per_page, "total_count": total, "count": 2}))


async def test_pages_are_read_to_the_end() -> None:
    answers = page([1, 2], 5), page([3, 4], 5), page([5], 5)
    assert await listed(*answers, queries=("", "?page=2&per_page=2", "?page=3&per_page=2")) == [1, 2, 3, 4, 5]


async def test_a_vendor_without_a_page_size_is_asked_without_one() -> None:
    assert await listed(page([1], 2, None), page([2], 2, None), queries=("", "?page=2")) == [1, 2]


async def test_one_page_without_a_count_is_all() -> None:
    assert await listed(Answer(success([1, 2]))) == [1, 2]


@pytest.mark.parametrize("second", [[1, 2], []])
async def test_a_list_that_is_not_complete_is_an_error(second: list[int]) -> None:
    with pytest.raises(BadAnswerError, match="more of them than it lists"):
        await listed(page([1, 2], 5), page(second, 5), queries=("", "?page=2&per_page=2"))


async def test_a_limit_without_retry_after_goes_by_the_ratelimit_header() -> None:
    with pytest.raises(LimitedError) as caught:
        await listed(Answer(failure(971, "slow down"), 429, {"Ratelimit": '"default";r=0;t=30'}))
    assert caught.value.retry_after_s == 30
