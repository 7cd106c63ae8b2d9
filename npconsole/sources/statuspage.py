"""What the vendors say of themselves on their status pages: trouble there is no reason to restart anything here.

Pages of Statuspage's kind (`<page>/api/v2/status.json`, as Cloudflare, Neon, Sentry and most others have one):
`{"status": {"indicator": "none" | "minor" | "major" | "critical" | "maintenance", "description": "..."}}`.
"""

import asyncio
from collections.abc import Mapping

from npconsole.errors import SourceError
from npconsole.net.http import Http, accept, decode_json
from npconsole.net.text import clean

GRAVE = frozenset({"major", "critical"})
"""A minor incident is on some page on most days, and mostly of another continent."""

_MOST_BYTES = 200_000
_LONGEST = 120


class StatusPages:
    """Asks `pages`, addresses by the name of the vendor, all at once, within `deadline_s` seconds."""

    def __init__(self, http: Http, pages: Mapping[str, str], *, deadline_s: float) -> None:
        self._http = http
        self._pages = dict(pages)
        self._deadline_s = deadline_s

    async def read(self) -> str:
        """The grave trouble that vendors tell of, `cloudflare: Partial System Outage; neon: ...`; empty for none.

        Raises SourceError when no page of several could be read. One that answers is enough: a page that cannot be
        read says nothing, and must not keep a service from being healed.
        """
        found = await asyncio.gather(
            *(self._trouble(vendor, page) for vendor, page in self._pages.items()), return_exceptions=True
        )
        errors = [each for each in found if isinstance(each, BaseException)]
        for error in errors:
            if not isinstance(error, SourceError):
                raise error
        if errors and len(errors) == len(found):
            raise errors[0]
        return "; ".join(each for each in found if isinstance(each, str) and each)

    async def _trouble(self, vendor: str, page: str) -> str:
        what = f"the status page of {vendor}"
        answer = await self._http.request(
            "GET",
            f"{page.rstrip('/')}/api/v2/status.json",
            what=what,
            deadline_s=self._deadline_s,
            max_bytes=_MOST_BYTES,
        )
        body = decode_json(accept(answer, what=what, wall=0.0), what=what)
        status = body.get("status") if isinstance(body, dict) else None
        if not isinstance(status, dict) or status.get("indicator") not in GRAVE:
            return ""
        return f"{vendor}: {clean(status.get('description') or status['indicator'], limit=_LONGEST)}"
