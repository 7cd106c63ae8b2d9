"""A pane of prose: lines of styled pieces that scroll. Long pieces are wrapped, nothing is hidden at the right edge."""

from collections.abc import Sequence
from textwrap import wrap

from rich.style import Style
from textual.strip import Strip

from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line, safe
from npconsole.views.console.pane import Note, Pane
from npconsole.views.console.picture import Picture

Prose = Sequence[tuple[str, Style]]


class Document(Pane):
    """`write` gives it lines; each is a sequence of (text, style)."""

    def __init__(self, ink: Ink, *, name: str, title: str) -> None:
        super().__init__(ink, name=name, number=None, title=title)
        self.focused = True
        self.top = 0
        self._lines_of: Sequence[Prose] = ()
        self._notes: list[Note] = []
        self._length = 0

    def write(self, title: str, lines: Sequence[Prose], notes: Sequence[Note] = ()) -> None:
        """Replace the text. The place that is in view stays."""
        self.title, self._lines_of, self._notes = title, lines, list(notes)
        self.redraw()

    def move(self, by: int) -> None:
        """Scroll."""
        self.top = max(0, min(self.top + by, self._length - self.page))
        self.redraw()

    @property
    def page(self) -> int:
        """Lines in view."""
        return max(1, self.size.height - 1)

    def copied(self) -> str:
        """All lines."""
        return "\n".join("".join(safe(text) for text, _ in line).rstrip() for line in self._lines_of)

    def notes(self, picture: Picture) -> list[Note]:
        """What was written beside the title."""
        return self._notes

    def aside(self) -> str:
        """Which lines are in view, when not all are."""
        if self._length <= self.page:
            return ""
        return f"{self.top + 1}–{min(self.top + self.page, self._length)} of {self._length}"

    def paint(self, width: int, height: int) -> list[Strip]:
        """Wrap before the heading is drawn: it says how much there is."""
        self._wrapped = [strip for line in self._lines_of for strip in self._wrap(line, width)]
        self._length = len(self._wrapped)
        self.top = max(0, min(self.top, self._length - self.page))
        return super().paint(width, height)

    def body(self, picture: Picture, width: int, height: int) -> list[Strip]:
        """The lines in view."""
        return self._wrapped[self.top : self.top + height]

    def _wrap(self, line: Prose, width: int) -> list[Strip]:
        """The last piece of a line wraps below its own beginning."""
        indent = 2 + sum(len(text) for text, _ in line[:-1])
        first = Line(width, self.ink.base).gap(2)
        for text, style in line[:-1]:
            first.put(text, style)
        if not line:
            return [first.strip()]
        text, style = line[-1]
        parts = wrap(safe(text), max(10, width - indent - 1), drop_whitespace=False) if text else [""]
        first.put(parts[0], style)
        rest = [Line(width, self.ink.base).gap(indent).put(part, style).strip() for part in parts[1:]]
        return [first.strip(), *rest]
