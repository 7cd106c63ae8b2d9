"""Ids that go into a vendor's path or variables. One that is empty or `..` would name something else altogether."""

import re
from typing import Annotated

from msgspec import Meta

from npconsole.errors import UsageError
from npconsole.net.text import clean

FORM = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\Z"

Identifier = Annotated[str, Meta(pattern=FORM)]
"""An id in a vendor's answer, in the form that we would send back."""


def identifier(value: str, *, setting: str) -> str:
    """The id, if it is one. `setting` says in the UsageError where it comes from."""
    if not value:
        raise UsageError(f"{setting} is not set", hint=f"set {setting}")
    if re.match(FORM, value) is None:
        raise UsageError(f"{setting} is not an id: {clean(value, limit=60)}", hint=f"look at {setting}")
    return value
