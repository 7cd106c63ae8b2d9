"""What may be written down: cleaned, bounded, plain JSON. No value that comes in can make a row that does not come out.

Text for people is cut. Text for machines (an undo, a parameter) is never altered: it is stored whole or refused.
"""

import json
import math
from collections.abc import Iterable, Mapping
from itertools import islice

from npconsole.errors import UsageError
from npconsole.net.text import clean

NAME_LIMIT = 128
TEXT_LIMIT = 500
OUTCOME_LIMIT = 2000
EXACT_LIMIT = 64 * 1024
DATA_LIMIT = 64 * 1024
RESULT_LIMIT = 512 * 1024
REQUEST_LIMIT = 4 * 1024 * 1024
MOST_ROWS = 10_000
_ITEMS = 200
_DEPTH = 8
_LARGEST_WHOLE = 2**63 - 1


def name(value: object) -> str:
    """A name or an id, of at most 128 characters."""
    return clean(value, limit=NAME_LIMIT)


def within(number: int, least: int = 1, most: int = MOST_ROWS) -> int:
    """The number, or the nearest that may be asked for."""
    return max(least, min(number, most))


def finite(figure: float, what: str) -> float:
    """The figure. Raises UsageError when it is none; `what` names it in the message."""
    if not math.isfinite(figure):
        raise UsageError(f"{what} is no figure that can be kept: {figure}")
    return float(figure)


def exact(text: str, what: str, *, limit: int = EXACT_LIMIT) -> str:
    """The text as it is. Raises UsageError when it cannot be stored unaltered; `what` names it in the message."""
    if len(text) > limit:
        raise UsageError(f"{what} is too long to be kept: {len(text)} characters, at most {limit} fit")
    if "\0" in text or (not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)):
        raise UsageError(f"{what} holds characters that cannot be kept: NUL or half a surrogate pair")
    return text


def plain(value: object, *, items: int = _ITEMS, depth: int = _DEPTH) -> object:
    """The value as JSON knows it: texts cleaned, figures finite, at most `items` entries in each of `depth` levels."""
    match value:
        case None | bool():
            return value
        case int() if abs(value) <= _LARGEST_WHOLE:
            return int(value)
        case float():
            return value if value - value == 0 else None
        case str():
            return str(clean(value, limit=OUTCOME_LIMIT))
        case Mapping() | Iterable() if depth == 0:
            return "…"
        case Mapping():
            return {
                name(key): plain(entry, items=items, depth=depth - 1) for key, entry in islice(value.items(), items)
            }
        case bytes() | bytearray():
            return clean(value)
        case Iterable():
            return _listed(value, items, depth)
    return clean(value)


def canonical(value: object) -> str:
    """The one JSON text of a plain value: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def packed(value: Mapping[str, object] | None, *, limit: int = DATA_LIMIT, items: int = _ITEMS) -> str:
    """A mapping as canonical JSON text of at most `limit` characters; a longer one keeps its beginning and says so."""
    text = canonical(plain(value or {}, items=items))
    return text if len(text) <= limit else canonical({"cut": len(text), "start": clean(text, limit=OUTCOME_LIMIT)})


def unpacked(text: str) -> dict[str, object]:
    """The mapping of a stored text; a text that somebody broke comes back as `{"damaged": ...}`."""
    try:
        value = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        value = None
    return value if isinstance(value, dict) else {"damaged": clean(text)}


def _listed(values: Iterable[object], items: int, depth: int) -> list[object]:
    entries = iter(values)
    kept = [plain(entry, items=items, depth=depth - 1) for entry in islice(entries, items)]
    more = sum(1 for _ in islice(entries, REQUEST_LIMIT))
    return [*kept, f"… {more} more"] if more else kept
