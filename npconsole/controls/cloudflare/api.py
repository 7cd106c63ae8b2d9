"""Requests to Cloudflare's API with one token, and the share of requests that is left."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from npconsole.controls.cloudflare.allowance import read_allowance
from npconsole.controls.cloudflare.envelope import Envelope, open_envelope
from npconsole.errors import BadAnswerError
from npconsole.model.clock import Clock
from npconsole.model.controls import Allowance
from npconsole.model.secret import Secret
from npconsole.net.http import Credential, Http

MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class CloudflareAccess:
    """Where the API is, `/client/v4` included, and the token that opens it."""

    url: str
    token: Callable[[], Secret]
    setting: str = "cloudflare.token"

    @property
    def credential(self) -> Credential:
        return Credential(self.url, "Authorization", "Bearer", self.token, self.setting)


class CloudflareApi:
    """One per token. Steps of a path are ids or fixed words. Each request takes `deadline_s` seconds at most."""

    def __init__(self, http: Http, access: CloudflareAccess, *, deadline_s: float, clock: Clock) -> None:
        self._http = http
        self._access = access
        self._deadline_s = deadline_s
        self._clock = clock
        self.allowance = Allowance()

    @property
    def access(self) -> CloudflareAccess:
        return self._access

    async def get(self, *path: str, what: str, hint: str = "", params: Sequence[tuple[str, str]] = ()) -> Envelope:
        """Read. Raises SourceError."""
        return await self._request("GET", path, what=what, hint=hint, params=params)

    async def send(self, method: str, *path: str, body: Mapping[str, Any], what: str, hint: str = "") -> Any:
        """Write, once, on a connection of its own: a kept one may be closed, and then nobody knows what became of it.

        The result. Raises SourceError: it goes inside `writing()`.
        """
        return (await self._request(method, path, what=what, hint=hint, body=body, fresh=True)).result

    async def list_all(self, *path: str, what: str, hint: str = "") -> list[Any]:
        """All pages of a list. Raises SourceError, also when the list is not complete: a pool left out is no pool."""
        found: list[Any] = []
        params: tuple[tuple[str, str], ...] = ()
        for page in range(1, MOST_PAGES + 1):
            envelope = await self.get(*path, what=what, hint=hint, params=params)
            if not isinstance(envelope.result, list):
                raise BadAnswerError(f"{what}: the answer is not a list")
            if page > 1 and (not envelope.result or envelope.result == found[-len(envelope.result) :]):
                break
            found += envelope.result
            info = envelope.result_info
            if info is None or info.total_count is None or len(found) >= info.total_count:
                return found
            size = (("per_page", f"{info.per_page:.0f}"),) if info.per_page else ()
            params = (("page", str(page + 1)), *size)
        raise BadAnswerError(f"{what}: Cloudflare has more of them than it lists")

    async def _request(
        self,
        method: str,
        path: Sequence[str],
        *,
        what: str,
        hint: str,
        params: Sequence[tuple[str, str]] = (),
        body: Mapping[str, Any] | None = None,
        fresh: bool = False,
    ) -> Envelope:
        answer = await self._http.request(
            method,
            "/".join((self._access.url.rstrip("/"), *path)),
            what=what,
            deadline_s=self._deadline_s,
            params=params,
            json=body,
            credential=self._access.credential,
            max_bytes=5_000_000,
            fresh=fresh,
        )
        self.allowance = read_allowance(answer.headers)
        return open_envelope(
            answer,
            what=what,
            setting=self._access.setting,
            hint=hint,
            wall=self._clock.wall(),
            reset_s=self.allowance.reset_s,
        )
