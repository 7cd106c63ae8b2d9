"""The last wall before the terminal: no line carries a control sequence, whatever a widget let through.

Data is cleaned where it enters; a hit here is therefore a bug, counted so that it can be told.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter, Monochrome, NoColor

# C0, DEL, C1, surrogates, line and paragraph separators, and the format characters of Unicode 16 (category
# Cf: bidirectional overrides and isolates, zero-width characters, tags).
FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001-\U000e007f]"
)


# The actions of Textual's own scroll bars, the only ones that may come out of the meta data of a style.
_OWN_ACTIONS = frozenset({"grab", "scroll_up", "scroll_down"})


class LineGuard(LineFilter):
    """Deletes control, bidirectional, zero-width and surrogate characters, links and click actions.

    `hits` counts the segments that had to be changed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hits = 0

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same list when nothing is wrong with it, which is all it costs almost always."""
        for text, style, control in segments:
            if not (control or (text.isprintable() and (style is None or harmless(style) is style))):
                return [self._checked(segment) for segment in segments]
        return segments

    def _checked(self, segment: Segment) -> Segment:
        text, style, control = segment
        if control:
            return segment
        safe_text = text if text.isprintable() else FORBIDDEN.sub(_blank, text)
        safe_style = None if style is None else harmless(style)
        if safe_text == text and safe_style is style:
            return segment
        self.hits += 1
        return Segment(safe_text, safe_style)


def line_filters(filters: Sequence[LineFilter]) -> list[LineFilter]:
    """An app's line filters with the guard as the last, and without Textual's grey version of the colours.

    Textual greys the screen even for an empty `NO_COLOR`; here the monochrome palette answers it
    (see `theme.load_palette`).
    """
    return [*(each for each in filters if not isinstance(each, Monochrome | NoColor)), LINE_GUARD]


@lru_cache(4096)
def harmless(style: Style) -> Style:
    """The style without a link and without actions; the same object when it has neither."""
    meta = style.meta
    actions = [key for key, action in meta.items() if key.startswith("@") and action not in _OWN_ACTIONS]
    if not style.link and not actions:
        return style
    kept = {key: value for key, value in meta.items() if key not in actions}
    return style.clear_meta_and_links() + Style(meta=kept or None)


def _blank(match: re.Match[str]) -> str:
    return " " * cell_len(match[0])


LINE_GUARD = LineGuard()
