"""Requests below one organization of Sentry, and the share of requests that is left.

Writing goes to `issues/{id}/` and nowhere else: a PUT to `issues/` without ids changes every unresolved issue.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from npconsole.controls.identifier import identifier
from npconsole.controls.status import accepted
from npconsole.errors import BadAnswerError, DeclinedError, LimitedError, UnauthorisedError
from npconsole.model.clock import Clock
from npconsole.model.controls import Allowance
from npconsole.model.secret import Secret
from npconsole.net.http import Answer, Credential, Http, decode_json
from npconsole.net.text import clean, number

MOST_FIELDS = 3
CONCURRENCY_PAUSE_S = 5.0
"""Until another try when too many requests run at once: Sentry names no time for that."""


@dataclass(frozen=True, slots=True)
class SentryAccess:
    """Where Sentry is, the organization, and the token that opens it."""

    url: str
    organization: str
    token: Callable[[], Secret]
    setting: str = "sentry.token"


class SentryApi:
    """One per organization. Each request takes `deadline_s` seconds at most."""

    def __init__(self, http: Http, access: SentryAccess, *, deadline_s: float, clock: Clock) -> None:
        self._http = http
        self._access = access
        self._deadline_s = deadline_s
        self._clock = clock
        self._credential = Credential(access.url, "Authorization", "Bearer", access.token, access.setting)
        self.allowance = Allowance()

    @property
    def access(self) -> SentryAccess:
        return self._access

    async def get(self, *path: str, what: str, params: Sequence[tuple[str, str]] = ()) -> object:
        """Read. Raises SourceError."""
        return await self._request("GET", path, what=what, params=params, scope="event:read")

    def require(self, issue_id: str) -> None:
        """Raise UsageError when the organization or the issue is not an id, before anything is sent."""
        identifier(self._access.organization, setting="sentry.organization")
        identifier(issue_id, setting="the issue")

    async def update_issue(self, issue_id: str, body: Mapping[str, Any], *, what: str) -> object:
        """Write, once, on a connection of its own: a kept one may be closed, and then nobody knows what became of it.

        The issue as it is afterwards. Raises SourceError: it goes inside `writing()`.
        """
        path = ("issues", identifier(issue_id, setting="the issue"))
        return await self._request("PUT", path, what=what, body=body, scope="event:write", fresh=True)

    async def _request(
        self,
        method: str,
        path: Sequence[str],
        *,
        what: str,
        scope: str,
        params: Sequence[tuple[str, str]] = (),
        body: Mapping[str, Any] | None = None,
        fresh: bool = False,
    ) -> object:
        organization = identifier(self._access.organization, setting="sentry.organization")
        answer = await self._http.request(
            method,
            "/".join((self._access.url.rstrip("/"), "api/0/organizations", organization, *path, "")),
            what=what,
            deadline_s=self._deadline_s,
            params=params,
            json=body,
            credential=self._credential,
            max_bytes=5_000_000,
            fresh=fresh,
        )
        self.allowance = _allowance(answer.headers, wall=self._clock.wall())
        return decode_json(self._accepted(answer, what, scope), what=what)

    def _accepted(self, answer: Answer, what: str, scope: str) -> Answer:
        organization = self._access.organization
        hint = f"Sentry does not take what was sent; is it an issue of organization {organization}?"
        if answer.status == 404:
            hint = f"it is not in organization {organization}: look at sentry.organization and sentry.url"
        try:
            return accepted(answer, what=what, setting=self._access.setting, wall=self._clock.wall(), hint=hint)
        except DeclinedError as error:
            raise DeclinedError(f"{error.message}{_field_errors(answer)}", hint=error.hint) from None
        except UnauthorisedError as error:
            hint = f"{self._access.setting} needs the scope {scope} in {organization}"
            raise UnauthorisedError(error.message, hint=hint) from None
        except LimitedError as error:
            concurrent = number(answer.headers.get("x-sentry-rate-limit-concurrentremaining"))
            if concurrent == 0 and self.allowance.remaining != 0:
                raise LimitedError(error.message, CONCURRENCY_PAUSE_S, hint=error.hint) from None
            raise


def _field_errors(answer: Answer) -> str:
    """What a 400 says of single fields, such as `{"assignedTo": ["Unknown actor input"]}`; empty for other answers."""
    try:
        document = decode_json(answer, what="")
    except BadAnswerError:
        return ""
    fields = document.items() if isinstance(document, dict) else ()
    said = [f": {clean(name, limit=40)}: {clean(texts[0], limit=120)}" for name, texts in fields if _is_list(texts)]
    return "".join(said[:MOST_FIELDS])


def _is_list(texts: object) -> bool:
    return isinstance(texts, list) and bool(texts) and isinstance(texts[0], str)


def _allowance(headers: Mapping[str, str], *, wall: float) -> Allowance:
    """Per endpoint and caller; the reset is epoch seconds. https://docs.sentry.io/api/ratelimits/"""
    reset = number(headers.get("x-sentry-rate-limit-reset"))
    return Allowance(
        limit=number(headers.get("x-sentry-rate-limit-limit")),
        remaining=number(headers.get("x-sentry-rate-limit-remaining")),
        reset_s=None if reset is None else max(0.0, reset - wall),
    )
