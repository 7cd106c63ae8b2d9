"""One line of a screen, built from left to right and exactly as wide as it was said to be.

Text is cleaned on its way in, measured in cells, and cut with an ellipsis; styles are given, never written in the text.
"""

from functools import lru_cache
from typing import Literal, Self

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from npconsole.net.text import clean

Align = Literal["left", "right"]


class Line:
    """Collects pieces of text. What does not fit into `width` cells is cut."""

    def __init__(self, width: int, base: Style) -> None:
        self.width = max(0, width)
        self.used = 0
        self._base = base
        self._pieces: list[tuple[str, Style]] = []

    def put(self, value: str, style: Style | None = None, *, width: int | None = None, align: Align = "left") -> Self:
        """Add text, padded or cut to `width` cells when that is given, and never beyond the line's end."""
        room = self.width - self.used
        if room > 0:
            text = safe(value)
            text = fit(text, min(room, width), align) if width is not None else fit(text, min(room, cell_len(text)))
            self.used += cell_len(text)
            if style is not None and (style.underline or style.reverse) and width is not None:
                self._padded(text, style)
            else:
                self._pieces.append((text, style or self._base))
        return self

    def _padded(self, text: str, style: Style) -> None:
        """Padding is not part of the word: it is neither underlined nor reversed."""
        word = text.strip(" ")
        left = len(text) - len(text.lstrip(" "))
        self._pieces += [
            (" " * left, self._base),
            (word, style),
            (" " * (len(text) - left - len(word)), self._base),
        ]

    def gap(self, cells: int = 1) -> Self:
        """Add empty cells."""
        return self.put(" " * max(0, cells))

    def to(self, column: int, character: str = " ", style: Style | None = None) -> Self:
        """Fill up to a column."""
        return self.put(character * max(0, column - self.used), style)

    def strip(self, over: Style | None = None) -> Strip:
        """The line as Textual draws it; pieces of one style are joined. `over` is the style of the rest of the line."""
        pieces = [*self._pieces, (" " * (self.width - self.used), over or self._base)]
        segments: list[Segment] = []
        for text, style in pieces:
            if segments and segments[-1].style == style:
                segments[-1] = Segment(segments[-1].text + text, style)
            elif text:
                segments.append(Segment(text, style))
        return Strip(segments, self.width)


def safe(text: str) -> str:
    """Text that may be drawn. Almost all is plain and costs a look; the rest is cleaned once."""
    return text if text.isascii() and text.isprintable() else _cleaned(text)


def fit(text: str, width: int, align: Align = "left") -> str:
    """Text in exactly `width` cells: padded at the far side, or cut with an ellipsis."""
    if width <= 0:
        return ""
    length = len(text) if text.isascii() else cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + "…"
    pad = " " * (width - length)
    return pad + text if align == "right" else text + pad


@lru_cache(4096)
def _cleaned(text: str) -> str:
    return clean(text)
