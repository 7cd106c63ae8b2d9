"""The edge's cache. A purge names things in exactly one way; that it was accepted says nothing of what was removed."""

from collections.abc import Mapping, Sequence
from typing import Any

from npconsole.controls.cloudflare.api import CloudflareApi
from npconsole.controls.cloudflare.limits import Plan, purge_limits
from npconsole.controls.cloudflare.purge import purge_body
from npconsole.controls.identifier import identifier
from npconsole.controls.writing import writing
from npconsole.model.clock import Clock
from npconsole.model.controls import Allowance, CacheEntry, PurgeKind, PurgeLimits
from npconsole.net.http import Http, accept
from npconsole.net.text import clean, number

MOST_BYTES = 50_000_000
"""Of an asset whose cache status is asked for."""


class CloudflareCache:
    """A CacheControl of one zone. `http` and `deadline_s` are for asking the edge itself, without a credential."""

    def __init__(
        self, api: CloudflareApi, http: Http, *, zone_id: str, plan: Plan, deadline_s: float, clock: Clock
    ) -> None:
        self._api = api
        self._http = http
        self._zone_id = zone_id
        self._plan = plan
        self._deadline_s = deadline_s
        self._clock = clock

    @property
    def allowance(self) -> Allowance:
        return self._api.allowance

    def limits(self, kind: PurgeKind) -> PurgeLimits:
        return purge_limits(self._plan, kind)

    async def purge(self, kind: PurgeKind, values: Sequence[str]) -> None:
        """One request, with at most `limits(kind).per_request` values."""
        zone = identifier(self._zone_id, setting="cloudflare.zone_id")
        body: Mapping[str, Any] = purge_body(kind, values, most=self.limits(kind).per_request)
        hint = "look at cloudflare.zone_id; the token needs the permission Cache Purge of that zone"
        with writing():
            await self._api.send(
                "POST", "zones", zone, "purge_cache", body=body, what=f"Cloudflare purge of {kind}", hint=hint
            )

    async def cache_status(self, url: str) -> str:
        return (await self.entry(url)).status

    async def entry(self, url: str) -> CacheEntry:
        """The headers of a plain GET. A 404 may be cached; of a 429 or 5xx they say nothing: raises SourceError.

        Age is RFC 9111 section 5.1.
        """
        what = "cache status"
        answer = await self._http.request("GET", url, what=what, deadline_s=self._deadline_s, max_bytes=MOST_BYTES)
        if answer.status == 429 or answer.status >= 500:
            accept(answer, what=what, wall=self._clock.wall())
        age_s = number(answer.headers.get("age"))
        return CacheEntry(
            status=clean(answer.headers.get("cf-cache-status", ""), limit=40).upper(),
            age_s=age_s if age_s is not None and age_s >= 0 else None,
        )
