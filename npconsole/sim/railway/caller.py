"""Who calls Railway: an account token comes as Bearer, a project token in a header of its own.

https://docs.railway.com/integrations/api
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class TokenKind(StrEnum):
    """What a token is good for; none is not even that."""

    PROJECT = "project"
    ACCOUNT = "account"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens that are known."""

    project: str
    account: str


@dataclass(frozen=True, slots=True)
class Caller:
    """`name` is what the record says of whoever changes something."""

    kind: TokenKind
    name: str = ""


PROJECT = Caller(TokenKind.PROJECT, "npconsole")
ACCOUNT = Caller(TokenKind.ACCOUNT, "ops")
NOBODY = Caller(TokenKind.NONE)


def caller_of(headers: Mapping[str, str], tokens: Tokens) -> Caller:
    """Who the headers of a request name. A token in the wrong header counts for nothing."""
    project = headers.get("project-access-token")
    if project is not None:
        return PROJECT if project == tokens.project else NOBODY
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return ACCOUNT if scheme.lower() == "bearer" and token == tokens.account else NOBODY
