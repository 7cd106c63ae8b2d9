import httpx
import pytest

from npconsole.errors import BadAnswerError, LimitedError, ServerError, SourceError, UnauthorisedError, UnreachableError
from tests.sources.sentry.vendor import ISSUES, Sentry, answer, event, issue, scripted

EXHAUSTED = {"X-Sentry-Rate-Limit-Remaining": "0", "X-Sentry-Rate-Limit-Reset": "1795001030"}
CROWDED = {"X-Sentry-Rate-Limit-Remaining": "39", "X-Sentry-Rate-Limit-ConcurrentRemaining": "0"}
WHOLE = {"lastRelease": {"version": "20.1.0"}, "tags": [{"key": "region", "value": "eu-west"}]}
"""Fields that leave nothing to look up."""


async def test_the_list_is_asked_for_as_documented() -> None:
    with scripted(answer([])) as sentry:
        assert (await sentry.source.read()).complete
    asked = sentry.asked[0]
    assert str(asked.url).startswith("https://sentry.example/api/0/organizations/neuro/issues/?")
    assert asked.headers["authorization"] == "Bearer sntrys_token"
    assert list(asked.url.params.multi_items()) == [
        ("project", "api"),
        ("project", "web"),
        ("environment", "production"),
        ("query", "is:unresolved"),
        ("statsPeriod", "24h"),
        ("sort", "date"),
        ("limit", "100"),
    ]


async def test_no_projects_means_all_of_them() -> None:
    with scripted(answer([]), projects=()) as sentry:
        await sentry.source.read()
    assert sentry.asked[0].url.params.get_list("project") == ["-1"]


async def test_pages_are_followed_to_the_end_and_an_issue_that_moved_counts_once() -> None:
    pages = [
        answer([issue(1, **WHOLE), issue(2, **WHOLE)], following="0:100:0"),
        answer([issue(2, **WHOLE), issue(3, **WHOLE)]),
    ]
    with scripted(*pages) as sentry:
        found = await sentry.source.read()
    assert [each.id for each in found.issues] == ["1", "2", "3"]
    assert (found.complete, found.notice) == (True, "")
    assert [request.url.params.get("cursor") for request in sentry.asked] == [None, "0:100:0"]


async def test_the_limit_ends_the_paging_and_the_list_says_that_there_are_more() -> None:
    first = answer([issue(number, **WHOLE) for number in range(100)], following="0:100:0")
    second = answer([issue(number, **WHOLE) for number in range(100, 120)], following="0:120:0")
    with scripted(first, second, limit=120) as sentry:
        found = await sentry.source.read()
    assert (len(found.issues), found.complete) == (120, False)
    assert [request.url.params["limit"] for request in sentry.asked] == ["100", "20"]


@pytest.mark.parametrize(
    ("second", "notice"),
    [
        (answer({"detail": "busy"}, status=503), "busy"),
        (answer({"detail": "Limit is 5"}, status=429, headers=EXHAUSTED), "Limit is 5"),
        (answer([issue(2, **WHOLE)], following="0:200:0", headers=EXHAUSTED), "request limit is used up"),
        (answer([issue(2, **WHOLE)], following="0:100:0"), "repeats itself"),
        (answer({"detail": "?"}), "not a list"),
    ],
)
async def test_what_stops_a_later_page_is_a_notice(second: httpx.Response, notice: str) -> None:
    with scripted(answer([issue(1, **WHOLE)], following="0:100:0"), second) as sentry:
        found = await sentry.source.read()
    assert found.issues[0].id == "1"
    assert not found.complete
    assert notice in found.notice


async def test_a_full_page_without_a_link_is_not_called_complete() -> None:
    with scripted(answer([issue(1, **WHOLE)], following=None), limit=1) as sentry:
        found = await sentry.source.read()
    assert not found.complete
    assert "does not say" in found.notice


async def test_no_further_page_is_begun_when_time_is_up() -> None:
    def slow() -> httpx.Response:
        sentry.clock.at += 9.8
        return answer([issue(1, **WHOLE)], following="0:100:0")

    with scripted(slow) as sentry:
        assert "time is up" in (await sentry.source.read()).notice


@pytest.mark.parametrize(
    ("first", "error", "match", "hint"),
    [
        (
            answer({"detail": "Invalid token"}, status=401),
            UnauthorisedError,
            "Invalid token.*sentry.token",
            "event:read",
        ),
        (answer({"detail": "No permission"}, status=403), UnauthorisedError, "sentry.token", "event:read"),
        (answer({"detail": "gone"}, status=404), BadAnswerError, "organization neuro", "sentry.organization"),
        (answer({"detail": "Invalid project"}, status=400), BadAnswerError, "Invalid project", ""),
        (answer({}, status=502), ServerError, "502", ""),
        (answer({"not": "a list"}), BadAnswerError, "not a list", "sentry.url"),
        (httpx.Response(200, content=b"<html>"), BadAnswerError, "HTML", ""),
    ],
)
async def test_what_the_first_page_fails_with(
    first: httpx.Response, error: type[SourceError], match: str, hint: str
) -> None:
    with scripted(first) as sentry, pytest.raises(error, match=match) as raised:
        await sentry.source.read()
    assert hint in raised.value.hint
    assert "sntrys_token" not in str(raised.value)


@pytest.mark.parametrize(
    ("headers", "retry_after_s"), [(EXHAUSTED, 30.0), ({"Retry-After": "12"}, 12.0), (CROWDED, 5.0), ({}, None)]
)
async def test_when_to_come_back(headers: dict[str, str], retry_after_s: float | None) -> None:
    limited = answer({"detail": "too frequently"}, status=429, headers=headers)
    with scripted(limited) as sentry, pytest.raises(LimitedError) as raised:
        await sentry.source.read()
    assert raised.value.retry_after_s == retry_after_s


async def test_nobody_answers() -> None:
    def refuse() -> httpx.Response:
        raise httpx.ConnectError("refused")

    with scripted(refuse) as sentry, pytest.raises(UnreachableError, match=r"Sentry issues at sentry\.example"):
        await sentry.source.read()


async def test_regions_and_releases_come_from_latest_events_five_at_a_time() -> None:
    page = answer([issue(number) for number in range(1, 8)])
    again = answer([issue(number) for number in range(1, 8)])
    events = [answer(event(region=f"r{number}")) for number in range(1, 8)]
    with scripted(page, *events[:5], again, *events[5:]) as sentry:
        first = await sentry.source.read()
        second = await sentry.source.read()
    assert [each.region for each in first.issues] == ["r1", "r2", "r3", "r4", "r5", "", ""]
    assert [each.region for each in second.issues] == ["r1", "r2", "r3", "r4", "r5", "r6", "r7"]
    assert {each.release for each in second.issues} == {"20.1.0"}
    assert sentry.paths[1] == f"{ISSUES}1/events/latest/"


async def test_an_issue_that_happened_again_is_looked_up_again_and_keeps_its_region_until_then() -> None:
    later = issue(1, lastSeen="2026-11-23T11:00:00Z")
    with scripted(
        answer([issue(1)]),
        answer(event(region="us-east")),
        answer([issue(1)]),
        answer([later]),
        answer({"detail": "busy"}, status=503),
        answer([later]),
        answer(event(region="eu-west")),
    ) as sentry:
        found = [await sentry.source.read() for _ in range(4)]
    assert [each.issues[0].region for each in found] == ["us-east", "us-east", "us-east", "eu-west"]
    assert [bool(each.notice) for each in found] == [False, False, True, False]
    assert "not all regions are known" in found[2].notice


async def test_no_event_is_fetched_when_the_list_says_all_or_the_limit_is_used_up() -> None:
    with scripted(answer([issue(1, **WHOLE)]), answer([issue(2)], headers=EXHAUSTED)) as sentry:
        assert (await sentry.source.read()).issues[0].region == "eu-west"
        assert (await sentry.source.read()).issues[0].region == ""


async def test_the_latest_event_of_an_issue_whose_id_is_not_a_number() -> None:
    with scripted(answer([issue(1, id="../../x?", **WHOLE)]), answer(event(region="eu-west"))) as sentry:
        found = (await sentry.source.read()).issues[0]
        latest = await sentry.source.latest_event(found)
    assert sentry.asked[1].url.raw_path.startswith(f"{ISSUES}..%2F..%2Fx%3F/events/latest/".encode())
    assert ("region", "eu-west") in latest.tags


async def test_an_event_that_is_gone() -> None:
    with scripted(answer([issue(1, **WHOLE)]), answer({"detail": "gone"}, status=404)) as sentry:
        found = (await sentry.source.read()).issues[0]
        with pytest.raises(BadAnswerError, match="latest event of API-1"):
            await sentry.source.latest_event(found)


def test_the_script_is_strict() -> None:
    with pytest.raises(AssertionError, match="nobody asked"), scripted(answer([])) as sentry:
        assert isinstance(sentry, Sentry)
