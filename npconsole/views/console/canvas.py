"""A widget that draws whole lines and sends only the cells that differ from what it drew last."""

from textual.events import Resize
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from npconsole.views.console.ink import Ink
from npconsole.views.console.spans import changed


class Canvas(Widget, inherit_bindings=False):
    """Subclasses give `paint`; `redraw` brings it to the screen. A redraw that changes nothing sends nothing."""

    def __init__(self, ink: Ink, *, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.ink = ink
        self._drawn: list[Strip] = []

    def paint(self, width: int, height: int) -> list[Strip]:
        """At most `height` lines of exactly `width` cells."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Paint again and refresh the cells that changed."""
        width, height = self.size
        if not width or not height:
            return
        fits = self._fits(width, height)
        before, self._drawn = self._drawn, self._lines(width, height)
        if not fits:
            self.refresh()
            return
        regions = [
            Region(start, y, end - start, 1)
            for y, (old, new) in enumerate(zip(before, self._drawn, strict=True))
            for start, end in changed(old, new)
        ]
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """The line drawn last. A new size is drawn at once, so that its first frame is already right."""
        width, height = self.size
        if not self._fits(width, height):
            self._drawn = self._lines(width, height)
        return self._drawn[y] if y < len(self._drawn) else self._blank(width)

    def _fits(self, width: int, height: int) -> bool:
        return len(self._drawn) == height and height > 0 and self._drawn[0].cell_length == width

    def on_resize(self, _event: Resize) -> None:
        """Draw for the new size."""
        self.redraw()

    def _lines(self, width: int, height: int) -> list[Strip]:
        lines = self.paint(width, height)[:height]
        return lines + [self._blank(width)] * (height - len(lines))

    def _blank(self, width: int) -> Strip:
        return Strip.blank(width, self.ink.base)
