"""Who calls Cloudflare, by a token of a user or of an account. https://developers.cloudflare.com/fundamentals/api/"""

import hashlib
import re
from dataclasses import dataclass

from npconsole.sim.cloudflare.envelope import ApiError

_FORM = re.compile(r"bearer +[A-Za-z0-9_-]{40,}", re.IGNORECASE)
MALFORMED = {"code": 6111, "message": "Invalid format for Authorization header"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """`writer` and `reader` are a user's, `account` is owned by the account; `reader` may not change anything."""

    writer: str
    reader: str
    account: str


@dataclass(frozen=True, slots=True)
class Caller:
    """`name` is what the record says of whoever changes something."""

    name: str
    may_write: bool
    is_users: bool

    @property
    def id(self) -> str:
        """The token's own id, which is no secret."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:32]


def caller_of(authorization: str | None, tokens: Tokens) -> Caller | None:
    """Who the header names; None for a token that is not known. Raises ApiError when it cannot be a token."""
    if not authorization:
        message = "Missing X-Auth-Key, X-Auth-Email or Authorization headers"
        raise ApiError(400, 9106, message)
    if _FORM.fullmatch(authorization) is None:
        raise ApiError(400, 6003, "Invalid request headers", chain=[MALFORMED])
    token = authorization.split()[1]
    return {
        tokens.writer: Caller("npconsole", may_write=True, is_users=True),
        tokens.reader: Caller("reader", may_write=False, is_users=True),
        tokens.account: Caller("npconsole-account", may_write=True, is_users=False),
    }.get(token)
