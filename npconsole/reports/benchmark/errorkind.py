"""Kinds of errors of a load, grouped by whose they are: the way to the target, the target's time, its answer."""

import re
from collections.abc import Sequence
from enum import StrEnum

_STATUS = re.compile(r"\bstatus (\d{3})\b")


class ErrorGroup(StrEnum):
    """What a kind of error says of the target. Unreached: no request of it ever came to the target."""

    UNREACHED = "unreached"
    TIMEOUT = "timeout"
    BROKEN_OFF = "broken off"
    LIMITED = "limited"
    SERVER = "server"
    CLIENT = "client"
    OTHER = "other"


_WORDS = (
    (
        ErrorGroup.UNREACHED,
        ("refused", "resolved", "dns", "no such host", "no route", "unreachable", "address", "connection failed",
         "connection timeout", "tls", "certificate"),
    ),
    (ErrorGroup.TIMEOUT, ("timeout", "timed out", "deadline")),
    (ErrorGroup.BROKEN_OFF, ("reset", "eof", "broken pipe", "closed")),
)  # fmt: skip


def group(kind: str) -> ErrorGroup:
    """The group of a kind as `LoadFigures.errors` names it: `status 503`, `connection refused`, `timeout`."""
    lowered = kind.lower()
    if match := _STATUS.search(lowered):
        status = int(match[1])
        if status == 429:
            return ErrorGroup.LIMITED
        return ErrorGroup.SERVER if status >= 500 else ErrorGroup.CLIENT if status >= 400 else ErrorGroup.OTHER
    return next((name for name, words in _WORDS if any(word in lowered for word in words)), ErrorGroup.OTHER)


def grouped(errors: Sequence[tuple[str, int]]) -> dict[ErrorGroup, int]:
    """How many errors each group has; groups without any are left out."""
    counts: dict[ErrorGroup, int] = {}
    for kind, count in errors:
        counts[group(kind)] = counts.get(group(kind), 0) + count
    return {name: count for name, count in counts.items() if count}


def listed(errors: Sequence[tuple[str, int]], *, at_most: int = 5) -> str:
    """`200 connection refused, 3 status 503`, with how many kinds were left out; `kinds not known` for none."""
    if not errors:
        return "kinds not known"
    said = ", ".join(f"{count} {kind}" for kind, count in errors[:at_most])
    return said if len(errors) <= at_most else f"{said} and {len(errors) - at_most} other kinds"
