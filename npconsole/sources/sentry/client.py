"""Requests to one organization of Sentry, and what its answers mean when they are not what was asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from npconsole.errors import BadAnswerError, LimitedError, UnauthorisedError
from npconsole.model.clock import Clock
from npconsole.model.secret import Secret
from npconsole.net.http import Answer, Credential, Http, accept, decode_json
from npconsole.net.text import number

CONCURRENCY_PAUSE_S = 5.0
"""Until another try when too many requests run at once: Sentry names no time for that."""


@dataclass(frozen=True, slots=True)
class SentryProject:
    """What is watched. No projects: all that the token may see. `setting` names the token in messages."""

    url: str
    organization: str
    token: Callable[[], Secret]
    projects: Sequence[str] = ()
    environment: str = ""
    region_tag: str = "region"
    setting: str = "sentry.token"


class SentryClient:
    """GET below `/api/0/organizations/{organization}/`. The token goes to that host only."""

    def __init__(self, http: Http, project: SentryProject, clock: Clock) -> None:
        self._http = http
        self._project = project
        self._clock = clock
        self._credential = Credential(project.url, "Authorization", "Bearer", project.token, project.setting)

    async def get(
        self, *path: str, what: str, deadline_s: float, params: Sequence[tuple[str, str]] = ()
    ) -> tuple[Any, Answer]:
        """The JSON answer, and the answer itself for its headers. Raise SourceError."""
        steps = "/".join(quote(step, safe="") for step in (self._project.organization, *path))
        answer = await self._http.request(
            "GET",
            f"{self._project.url}/api/0/organizations/{steps}/",
            what=what,
            deadline_s=deadline_s,
            params=params,
            credential=self._credential,
            max_bytes=5_000_000,
        )
        return decode_json(self._accepted(answer, what), what=what), answer

    def _accepted(self, answer: Answer, what: str) -> Answer:
        if answer.status == 404:
            raise BadAnswerError(
                f"{what}: 404, not found in organization {self._project.organization}",
                hint="look at sentry.organization and sentry.projects; sentry.url may have to name the region's host",
            )
        try:
            return accept(answer, what=what, setting=self._project.setting, wall=self._clock.wall())
        except UnauthorisedError as error:
            hint = f"{self._project.setting} needs the scope event:read in {self._project.organization}"
            raise UnauthorisedError(error.message, hint=hint) from None
        except LimitedError as error:
            if _is_zero(answer, "concurrentremaining") and not _is_zero(answer, "remaining"):
                raise LimitedError(error.message, CONCURRENCY_PAUSE_S, hint=error.hint) from None
            raise


def is_used_up(answer: Answer) -> bool:
    """Whether the caller's share of requests to this endpoint is used up, though this one was answered."""
    return _is_zero(answer, "remaining") or _is_zero(answer, "concurrentremaining")


def _is_zero(answer: Answer, name: str) -> bool:
    return number(answer.headers.get(f"x-sentry-rate-limit-{name}")) == 0
