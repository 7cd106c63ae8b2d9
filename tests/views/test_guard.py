import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.filter import LineFilter, Monochrome
from textual.widgets import Static

from npconsole.views.guard import FORBIDDEN, LINE_GUARD, LineGuard, harmless, line_filters

BLACK = Color(0, 0, 0)
ESCAPE = "\x1b]52;c;aGk=\x07"


def test_every_character_that_moves_or_hides_is_forbidden() -> None:
    told = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    missed = [
        f"U+{code:04X}"
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in told and not FORBIDDEN.match(chr(code))
    ]
    assert missed == []


def test_what_is_fine_passes_as_the_same_list() -> None:
    guard = LineGuard()
    line = [Segment("│ us-east ✖ down ▁▂▃ "), Segment("日本", Style(color="red", bold=True)), Segment("")]
    assert guard.apply(line, BLACK) is line
    assert guard.hits == 0


def test_control_characters_go_and_are_counted() -> None:
    guard = LineGuard()
    line = guard.apply([Segment("a" + ESCAPE), Segment("b\u202ec\x9b"), Segment("fine")], BLACK)
    assert [segment.text for segment in line] == ["a]52;c;aGk=", "bc", "fine"]
    assert guard.hits == 2


def test_control_segments_of_textual_itself_pass() -> None:
    bell = Segment("\x07", None, [(ControlType.BELL,)])
    guard = LineGuard()
    assert guard.apply([bell, Segment("\x1b")], BLACK) == [bell, Segment("")]


@pytest.mark.parametrize(
    "style",
    [
        Style(link="https://evil.example"),
        Style(meta={"@click": "app.quit"}),
        Style(meta={"@click": ("app.restart", ("api",))}),
        Style(meta={"@mouse.down": "app.quit"}),
    ],
)
def test_links_and_actions_go(style: Style) -> None:
    guard = LineGuard()
    (segment,) = guard.apply([Segment("x", style + Style(bold=True, meta={"offset": (1, 2)}))], BLACK)
    assert segment.style is not None
    assert segment.style.link is None
    assert segment.style.meta == {"offset": (1, 2)}
    assert segment.style.bold
    assert guard.hits == 1


def test_scroll_bars_keep_their_own_actions() -> None:
    style = Style(meta={"@mouse.down": "grab"})
    assert harmless(style) is style


@given(st.lists(st.text(alphabet=st.characters(), max_size=20), max_size=6))
def test_no_line_keeps_a_forbidden_character_nor_changes_its_width(texts: list[str]) -> None:
    segments = [Segment(text) for text in texts]
    cleaned = LineGuard().apply(segments, BLACK)
    for before, after in zip(segments, cleaned, strict=True):
        assert FORBIDDEN.search(after.text) is None
        assert cell_len(after.text) == sum(map(cell_len, before.text))


def test_the_guard_is_last_and_the_grey_screen_of_textual_is_not_there() -> None:
    other = LineGuard()
    assert line_filters([Monochrome(), other]) == [other, LINE_GUARD]


class Leaky(App[None]):
    def get_line_filters(self) -> list[LineFilter]:
        return line_filters(super().get_line_filters())

    def compose(self) -> ComposeResult:
        yield Static("raw \x1b[31m text", markup=False)
        yield Static("[@click=app.bell]press[/]", id="link")


async def test_a_widget_that_lets_data_through_is_held_up_here() -> None:
    before = LINE_GUARD.hits
    app = Leaky()
    async with app.run_test() as pilot:
        lines = [strip.text for strip in app.screen._compositor.render_strips()]
        assert any("raw [31m text" in line for line in lines)
        assert not any("\x1b" in line for line in lines)
        style = app.screen.get_style_at(*app.query_one("#link").region.offset)
        assert "@click" not in style.meta
        await pilot.pause()
    assert LINE_GUARD.hits > before
