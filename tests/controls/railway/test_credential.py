from typing import Any

import pytest

from npconsole.controls.railway import RailwayCredential
from npconsole.errors import UnauthorisedError
from npconsole.model.controls import CredentialCheck
from tests.controls.script import Answer, Call, played
from tests.controls.vendors import GRAPHQL, railway_api


async def verify(body: Any, *, is_project_token: bool) -> str:
    async with played(Call("POST", GRAPHQL, Answer(body))) as (http, script):
        api = railway_api(http, is_project_token=is_project_token)
        try:
            check: CredentialCheck = RailwayCredential(api, project_id="prj1", environment_ids=["env1", ""])
            return await check.verify()
        finally:
            assert ("projectToken" in script.sent[0]["query"]) is is_project_token


def project_token(**more: str) -> dict[str, Any]:
    return {"data": {"projectToken": {"projectId": "prj1", "environmentId": "env1", "name": "ci", **more}}}


async def test_a_project_token() -> None:
    assert await verify(project_token(), is_project_token=True) == "Railway project token ci of environment env1"


@pytest.mark.parametrize(
    ("owner", "setting"), [({"projectId": "prj2"}, "project_id"), ({"environmentId": "env2"}, "environment_id")]
)
async def test_a_project_token_of_somewhere_else(owner: dict[str, str], setting: str) -> None:
    with pytest.raises(UnauthorisedError, match=r"railway\.token") as caught:
        await verify(project_token(**owner), is_project_token=True)
    assert setting in caught.value.hint


@pytest.mark.parametrize(
    ("workspaces", "said"),
    [
        ([{"id": "w1", "name": "np"}, {"id": "w2"}], "Railway token of np, w2"),
        ([], "Railway token without a workspace"),
    ],
)
async def test_a_token_of_an_account_or_workspace(workspaces: Any, said: str) -> None:
    assert await verify({"data": {"apiToken": {"workspaces": workspaces}}}, is_project_token=False) == said


@pytest.mark.parametrize("is_project_token", [True, False])
async def test_a_dead_token(is_project_token: bool) -> None:
    with pytest.raises(UnauthorisedError, match=r"railway\.token"):
        await verify({"errors": [{"message": "Not Authorized"}]}, is_project_token=is_project_token)
