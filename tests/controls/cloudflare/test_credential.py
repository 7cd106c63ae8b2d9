from typing import Any

import pytest

from npconsole.controls.cloudflare import CloudflareCredential
from npconsole.errors import BadAnswerError, ServerError, UnauthorisedError, UsageError
from npconsole.model.controls import CredentialCheck
from tests.controls.script import TOKEN, Answer, Call, played
from tests.controls.vendors import cloudflare_api, failure, success

USER, ACCOUNT = "/client/v4/user/tokens/verify", "/client/v4/accounts/acc1/tokens/verify"


async def verify(answer: Answer, *, path: str = USER, account_id: str = "") -> str:
    call = Call("GET", path, answer, headers={"authorization": f"Bearer {TOKEN}"})
    async with played(call) as (http, _):
        check: CredentialCheck = CloudflareCredential(cloudflare_api(http), account_id=account_id)
        return await check.verify()


def token(**more: Any) -> Answer:
    return Answer(success({"id": "t1", "status": "active", **more}, messages=[{"code": 10000, "message": "valid"}]))


async def test_a_user_token() -> None:
    assert await verify(token()) == "Cloudflare token, active"


async def test_an_account_token_that_ends() -> None:
    said = await verify(token(expires_on="2027-01-01T00:00:00Z"), path=ACCOUNT, account_id="acc1")
    assert said == "Cloudflare token, active until 2027-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "answer",
    [
        token(status="disabled"),
        token(status="expired"),
        token(status="frozen"),
        token(status=""),
        Answer(failure(1000, "Invalid API Token"), 400),
        Answer(failure(6003, "Invalid request headers"), 400),
        Answer(failure(10000, "Authentication error"), 403),
        Answer(b"", 401),
    ],
)
async def test_a_token_that_is_not_good_names_the_settings(answer: Answer) -> None:
    with pytest.raises(UnauthorisedError, match=r"setting cloudflare\.token") as caught:
        await verify(answer)
    assert "cloudflare.token_owner" in caught.value.hint


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(Answer(success({})), BadAnswerError), (Answer(success(None)), BadAnswerError), (Answer(b"", 502), ServerError)],
)
async def test_an_accident_says_nothing_of_the_token(answer: Answer, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        await verify(answer)


async def test_an_account_that_is_none() -> None:
    async with played() as (http, _):
        with pytest.raises(UsageError, match=r"cloudflare\.account_id"):
            await CloudflareCredential(cloudflare_api(http), account_id="..").verify()
