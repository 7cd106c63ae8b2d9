from itertools import combinations
from pathlib import Path

import pytest
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.widgets import Static

from npconsole.config.themes import theme_names
from npconsole.errors import ConfigError
from npconsole.model.estate import Tier
from npconsole.model.level import Level
from npconsole.views.theme import ROLES, Palette, css_colour, load_palette, textual_theme
from tests.views.colour_science import BLINDNESS, contrast, distance

NAMES = theme_names()
COLOURED = [name for name in NAMES if name != "monochrome"]
LEVELS = [level.value for level in Level]
LINES = ("border", "border_focus", "threshold", "p50", "p95", "p99")
GROUNDS = ("background", "surface", "cursor_background", "cursor_text", "border")
READ = [role for role in ROLES if role not in GROUNDS]
VISIONS = (None, *BLINDNESS)


def palette(name: str) -> Palette:
    return load_palette(name, {})


def role(of: Palette, name: str) -> str:
    return str(getattr(of, name))


def test_the_themes_that_are_promised_are_there() -> None:
    assert set(NAMES) == {"dark", "light", "high-contrast", "colour-blind", "monochrome"}


@pytest.mark.parametrize("name", NAMES)
def test_a_theme_is_called_like_its_file_and_every_role_is_a_colour(name: str) -> None:
    loaded = palette(name)
    assert loaded.name == name
    assert loaded.monochrome is (name == "monochrome")
    for each in ROLES:
        Style.parse(loaded.style(each))
        Style.parse(loaded.chip(each))
        Color.parse(css_colour(role(loaded, each)))


@pytest.mark.parametrize("name", COLOURED)
def test_text_is_readable_on_every_ground(name: str) -> None:
    least = 7.0 if name == "high-contrast" else 4.5
    loaded = palette(name)
    for each in READ:
        assert contrast(role(loaded, each), loaded.background) >= least, each
        assert contrast(role(loaded, each), loaded.surface) >= least - 0.5, each
        assert contrast(role(loaded, each), loaded.cursor_background) >= 3, each
    assert contrast(loaded.cursor_text, loaded.cursor_background) >= 7


@pytest.mark.parametrize("name", COLOURED)
def test_dark_says_whether_the_ground_is_dark(name: str) -> None:
    loaded = palette(name)
    assert loaded.dark is (contrast(loaded.background, "#000000") < contrast(loaded.background, "#ffffff"))


@pytest.mark.parametrize("name", COLOURED)
def test_levels_differ_from_one_another(name: str) -> None:
    loaded = palette(name)
    for one, other in combinations(LEVELS, 2):
        assert distance(role(loaded, one), role(loaded, other)) >= 0.1, (one, other)


@pytest.mark.parametrize("vision", VISIONS)
def test_the_colour_blind_theme_keeps_meanings_apart_for_every_kind_of_sight(vision: str | None) -> None:
    loaded = palette("colour-blind")
    for group in (LEVELS, ["p50", "p95", "p99", "threshold"], ["production", "staging"]):
        for one, other in combinations(group, 2):
            assert distance(role(loaded, one), role(loaded, other), vision) >= 0.08, (one, other)


@pytest.mark.parametrize("name", COLOURED)
def test_production_does_not_look_like_staging_or_like_down(name: str) -> None:
    loaded = palette(name)
    assert distance(loaded.production, loaded.staging) >= 0.2
    assert distance(loaded.production, loaded.down) >= 0.08
    assert Style.parse(loaded.tier(Tier.PRODUCTION)).bgcolor is not None
    assert Style.parse(loaded.tier(Tier.STAGING)).bgcolor is None


def test_without_colour_levels_and_tiers_differ_by_attributes() -> None:
    loaded = palette("monochrome")
    styles = {level: Style.parse(loaded.level(level)) for level in Level}
    assert all(style.color is None and style.bgcolor is None for style in styles.values())
    assert len(set(map(str, styles.values()))) == len(Level)
    assert loaded.tier(Tier.PRODUCTION) != loaded.tier(Tier.STAGING)
    assert loaded.cursor == "reverse"


@pytest.mark.parametrize(
    ("environ", "expected"), [({}, "light"), ({"NO_COLOR": ""}, "light"), ({"NO_COLOR": "1"}, "monochrome")]
)
def test_no_color_counts_when_it_is_not_empty(environ: dict[str, str], expected: str) -> None:
    assert load_palette("light", environ).name == expected


def test_an_unknown_theme_lists_those_there_are() -> None:
    with pytest.raises(ConfigError, match="dark, high-contrast, light, monochrome") as caught:
        load_palette("drak", {})
    assert "dark`" in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_theme_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(_source("dark").replace("name: dark", "name: mine").replace('"#10141A"', "black"))
    assert load_palette(str(own), {}).name == "mine"


PROBLEMS = {
    "an unknown role": ("  text_muted:", "  text_mutd:", 9, "roles.text_mutd", "text_muted"),
    "not a colour": ('"#d3dae3"', "chartreuse-ish", 8, "roles.text", "not a colour"),
    "a comment for a colour": ('"#d3dae3"', "#d3dae3", 8, "roles.text", "in quotes"),
    "no boolean": ("dark: true", "dark: maybe", 4, "dark", "neither true nor false"),
    "twice": ("  text_muted:", "  text:", 9, "roles.text", "twice"),
    "an unknown key": ("name: dark", "title: dark", 3, "title", "not known"),
    "a list": ('"#d3dae3"', "[1, 2]", 8, "roles.text", "not a colour"),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_a_problem_names_file_line_role_and_cure(case: str, tmp_path: Path) -> None:
    before, after, line, key, message = PROBLEMS[case]
    broken = tmp_path / "broken.yaml"
    broken.write_text(_source("dark").replace(before, after, 1))
    with pytest.raises(ConfigError) as caught:
        load_palette(str(broken), {})
    problem = next(each for each in caught.value.problems if each.key == key)
    assert problem.file == str(broken)
    assert problem.line == line
    assert message in problem.message


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: x\ndark: perhaps\nroles:\n  text: green\n  ok: greenish\n")
    with pytest.raises(ConfigError) as caught:
        load_palette(str(broken), {})
    missing = {problem.key for problem in caught.value.problems if problem.message == "missing"}
    assert missing == {f"roles.{each}" for each in ROLES if each not in ("text", "ok")}
    assert {"dark", "roles.ok"} < {problem.key for problem in caught.value.problems}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"- a\n- b\n",
        b"roles: [\n",
        b"\xff\xfe\x00",
        b"a" * 100_000,
        b"name: &a [*a]\n",
        b"[" * 1_500,
        b"\x1b]52;c\x07",
    ],
    ids=["empty", "list", "broken", "binary", "word", "loop", "deep", "escape"],
)
def test_what_is_no_theme_is_told_and_never_raised_through(data: bytes, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        load_palette(str(broken), {})
    assert "\x1b" not in str(caught.value)
    assert str(broken) in str(caught.value)


class Sample(App[None]):
    CSS = "Static { color: $degraded; background: $cursor-background; border: round $border-focus; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        theme = textual_theme(palette)
        self.register_theme(theme)
        self.theme = theme.name

    def compose(self) -> ComposeResult:
        yield Static("x")


@pytest.mark.parametrize("name", NAMES)
async def test_style_sheets_know_every_role(name: str) -> None:
    loaded = palette(name)
    app = Sample(loaded)
    async with app.run_test():
        variables = app.get_css_variables()
        for each in ROLES:
            assert variables[each.replace("_", "-")] == css_colour(role(loaded, each)), each
        styles = app.query_one(Static).styles
        assert styles.color == Color.parse(css_colour(loaded.degraded))
        assert app.screen.styles.background == Color.parse(css_colour(loaded.background))


def _source(name: str) -> str:
    return (Path(__file__).parents[2] / "themes" / f"{name}.yaml").read_text()
