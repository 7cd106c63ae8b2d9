"""The one door for text and numbers from outside: what passes here is safe to show, store and send.

Cleaned text has no control, format, bidi, zero-width, surrogate, private or unassigned character, can be
encoded as UTF-8, is not longer than its limit, and stays the same when cleaned again. Nothing here raises.
"""

import math
import unicodedata
from functools import lru_cache

ELLIPSIS = "…"
LINE_BREAK = " ⏎ "
REPLACEMENT = "\ufffd"
MARKS_IN_A_ROW = 3
LARGEST = 1e15
"""Figures beyond this are nonsense in every unit used here, and break drawing."""

_INVISIBLE = frozenset(
    [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)]
)
"""Drawn as nothing though they are letters or marks: Default_Ignorable_Code_Point below plane 14."""


class _Safe:
    """The table of `str.translate`: what each character becomes."""

    def __getitem__(self, code: int) -> str:
        return _safe(code)


_SAFE = _Safe()


@lru_cache(maxsize=4096)
def _safe(code: int) -> str:
    if code in _INVISIBLE or 0xE0000 <= code < 0xE1000:
        return ""
    if code == 0x0A:
        return "\n"
    if code == 0x7F:
        return "␡"
    match unicodedata.category(chr(code)):
        case "Cc":
            return " " if code == 0x09 else chr(0x2400 + code) if code < 0x20 else REPLACEMENT
        case "Cf":
            return ""
        case "Cs" | "Co" | "Cn":
            return REPLACEMENT
        case "Zl" | "Zp":
            return "\n"
        case "Zs":
            return " "
    return chr(code)


def clean(value: object, *, limit: int = 500, lines: bool = False) -> str:
    """Text of a stranger made harmless: at most `limit` characters, longer text ends in an ellipsis.

    Control characters become their picture (ESC is ␛), what is invisible is dropped, what has no safe form
    becomes U+FFFD. A line break becomes ` ⏎ `, or stays with `lines`; those at the ends go. None is "".
    """
    text = _text(value, limit)
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    text = text[: 4 * limit + 16].replace("\r\n", "\n").translate(_SAFE)
    text = _thin(unicodedata.normalize("NFC", text)).strip("\n")
    if not lines:
        text = text.replace("\n", LINE_BREAK)
    return text if len(text) <= limit else (text[: limit - 1] + ELLIPSIS)[: max(0, limit)]


def _text(value: object, limit: int) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bytes | bytearray):
        return value[: 16 * limit + 16].decode("utf-8", "replace")
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - any class may bring a __str__ that fails, and an integer may be too long to print
        return f"<{type(value).__name__}>"


def _thin(text: str) -> str:
    """Keep three combining marks in a row: thousands of them fit one cell and are sent at every repaint."""
    if text.isascii():
        return text
    kept: list[str] = []
    row = 0
    for character in text:
        row = row + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if row <= MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)


def number(value: object) -> float | None:
    """A finite figure of at most 1e15 in size, from a number or its text; None for all else, booleans too."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and (len(value) > 64 or "_" in value):
        return None
    try:
        figure = float(value)
    except (ValueError, OverflowError):
        return None
    return figure if math.isfinite(figure) and abs(figure) <= LARGEST else None
