"""The colours of a screen by meaning: views name a role, a theme file gives every role its colour.

A role is a Rich colour: `#rrggbb`, one of the 16 ANSI names, or `default` (the terminal's own). A palette of
nothing but `default` is monochrome: `style()` then tells roles apart by bold, dim, underline and reverse.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from textual.theme import Theme

from npconsole.model.estate import Tier
from npconsole.model.level import Level

MONOCHROME = "monochrome"

_ATTRIBUTES = {
    "text_muted": "dim",
    "border": "dim",
    "border_focus": "bold",
    "accent": "bold",
    "degraded": "bold underline",
    "down": "bold reverse",
    "unknown": "bold",
    "muted": "dim",
    "p50": "dim",
    "p99": "bold",
    "threshold": "dim",
    "new": "bold",
    "regressed": "bold underline",
    "escalating": "bold reverse",
    "ongoing": "dim",
    "production": "bold reverse",
    "staging": "underline",
    "development": "dim",
    "key": "bold",
}


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour per role, and the name of the theme they come from."""

    name: str
    dark: bool
    background: str
    surface: str
    text: str
    text_muted: str
    border: str
    border_focus: str
    accent: str
    cursor_background: str
    cursor_text: str
    ok: str
    degraded: str
    down: str
    unknown: str
    muted: str
    p50: str
    p95: str
    p99: str
    threshold: str
    new: str
    regressed: str
    escalating: str
    ongoing: str
    production: str
    staging: str
    development: str
    key: str

    @property
    def monochrome(self) -> bool:
        """Whether the palette holds no colour at all, so that attributes must carry the difference."""
        return all(getattr(self, role) == "default" for role in ROLES)

    def style(self, role: str) -> str:
        """A Rich style that draws text in a role: its colour, or its attributes in a monochrome palette."""
        return _ATTRIBUTES.get(role, "") if self.monochrome else str(getattr(self, role))

    def chip(self, role: str) -> str:
        """The Rich style of a label filled with a role's colour."""
        return "bold reverse" if self.monochrome else f"bold {self.background} on {getattr(self, role)}"

    def level(self, level: Level) -> str:
        """The Rich style of a level."""
        return self.style(level.value)

    def tier(self, tier: Tier) -> str:
        """The Rich style of an installation's name: production is a filled label, the others are plain."""
        return self.chip(tier.value) if tier is Tier.PRODUCTION else self.style(tier.value)

    @property
    def cursor(self) -> str:
        """The Rich style of the line under the cursor."""
        return "reverse" if self.monochrome else f"{self.cursor_text} on {self.cursor_background}"


ROLES = tuple(field.name for field in fields(Palette) if field.name not in ("name", "dark"))


def load_palette(name: str, environ: Mapping[str, str]) -> Palette:
    """The palette of a theme by name, or by path when the name has a slash.

    `NO_COLOR`, present and not empty, means monochrome whatever the name says (https://no-color.org). Raises
    ConfigError with every problem of the file, or with the list of themes when there is no such name.
    """
    from npconsole.config.themes import theme_path
    from npconsole.views.theme_file import read_theme  # YAML is imported when a theme is read

    return read_theme(theme_path(MONOCHROME if environ.get("NO_COLOR") else name))


def textual_theme(palette: Palette) -> Theme:
    """The palette as a Textual theme: a CSS variable for each role, with dashes, beside Textual's own names.

    A palette with ANSI colours becomes an ANSI theme, or Textual would put colours of its own for them.
    """
    roles = {role.replace("_", "-"): css_colour(colour) for role, colour in asdict(palette).items() if role in ROLES}
    return Theme(
        name=f"npconsole-{palette.name}",
        primary=roles["accent"],
        secondary=roles["accent"],
        warning=roles["degraded"],
        error=roles["down"],
        success=roles["ok"],
        accent=roles["accent"],
        foreground=roles["text"],
        background=roles["background"],
        surface=roles["surface"],
        panel=roles["surface"],
        dark=palette.dark,
        ansi=any(not getattr(palette, role).startswith("#") for role in ROLES),
        variables={
            **roles,
            "ansi-background": roles["background"],
            "ansi-foreground": roles["text"],
            "border-blurred": roles["border"],
            "block-cursor-background": roles["cursor-background"],
            "block-cursor-foreground": roles["cursor-text"],
            "block-cursor-text-style": "reverse" if palette.monochrome else "none",
            "scrollbar": roles["border"],
            "scrollbar-hover": roles["text-muted"],
            "scrollbar-active": roles["accent"],
            "scrollbar-background": roles["background"],
            "scrollbar-background-hover": roles["background"],
            "scrollbar-background-active": roles["background"],
            "scrollbar-corner-color": roles["background"],
            "footer-background": roles["background"],
            "footer-foreground": roles["text-muted"],
            "footer-key-foreground": roles["key"],
            "footer-description-foreground": roles["text-muted"],
            "input-selection-background": roles["cursor-background"],
        },
    )


def css_colour(colour: str) -> str:
    """A Rich colour as Textual's style sheets write it: `red` is `ansi_red`, `default` is `ansi_default`."""
    return colour if colour.startswith("#") else f"ansi_{colour}"
