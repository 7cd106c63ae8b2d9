"""Whether Sentry accepts the token."""

from npconsole.controls.sentry.api import SentryApi
from npconsole.errors import BadAnswerError

WHAT = "Sentry token"


class SentryCredential:
    """A CredentialCheck."""

    def __init__(self, api: SentryApi) -> None:
        self._api = api

    async def verify(self) -> str:
        """Reads one issue. Whether the token may change any shows only when it does: Sentry has no way to ask."""
        params = (("limit", "1"), ("project", "-1"))
        if not isinstance(await self._api.get("issues", what=WHAT, params=params), list):
            raise BadAnswerError(f"{WHAT}: the answer is not a list", hint="is sentry.url the address of Sentry?")
        return f"Sentry token, may read the issues of {self._api.access.organization}"
