from typing import Any

import pytest

from npconsole.errors import ExitCode, LimitedError, NotAppliedError, UnknownOutcomeError
from tests.controls.script import Answer, Call, played
from tests.controls.vendors import GRAPHQL, railway


async def restart(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
    async with played(Call("POST", GRAPHQL, Answer(body, status, headers or {}))) as (http, script):
        try:
            await railway(http).restart("dep1")
        finally:
            assert script.sent[0]["query"].startswith("mutation restart(")
            assert script.sent[0]["variables"] == {"id": "dep1"}


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    ("message", "exit_code"),
    [
        ("Not Authorized", ExitCode.UNAUTHORISED),
        ("Project Token not found", ExitCode.UNAUTHORISED),
        ("Two Factor Authentication Required", ExitCode.UNAUTHORISED),
        ("Deployment not found", ExitCode.FAILED),
    ],
)
async def test_an_error_without_data_had_no_effect(status: int, message: str, exit_code: ExitCode) -> None:
    with pytest.raises(NotAppliedError, match=message) as caught:
        await restart({"errors": [{"message": message, "path": ["deploymentRestart"]}], "data": None}, status)
    assert caught.value.exit_code is exit_code
    assert caught.value.hint


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"deploymentRestart": False}},
        {"data": {"deploymentRestart": None}},
        {"data": {"deploymentRestart": "true"}},
        {"data": {"deploymentRestart": 1}},
        {"data": {}},
        {"data": {"deploymentRollback": True}},
        {"data": {"deploymentRestart": True}, "errors": [{"message": "lost"}]},
        {"data": None, "errors": [{"message": "Problem processing request"}]},
        {"data": None, "errors": [{"message": "oops", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]},
    ],
)
async def test_what_is_neither_confirmed_nor_refused_is_unknown(body: Any) -> None:
    with pytest.raises(UnknownOutcomeError):
        await restart(body)


@pytest.mark.parametrize("status", [400, 401, 404])
@pytest.mark.parametrize("rest", [{}, {"errors": [{"message": "Deployment not found"}]}])
async def test_a_result_beside_a_refusal_is_unknown(status: int, rest: dict[str, Any]) -> None:
    with pytest.raises(UnknownOutcomeError, match="and yet a result"):
        await restart({"data": {"deploymentRestart": True}, **rest}, status)


@pytest.mark.parametrize(
    ("reset", "wait_s"),
    [("20", 20), ("1795000030", 30), ("1795000030000", 30), ("2026-11-18T11:07:00Z", 20), ("?", None)],
)
async def test_a_limit_without_retry_after_goes_by_the_reset(reset: str, wait_s: float | None) -> None:
    with pytest.raises(LimitedError) as caught:
        await restart({}, 429, {"x-ratelimit-reset": reset})
    assert caught.value.retry_after_s == wait_s
