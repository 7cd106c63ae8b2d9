"""Whether Cloudflare accepts the token. Tokens of a user and of an account are verified at different addresses."""

from msgspec import Struct

from npconsole.controls.cloudflare.api import CloudflareApi
from npconsole.controls.identifier import identifier
from npconsole.controls.shape import shaped
from npconsole.errors import DeclinedError, UnauthorisedError
from npconsole.net.text import clean

WHAT = "Cloudflare token"


class Token(Struct, frozen=True):
    """What is said of a token: active, disabled or expired."""

    status: str
    expires_on: str | None = None


class CloudflareCredential:
    """A CredentialCheck. `account_id` is that of the account that owns the token, empty for a user's."""

    def __init__(self, api: CloudflareApi, *, account_id: str = "") -> None:
        self._api = api
        self._account_id = account_id

    async def verify(self) -> str:
        """Says that the token is alive, not what it may do: Cloudflare does not tell the token that."""
        setting = self._api.access.setting
        hint = f"look at {setting}, and whether cloudflare.token_owner is right: user or account"
        path: tuple[str, ...] = ("user",)
        if self._account_id:
            path = ("accounts", identifier(self._account_id, setting="cloudflare.account_id"))
        try:
            result = (await self._api.get(*path, "tokens", "verify", what=WHAT)).result
        except (DeclinedError, UnauthorisedError) as error:
            named = error.message if setting in error.message else f"{error.message} (setting {setting})"
            raise UnauthorisedError(named, hint=hint) from None
        token = shaped(result, Token, what=WHAT)
        status = clean(token.status, limit=40)
        if status != "active":
            raise UnauthorisedError(f"{WHAT}: it is {status or 'of no status'} (setting {setting})", hint=hint)
        until = clean(token.expires_on, limit=40)
        return f"Cloudflare token, active until {until}" if until else "Cloudflare token, active"
