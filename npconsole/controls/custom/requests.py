"""Requests of an operator's own actions, each with a credential of its own that goes to its origin only."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from npconsole.controls.status import accepted
from npconsole.controls.writing import writing
from npconsole.errors import BadAnswerError
from npconsole.model.clock import Clock
from npconsole.model.secret import Secret
from npconsole.net.http import Credential, Http


class Requests:
    """Fulfils RequestControl. `setting` is where the token is configured; without `token` none is sent."""

    def __init__(self, http: Http, *, url: str, token: Callable[[], Secret] | None, setting: str, clock: Clock) -> None:
        parts = urlsplit(url)
        self._http = http
        self._setting = setting
        self._clock = clock
        self._credential = (
            None
            if token is None
            else Credential(f"{parts.scheme}://{parts.netloc}", "authorization", "Bearer", token, setting)
        )

    async def send(self, method: str, url: str, body: Mapping[str, str], *, deadline_s: float) -> str:
        with writing():
            answer = await self._http.request(
                method,
                url,
                what="request",
                deadline_s=deadline_s,
                json=dict(body) if body else None,
                credential=self._credential,
                fresh=True,
            )
            accepted(answer, what="request", setting=self._setting, wall=self._clock.wall())
            if not 200 <= answer.status < 300:
                raise BadAnswerError(f"request: the answer is {answer.status}, which does not say that it is done")
        return f"{answer.status}"
