"""Requests to Railway's one GraphQL address with one token, and the share of requests that is left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from npconsole.controls.railway.allowance import read_allowance
from npconsole.controls.railway.reply import Reply, read_reply
from npconsole.errors import Failure, UnreachableError
from npconsole.model.clock import Clock
from npconsole.model.controls import Allowance
from npconsole.model.secret import Secret
from npconsole.net.http import Answer, Credential, Http


@dataclass(frozen=True, slots=True)
class RailwayAccess:
    """Where the API is and what opens it. A project token has a header of its own and reaches one environment."""

    url: str
    token: Callable[[], Secret]
    is_project_token: bool = True
    setting: str = "railway.token"

    @property
    def credential(self) -> Credential:
        """https://docs.railway.com/integrations/api; pages that name a Team-Access-Token header are wrong."""
        header, prefix = ("Project-Access-Token", "") if self.is_project_token else ("Authorization", "Bearer")
        return Credential(self.url, header, prefix, self.token, self.setting)


class RailwayApi:
    """One per token. Each request takes `deadline_s` seconds at most."""

    def __init__(self, http: Http, access: RailwayAccess, *, deadline_s: float, clock: Clock) -> None:
        self._http = http
        self._access = access
        self._deadline_s = deadline_s
        self._clock = clock
        self.allowance = Allowance()

    @property
    def access(self) -> RailwayAccess:
        return self._access

    async def query(self, operation: str, variables: Mapping[str, Any], *, what: str, hint: str = "") -> Reply:
        """Ask, and once more when a kept connection turns out to be closed: a query may be repeated."""
        try:
            answer = await self._post(operation, variables, what=what, fresh=False)
        except UnreachableError as error:
            if error.failure is not Failure.RESET:
                raise
            answer = await self._post(operation, variables, what=what, fresh=True)
        return self._reply(answer, what, hint)

    async def mutate(self, operation: str, variables: Mapping[str, Any], *, what: str, hint: str = "") -> Reply:
        """Send once, on a connection of its own: a kept one may be closed, and then nobody knew what became of it."""
        answer = await self._post(operation, variables, what=what, fresh=True)
        return self._reply(answer, what, hint)

    async def _post(self, operation: str, variables: Mapping[str, Any], *, what: str, fresh: bool) -> Answer:
        answer = await self._http.request(
            "POST",
            self._access.url,
            what=what,
            deadline_s=self._deadline_s,
            json={"query": operation, "variables": dict(variables)},
            credential=self._access.credential,
            max_bytes=5_000_000,
            fresh=fresh,
        )
        self.allowance = read_allowance(answer.headers, wall=self._clock.wall())
        return answer

    def _reply(self, answer: Answer, what: str, hint: str) -> Reply:
        return read_reply(
            answer,
            what=what,
            setting=self._access.setting,
            hint=hint,
            wall=self._clock.wall(),
            reset_s=self.allowance.reset_s,
        )
