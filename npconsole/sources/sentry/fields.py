"""Single fields of Sentry's JSON. Nothing here raises: what is missing, null or of another type is empty or None."""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from npconsole.net.text import clean, number


def mapping(value: object) -> Mapping[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects in a list."""
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def text(value: object, *, limit: int = 200, lines: bool = False) -> str:
    """Cleaned text of a string or number; empty for null and for whole structures."""
    return clean(value, limit=limit, lines=lines) if isinstance(value, str | int | float) else ""


def count(value: object) -> int:
    """A count of at least 0, also from its text: Sentry writes `count` as a string."""
    return max(0, math.floor(number(value) or 0))


def wall(value: object) -> float | None:
    """Epoch seconds of an ISO 8601 date; one without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return None if moment is None else (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def release(value: object) -> str:
    """The version of a release, which comes as an object, or as its bare name."""
    return text(mapping(value).get("version") if isinstance(value, dict) else value)


def tags(value: object) -> tuple[tuple[str, str], ...]:
    """The first 100 `{"key": …, "value": …}` of a list."""
    pairs = ((text(each.get("key"), limit=100), text(each.get("value"))) for each in mappings(value))
    return tuple(pair for pair in pairs if pair[0])[:100]
