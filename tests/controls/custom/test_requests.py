"""Requests of an operator's own actions: only an answer of 200 to 299 says that it is done."""

import httpx
import pytest

from npconsole.controls.custom import Requests
from npconsole.errors import ExitCode, LimitedError, NotAppliedError, NpconsoleError, UnknownOutcomeError
from npconsole.net.http import Http
from tests.controls.script import NO_CONNECTION, TOKEN, Answer, Break, Call, Clock, Hang, played, token

URL = "https://queues.example.com/drain"


def requests(http: Http, *, secret: bool = True) -> Requests:
    return Requests(http, url=URL, token=token if secret else None, setting="custom_actions[0].do.token", clock=Clock())


async def test_the_body_and_the_token_go_out_once_on_a_connection_of_their_own() -> None:
    headers = {"authorization": f"Bearer {TOKEN}"}
    call = Call("POST", "/drain/a", Answer({"ok": True}), body={"region": "us-east"}, headers=headers)
    async with played(call) as (http, script):
        assert await requests(http).send("POST", f"{URL}/a", {"region": "us-east"}, deadline_s=1) == "200"
        assert script.fresh == [True]


async def test_without_body_and_token_neither_is_sent() -> None:
    headers: dict[str, str] = {}
    async with played(Call("DELETE", "/drain", Answer(b"", 204), body=None, headers=headers)) as (http, _):
        assert await requests(http, secret=False).send("DELETE", URL, {}, deadline_s=1) == "204"


@pytest.mark.parametrize(
    ("then", "kind", "code"),
    [
        (Answer({}, 404), NotAppliedError, ExitCode.FAILED),
        (Answer({}, 401), NotAppliedError, ExitCode.UNAUTHORISED),
        (Answer({}, 429), LimitedError, ExitCode.UNREACHABLE),
        (Answer({}, 503), UnknownOutcomeError, ExitCode.UNVERIFIED),
        (Answer({}, 302), UnknownOutcomeError, ExitCode.UNVERIFIED),
        (Hang(), UnknownOutcomeError, ExitCode.UNVERIFIED),
        (NO_CONNECTION, NotAppliedError, ExitCode.UNREACHABLE),
        (Break(httpx.ReadTimeout("x")), UnknownOutcomeError, ExitCode.UNVERIFIED),
    ],
)
async def test_what_an_answer_means(then: Answer | Break | Hang, kind: type[NpconsoleError], code: ExitCode) -> None:
    async with played(Call("POST", "/drain", then)) as (http, _):
        with pytest.raises(kind) as caught:
            await requests(http).send("POST", URL, {}, deadline_s=0.2)
    assert caught.value.exit_code is code


async def test_the_token_goes_to_its_own_origin_only() -> None:
    async with played() as (http, _):
        with pytest.raises(NotAppliedError):
            await requests(http).send("POST", "https://elsewhere.example.com/", {}, deadline_s=1)
