"""The body of a purge request: exactly one of `purge_everything`, `files`, `tags`, `prefixes`, `hosts`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from npconsole.errors import UsageError
from npconsole.model.controls import PurgeKind
from npconsole.net.text import clean

LONGEST = 8000
"""Of one value, in characters: beyond this it is a mistake."""

_FIELDS = {
    PurgeKind.URLS: ("files", r"https?://[^\s/?#]+[^\s#]*", "a whole address, such as https://example.com/app.js"),
    PurgeKind.TAGS: ("tags", r"[\x21-\x7e]+", "a cache tag, which has no spaces"),
    PurgeKind.PREFIXES: ("prefixes", r"[A-Za-z0-9.-]+/[^\s?#]*", "host and path, such as example.com/css/"),
    PurgeKind.HOSTS: ("hosts", r"[A-Za-z0-9.-]+", "a host name, such as www.example.com"),
}
"""Field, form and the words for the form of each kind."""


def purge_body(kind: PurgeKind, values: Sequence[str], *, most: int) -> Mapping[str, Any]:
    """The body, with each value once. Raises UsageError for none, too many, or one without the form of its kind."""
    if kind is PurgeKind.EVERYTHING:
        if values:
            raise UsageError(
                "a purge of everything names nothing", hint="leave the values out, or purge by another kind"
            )
        return {"purge_everything": True}
    field, form, words = _FIELDS[kind]
    wanted = list(dict.fromkeys(values))
    if not 1 <= len(wanted) <= most:
        raise UsageError(f"a purge of {kind} takes 1 to {most} values in a request, not {len(wanted)}")
    for value in wanted:
        if len(value) > LONGEST or re.fullmatch(form, value) is None or clean(value, limit=LONGEST) != value:
            raise UsageError(f"purge of {kind}: {clean(value, limit=80) or 'an empty value'} is not {words}")
    return {field: wanted}
