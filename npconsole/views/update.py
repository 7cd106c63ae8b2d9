"""What is sent to the terminal for an update: the cells that were refreshed, and styles only where they change.

Textual 8.2 sends a widget's line from its left edge up to the refreshed cells, and for each piece a whole style and a
reset. Cutting both ends and keeping the pen makes a changed figure cost some 20 bytes instead of its row (up to 2 kB).
"""

from functools import lru_cache
from typing import NamedTuple

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from rich.control import Control
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

_SYSTEMS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
    "windows": ColorSystem.WINDOWS,
}


class Codes(NamedTuple):
    """The parameters of a style, in three parts that can change by themselves."""

    attributes: str
    foreground: str
    background: str


@lru_cache(4096)
def codes(style: Style | None, system: ColorSystem | None) -> Codes:
    """The SGR parameters of a style; `39` and `49` where it names no colour."""
    if style is None or system is None:
        return Codes("", "39", "49")
    plain = Style(
        bold=style.bold,
        dim=style.dim,
        italic=style.italic,
        underline=style.underline,
        blink=style.blink,
        reverse=style.reverse,
        strike=style.strike,
    )
    attributes = plain.render("x", color_system=system).partition("m")[0].removeprefix("\x1b[").removesuffix("x")
    fore, back = (colour.downgrade(system) if colour else None for colour in (style.color, style.bgcolor))
    return Codes(
        attributes,
        ";".join(fore.get_ansi_codes(foreground=True)) if fore else "39",
        ";".join(back.get_ansi_codes(foreground=False)) if back else "49",
    )


class Pen:
    """Writes strips one after the other and remembers the style it is in."""

    def __init__(self, console: Console) -> None:
        self._system = _SYSTEMS.get(console.color_system or "")
        self._held: Codes | None = None
        self._parts: list[str] = []

    def move(self, x: int, y: int) -> None:
        """Go to a cell; the style is kept."""
        self._parts.append(Control.move_to(x, y).segment.text)

    def write(self, strip: Strip) -> None:
        """Write a strip from where the pen is."""
        for text, style, control in strip:
            if not control and text:
                self._take(codes(style, self._system))
            self._parts.append(text)

    def done(self) -> str:
        """Everything written, ending in the terminal's own style."""
        return "".join([*self._parts, "\x1b[0m"])

    def _take(self, wanted: Codes) -> None:
        held, self._held = self._held, wanted
        if held is None or held.attributes != wanted.attributes:
            self._parts.append(f"\x1b[{';'.join(['0', *filter(None, wanted)])}m")
        elif held != wanted:
            new = [new for old, new in zip(held, wanted, strict=True) if old != new]
            self._parts.append(f"\x1b[{';'.join(new)}m")


class CellsUpdate(ChopsUpdate):
    """A ChopsUpdate that crops on both sides. `spans` are (y, first column, end column) of the screen."""

    def render_segments(self, console: Console) -> str:
        """The bytes of the update, as text."""
        pen = Pen(console)
        for y, start, end in self.spans:
            for chop_end, (chop_start, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(start, chop_start), min(end, chop_end)
                if strip is not None and left < right:
                    pen.move(left, y)
                    pen.write(strip.crop(left - chop_start, right - chop_start))
        return pen.done()


class WholeUpdate(LayoutUpdate):
    """A LayoutUpdate in fewer bytes."""

    def render_segments(self, console: Console) -> str:
        """The bytes of the update, as text."""
        pen = Pen(console)
        for y, line in enumerate(self.strips, self.region.y):
            pen.move(self.region.x, y)
            for strip in line:
                pen.write(strip)
        return pen.done()


def compact(update: RenderableType | None) -> RenderableType | None:
    """The same update in fewer bytes; anything unknown as it is."""
    if type(update) is ChopsUpdate:
        return CellsUpdate(update.chops, update.spans, update.chop_ends)
    if type(update) is LayoutUpdate:
        return WholeUpdate(update.strips, update.region)
    return update
