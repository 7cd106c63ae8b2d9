"""The widget that shows a picture and refreshes only the cells in which the next one differs."""

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Wall(Widget, inherit_bindings=False):
    """A picture of lines of segments, as large as the screen."""

    DEFAULT_CSS = "Wall { width: 100%; height: 100%; background: $background; color: $text; }"
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Strip] = []

    def draw(self, lines: list[list[Segment]]) -> None:
        """Replace the picture."""
        before, self._lines = self._lines, [Strip(line).simplify() for line in lines]
        if len(before) != len(self._lines):
            self.refresh()
            return
        changed = [
            Region(start, y, end - start, 1)
            for y, (old, new) in enumerate(zip(before, self._lines, strict=True))
            if old != new
            for start, end in [difference(old, new)]
        ]
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        line = self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width)
        return line.apply_style(self.rich_style)


def difference(old: Strip, new: Strip) -> tuple[int, int]:
    """The first column in which two lines differ, and the first of the equal rest."""
    width = max(old.cell_length, new.cell_length)
    one, other = _cells(old), _cells(new)
    if len(one) != width or len(other) != width:
        return 0, width
    start = next((index for index in range(width) if one[index] != other[index]), 0)
    end = next((index for index in range(width, start, -1) if one[index - 1] != other[index - 1]), start)
    return start, end


def _cells(strip: Strip) -> list[tuple[str, object]]:
    """One entry per character; as many as columns when all are one cell wide."""
    return [(character, segment.style) for segment in strip for character in segment.text]
