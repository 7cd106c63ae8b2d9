"""Values with a unit, as people write them: `400ms`, `5m`, `5%`. A bare number is refused: its unit would be a guess."""

import math
import re

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_RATIO = re.compile(r"(\d+(?:\.\d+)?)%")
_URL = re.compile(r"https?://[A-Za-z0-9._~:\[\]-]+(/[^\s\\]*)?")


class Seconds(float):
    """A duration in seconds, written `250ms`, `30s`, `1m30s`, `6h` or `14d`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> "Seconds":
        """Raise ValueError saying how to write it."""
        if isinstance(text, Seconds):
            return text
        if isinstance(text, (int, float)) and not isinstance(text, bool):
            raise ValueError(f"{text} has no unit; write a duration such as {text}s or {text}ms")
        compact = text.replace(" ", "") if isinstance(text, str) else ""
        parts = _DURATION.findall(compact)
        if not parts or "".join(number + unit for number, unit in parts) != compact:
            raise ValueError("not a duration; write one such as 250ms, 30s, 1m30s, 6h or 14d")
        total = sum(float(number) * _SECONDS[unit] for number, unit in parts)
        if not math.isfinite(total) or total > 10 * 365 * 86400:
            raise ValueError("longer than ten years")
        return cls(total)

    def __str__(self) -> str:
        for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
            if self >= size and math.isclose(self / size, round(self / size)):
                return f"{round(self / size)}{unit}"
        return f"{self * 1000:g}ms" if self < 1 else f"{float(self):g}s"


class Ratio(float):
    """A share from 0 to 1, written as a percentage: `5%`, `99.95%`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> "Ratio":
        """Raise ValueError saying how to write it."""
        if isinstance(text, Ratio):
            return text
        if isinstance(text, (int, float)) and not isinstance(text, bool):
            raise ValueError(f"{text} has no unit; write a percentage such as {text}%")
        match = _RATIO.fullmatch(text.replace(" ", "")) if isinstance(text, str) else None
        if match is None:
            raise ValueError("not a percentage; write one such as 5% or 99.95%")
        value = float(match[1]) / 100
        if value > 1:
            raise ValueError("more than 100%")
        return cls(value)

    def __str__(self) -> str:
        return f"{self * 100:.10g}%"


class Url(str):
    """An absolute http or https address without user name, query credentials or spaces; no trailing slash."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> "Url":
        """Raise ValueError saying how to write it. Never repeats the text: it may hold a credential."""
        if not isinstance(text, str) or not _URL.fullmatch(text):
            if isinstance(text, str) and "@" in text.split("/")[2:3].__str__():
                raise ValueError("an address must not hold a user name or password; use the secret settings")
            raise ValueError("not an address; write one such as https://api.example.com")
        return cls(text.rstrip("/"))
