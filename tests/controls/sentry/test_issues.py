from typing import Any

import pytest

from npconsole.controls.sentry import SentryAccess, SentryApi, SentryIssueControl
from npconsole.errors import (
    BadAnswerError,
    DeclinedError,
    LimitedError,
    NotAppliedError,
    UnauthorisedError,
    UnknownOutcomeError,
    UsageError,
)
from npconsole.model.controls import Allowance, IssueStatus
from tests.controls.script import TOKEN, WALL, Answer, Call, Clock, played, token
from tests.controls.vendors import ORGANIZATION, issue, sentry

LINA = {"type": "user", "id": "5", "name": "lina", "email": "Lina@np.ai"}
OPS = {"type": "team", "id": "9", "name": "ops"}
EVIL = "a\x1b]52;c;aGk=\x07\u202eb\ud800"


def put(body: Any, then: Any) -> Call:
    answer = then if isinstance(then, Answer) else Answer(then)
    path = f"{ORGANIZATION}/issues/77/"
    return Call("PUT", path, answer, body=body, headers={"authorization": f"Bearer {TOKEN}"})


def get(path: str, then: Any) -> Call:
    return Call("GET", f"{ORGANIZATION}/{path}", then if isinstance(then, Answer) else Answer(then))


@pytest.mark.parametrize("in_next_release", [True, False])
async def test_resolve(in_next_release: bool) -> None:
    status = "resolvedInNextRelease" if in_next_release else "resolved"
    async with played(put({"status": status}, issue())) as (http, _):
        await sentry(http).resolve("77", in_next_release=in_next_release)


async def test_archive() -> None:
    body = {"status": "ignored", "substatus": "archived_until_escalating"}
    async with played(put(body, issue(**body))) as (http, _):
        await sentry(http).archive("77")


@pytest.mark.parametrize("substatus", ["archived_forever", "ongoing"])
async def test_another_kind_of_archiving_is_unknown(substatus: str) -> None:
    body = {"status": "ignored", "substatus": "archived_until_escalating"}
    async with played(put(body, issue("ignored", substatus=substatus))) as (http, _):
        with pytest.raises(UnknownOutcomeError):
            await sentry(http).archive("77")


@pytest.mark.parametrize(
    ("to", "assigned"),
    [("user:5", LINA), ("5", LINA), ("lina@np.ai", LINA), ("lina", LINA), ("team:9", OPS), ("", None)],
)
async def test_assign(to: str, assigned: Any) -> None:
    async with played(put({"assignedTo": to}, issue("unresolved", assignedTo=assigned))) as (http, _):
        await sentry(http).assign("77", to)


@pytest.mark.parametrize(("to", "assigned"), [("user:5", None), ("", LINA), ("user:5", OPS), ("team:5", LINA)])
async def test_an_assignment_that_does_not_show_is_unknown(to: str, assigned: Any) -> None:
    async with played(put({"assignedTo": to}, issue("unresolved", assignedTo=assigned))) as (http, _):
        with pytest.raises(UnknownOutcomeError):
            await sentry(http).assign("77", to)


@pytest.mark.parametrize("to", ["a b", "user:5\n", "\x1b[31m", "x" * 201, "\u202euser:5"])
async def test_nobody_has_such_a_name(to: str) -> None:
    async with played() as (http, _):
        with pytest.raises(UsageError):
            await sentry(http).assign("77", to)


async def test_an_actor_that_sentry_does_not_know_is_said_with_its_field() -> None:
    answer = Answer({"assignedTo": ["Unknown actor input"]}, 400)
    async with played(put({"assignedTo": "x@np.ai"}, answer)) as (http, _):
        with pytest.raises(NotAppliedError, match="assignedTo: Unknown actor input"):
            await sentry(http).assign("77", "x@np.ai")


async def test_status_and_back() -> None:
    before = IssueStatus("unresolved", "regressed", "user:5")
    body = {"status": "unresolved", "substatus": "regressed", "assignedTo": "user:5"}
    was = issue("unresolved", substatus="regressed", assignedTo=LINA)
    async with played(get("issues/77/", was), put(body, was)) as (http, _):
        assert await sentry(http).status("77") == before
        await sentry(http).restore("77", before)


async def test_back_to_nobody_without_a_substatus() -> None:
    async with played(put({"status": "resolved", "assignedTo": ""}, issue())) as (http, _):
        await sentry(http).restore("77", IssueStatus("resolved", "", ""))


@pytest.mark.parametrize("status", ["", "pending_deletion", "reprocessing", "a\x1b"])
async def test_a_status_that_cannot_be_put_back(status: str) -> None:
    async with played() as (http, _):
        with pytest.raises(UsageError):
            await sentry(http).restore("77", IssueStatus(status, "", ""))


@pytest.mark.parametrize("answer", [issue("unresolved"), issue("ignored"), {}, {"status": None}, [issue()], None])
async def test_a_change_that_does_not_show_is_unknown(answer: Any) -> None:
    async with played(put({"status": "resolved"}, answer)) as (http, _):
        with pytest.raises(UnknownOutcomeError):
            await sentry(http).resolve("77", in_next_release=False)


@pytest.mark.parametrize("wrong", ["", ".", "..", "../..", "77/", "77?status=x", "%2e%2e", "a b", "7" * 129])
async def test_no_write_leaves_the_path_of_one_issue(wrong: str) -> None:
    """A PUT to `issues/` would change every unresolved issue, one to `issues/../` the organization."""
    async with played() as (http, _):
        control = sentry(http)
        calls = (
            lambda: control.resolve(wrong, in_next_release=False),
            lambda: control.archive(wrong),
            lambda: control.assign(wrong, "user:5"),
            lambda: control.restore(wrong, IssueStatus("resolved", "", "")),
            lambda: control.status(wrong),
        )
        for call in calls:
            with pytest.raises(UsageError):
                await call()


@pytest.mark.parametrize("organization", ["", "..", "np/issues"])
async def test_no_request_without_an_organization(organization: str) -> None:
    async with played() as (http, _):
        access = SentryAccess("https://sentry.test", organization, token)
        control = SentryIssueControl(SentryApi(http, access, deadline_s=1, clock=Clock()))
        with pytest.raises(UsageError, match=r"sentry\.organization"):
            await control.status("77")
        with pytest.raises(UsageError, match=r"sentry\.organization"):
            await control.archive("77")


async def test_a_short_id() -> None:
    async with played(get("shortids/API-12/", {"groupId": "77", "shortId": "API-12", "group": {}})) as (http, _):
        assert await sentry(http).find("api-12") == "77"


@pytest.mark.parametrize("answer", [{}, {"groupId": None}, {"groupId": ""}, {"groupId": "../x"}, {"groupId": 77}, []])
async def test_a_short_id_without_an_id(answer: Any) -> None:
    async with played(get("shortids/API-12/", answer)) as (http, _):
        with pytest.raises(BadAnswerError):
            await sentry(http).find("API-12")


async def test_a_short_id_that_is_not_there() -> None:
    missing = Answer({"detail": "The requested resource does not exist"}, 404)
    async with played(get("shortids/API-12/", missing)) as (http, _):
        with pytest.raises(DeclinedError, match="Sentry issue API-12") as caught:
            await sentry(http).find("API-12")
    assert "organization np" in caught.value.hint


@pytest.mark.parametrize("status", [401, 403])
async def test_a_token_that_may_not_names_the_scope(status: int) -> None:
    refusal = Answer({"detail": "You do not have permission"}, status)
    async with played(get("issues/77/", refusal), put({"status": "resolved"}, refusal)) as (http, _):
        with pytest.raises(UnauthorisedError, match=r"sentry\.token") as reading:
            await sentry(http).status("77")
        with pytest.raises(NotAppliedError, match=r"sentry\.token") as changing:
            await sentry(http).resolve("77", in_next_release=False)
    assert "event:read" in reading.value.hint
    assert "event:write" in changing.value.hint


def limited(**more: str) -> Answer:
    names = {"remaining": "Remaining", "concurrent": "ConcurrentRemaining", "reset": "Reset"}
    return Answer({"detail": "too fast"}, 429, {f"X-Sentry-Rate-Limit-{names[key]}": more[key] for key in more})


@pytest.mark.parametrize(
    ("answer", "wait_s"),
    [
        (limited(remaining="0", reset=str(WALL + 20)), 20),
        (limited(remaining="0", concurrent="0", reset=str(WALL + 20)), 20),
        (limited(remaining="30", concurrent="0", reset=str(WALL + 50)), 5),
        (limited(), None),
    ],
)
async def test_limits(answer: Answer, wait_s: float | None) -> None:
    async with played(get("issues/77/", answer)) as (http, _):
        with pytest.raises(LimitedError) as caught:
            await sentry(http).status("77")
    assert caught.value.retry_after_s == wait_s


async def test_the_share_of_requests_that_is_left() -> None:
    headers = {
        "X-Sentry-Rate-Limit-Limit": "40",
        "X-Sentry-Rate-Limit-Remaining": "39",
        "X-Sentry-Rate-Limit-Reset": str(WALL + 1),
    }
    async with played(get("issues/77/", Answer(issue(), headers=headers))) as (http, _):
        control = sentry(http)
        await control.status("77")
    assert control.allowance == Allowance(40, 39, 1)


async def test_hostile_text_is_cleaned() -> None:
    was = issue(EVIL, substatus=EVIL, assignedTo={"type": EVIL, "id": EVIL})
    async with played(get("issues/77/", was)) as (http, _):
        found = await sentry(http).status("77")
    texts = [found.status, found.substatus, found.assigned_to]
    assert all(text.isprintable() and text.encode() for text in texts)
