"""The palette as ready Rich styles. Every style carries its background, because a drawn line is sent as it is."""

from functools import cache

from rich.style import Style

from npconsole.model.estate import Tier
from npconsole.model.level import Level
from npconsole.views.theme import Palette


class Ink:
    """`ink("p95")` is the style of a role, `ink.bold("down")` its strong form."""

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        self.base = Style(color=palette.text, bgcolor=palette.background)
        self.cursor = self.base + Style.parse(palette.cursor)
        self.role = cache(self._role)
        self.on_cursor = cache(self._on_cursor)

    def __call__(self, role: str) -> Style:
        """The style of a role of the palette."""
        return self.role(role)

    def bold(self, role: str) -> Style:
        """The style of a role, in bold."""
        return self.role(role, bold=True)

    def level(self, level: Level) -> Style:
        """The style of a level; what is ok is calm, all else is bold."""
        return self.role(level.value, bold=level in (Level.DOWN, Level.DEGRADED))

    def tier(self, tier: Tier) -> Style:
        """The style of the installation's name."""
        return self.base + Style.parse(self.palette.tier(tier))

    def chip(self, role: str) -> Style:
        """A label filled with the colour of a role."""
        return self.base + Style.parse(self.palette.chip(role))

    def _role(self, role: str, *, bold: bool = False) -> Style:
        return self.base + Style.parse(self.palette.style(role)) + Style(bold=bold or None)

    def _on_cursor(self, style: Style) -> Style:
        """A style under the cursor: the colour of its meaning stays, what has none takes the cursor's."""
        if self.palette.monochrome:
            return style + Style(reverse=True)
        if style == self.base or style == self("text_muted"):
            return self.cursor
        return style + Style(bgcolor=self.palette.cursor_background)
