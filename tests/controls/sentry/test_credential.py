import pytest

from npconsole.controls.sentry import SentryCredential
from npconsole.errors import BadAnswerError, UnauthorisedError
from npconsole.model.controls import CredentialCheck
from tests.controls.script import Answer, Call, played
from tests.controls.vendors import ORGANIZATION, issue, sentry_api

PATH = f"{ORGANIZATION}/issues/?limit=1&project=-1"


async def verify(answer: Answer) -> str:
    async with played(Call("GET", PATH, answer)) as (http, _):
        check: CredentialCheck = SentryCredential(sentry_api(http))
        return await check.verify()


async def test_a_token_that_reads_issues() -> None:
    assert await verify(Answer([issue()])) == "Sentry token, may read the issues of np"


async def test_a_token_that_does_not() -> None:
    with pytest.raises(UnauthorisedError, match=r"sentry\.token"):
        await verify(Answer({"detail": "Invalid token"}, 401))


async def test_an_address_that_is_not_sentrys() -> None:
    with pytest.raises(BadAnswerError):
        await verify(Answer({"hello": "world"}))
