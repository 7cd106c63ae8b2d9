"""Values with a unit, as people write them: `400ms`, `5m`, `5%`. A bare number is refused: its unit would be a guess.

`parse(str(value)) == value` for every value. An error repeats nothing longer than a short number.
"""

import re
from urllib.parse import parse_qsl, urlsplit

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SIZES = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_RATIO = re.compile(r"(\d+(?:\.\d+)?)%")
_SHORT_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,3})?")
_LONGEST_S = 10 * 365 * 86400.0
_URL = re.compile(r"https?://(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:[/?#][!-\[\]-~]*)?")
_CREDENTIAL = re.compile(r"token|secret|passw|api_?key|^key$|^sig|^auth|credential|access", re.IGNORECASE)


class Seconds(float):
    """A duration in seconds, written `250ms`, `30s`, `1m30s`, `6h` or `14d`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> "Seconds":
        """Raise ValueError saying how to write it."""
        if isinstance(text, Seconds):
            return text
        compact = _compact(text)
        if _SHORT_NUMBER.fullmatch(compact):
            raise ValueError(f"has no unit; write a duration such as {compact}s or {compact}ms")
        parts = _DURATION.findall(compact)
        if not parts or "".join(number + unit for number, unit in parts) != compact:
            raise ValueError("must be a duration such as 250ms, 30s, 1m30s, 6h or 14d")
        total = sum(_seconds(number, unit) for number, unit in parts)
        if total > _LONGEST_S:
            raise ValueError("must not be longer than ten years")
        return cls(total)

    def __str__(self) -> str:
        """The largest unit that gives a whole number, else seconds or milliseconds to the last digit."""
        for unit, size in reversed(_SIZES.items()):
            if self >= size and self % size == 0:
                return f"{int(self) // size}{unit}"
        return f"{_shifted(self, 3)}ms" if self < 1 else f"{_shifted(self, 0)}s"


class Ratio(float):
    """A share from 0 to 1, written as a percentage: `5%`, `99.95%`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> "Ratio":
        """Raise ValueError saying how to write it."""
        if isinstance(text, Ratio):
            return text
        compact = _compact(text)
        if _SHORT_NUMBER.fullmatch(compact):
            raise ValueError(f"has no unit; write a percentage such as {compact}%")
        match = _RATIO.fullmatch(compact)
        if match is None:
            raise ValueError("must be a percentage such as 5% or 99.95%")
        value = float(f"{match[1]}e-2")
        if value > 1:
            raise ValueError("must not be more than 100%")
        return cls(value)

    def __str__(self) -> str:
        return f"{_shifted(self, 2)}%"


class Url(str):
    """An absolute http or https address without user name, credentials or spaces; no trailing slash."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> "Url":
        """Raise ValueError saying how to write it. Never repeats the text: it may hold a credential."""
        text = text if isinstance(text, str) else ""
        if "@" in re.split(r"[/?#]", text.partition("://")[2], maxsplit=1)[0]:
            raise ValueError("must not hold a user name or password; use the secret settings")
        if not _URL.fullmatch(text) or not _port_fits(text):
            raise ValueError("must be an address such as https://api.example.com")
        if any(_CREDENTIAL.search(name) for name, _ in parse_qsl(urlsplit(text).query, keep_blank_values=True)):
            raise ValueError("must not hold a credential in its query; use the secret settings")
        return cls(text.rstrip("/"))


def _compact(text: object) -> str:
    if isinstance(text, int | float) and not isinstance(text, bool):
        return f"{text:g}"
    return text.replace(" ", "") if isinstance(text, str) else ""


def _seconds(number: str, unit: str) -> float:
    # The float parser rounds once; a product would round twice and 0.29 s could not be written in ms.
    return float(f"{number}e-3") if unit == "ms" else float(number) * _SIZES[unit]


def _shifted(number: float, digits: int) -> str:
    """The number with its point moved right, in the fewest digits that read back as the same float."""
    from decimal import Decimal  # only for showing

    written = format(Decimal(repr(float(number))).scaleb(digits), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def _port_fits(text: str) -> bool:
    try:
        return urlsplit(text).port != 0
    except ValueError:
        return False
