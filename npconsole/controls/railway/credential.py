"""Whether Railway accepts the token, and for what."""

from collections.abc import Collection

from npconsole.controls.railway import operations, wire
from npconsole.controls.railway.api import RailwayApi
from npconsole.errors import UnauthorisedError
from npconsole.net.text import clean

WHAT = "Railway token"


class RailwayCredential:
    """A CredentialCheck. The ids are those of the configuration that the token has to reach."""

    def __init__(self, api: RailwayApi, *, project_id: str = "", environment_ids: Collection[str] = ()) -> None:
        self._api = api
        self._project_id = project_id
        self._environment_ids = frozenset(environment_ids) - {""}

    async def verify(self) -> str:
        """A project token belongs to one environment; of another kind of token only the workspaces are known."""
        if self._api.access.is_project_token:
            return await self._verify_project_token()
        reply = await self._api.query(operations.ACCOUNT_TOKEN, {}, what=WHAT)
        names = [clean(each.name or each.id, limit=60) for each in reply.get("apiToken", wire.ApiToken).workspaces]
        return f"Railway token of {', '.join(names[:10])}" if names else "Railway token without a workspace"

    async def _verify_project_token(self) -> str:
        reply = await self._api.query(operations.PROJECT_TOKEN, {}, what=WHAT)
        token = reply.get("projectToken", wire.ProjectToken)
        environment, project = clean(token.environment_id, limit=60), clean(token.project_id, limit=60)
        if self._project_id and token.project_id != self._project_id:
            raise self._elsewhere(f"project {project}", "railway.project_id")
        if others := sorted(self._environment_ids - {token.environment_id}):
            raise self._elsewhere(
                f"environment {environment}, and does not reach {', '.join(others)}",
                "environment_id of the regions' railway",
            )
        name = clean(token.name, limit=60)
        return f"Railway project token {name and name + ' '}of environment {environment}"

    def _elsewhere(self, where: str, setting: str) -> UnauthorisedError:
        mine = self._api.access.setting
        return UnauthorisedError(
            f"{WHAT}: it belongs to {where} (setting {mine})",
            hint=f"look at {mine} and {setting}; a token of an account or workspace reaches several environments",
        )
