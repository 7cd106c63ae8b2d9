"""How well something is. Unknown is never ok."""

from collections.abc import Iterable
from enum import StrEnum


class Level(StrEnum):
    """The level of a region, an edge or a whole estate."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"
    MUTED = "muted"

    @property
    def glyph(self) -> str:
        """One cell; with the word beside it the meaning never hangs on colour."""
        return _GLYPHS[self]

    @property
    def severity(self) -> int:
        """Larger needs a person sooner; for sorting and for the worst of several."""
        return _SEVERITY[self]


_GLYPHS = {Level.OK: "●", Level.DEGRADED: "▲", Level.DOWN: "✖", Level.UNKNOWN: "?", Level.MUTED: "◌"}
_SEVERITY = {Level.MUTED: 0, Level.OK: 1, Level.UNKNOWN: 2, Level.DEGRADED: 3, Level.DOWN: 4}


def worst(levels: Iterable[Level]) -> Level:
    """The level that needs a person soonest; `unknown` when there is nothing to judge."""
    return max(levels, key=lambda level: level.severity, default=Level.UNKNOWN)
