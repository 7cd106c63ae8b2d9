import pytest
from rich.style import Style
from textual.content import Content

from npconsole.views.text import content, text

HOSTILE = "[@click=app.quit]x[/] \x1b]52;c;aGk=\x07 [/b] \u202eevil\ud83d"


@pytest.mark.parametrize("style", ["", "bold #ff0000", "default", "black on bright_red", "dim reverse"])
def test_data_is_literal_and_harmless_in_any_style(style: str) -> None:
    for plain in (content(HOSTILE, style).plain, text(HOSTILE, style).plain):
        assert plain.isprintable()
        assert plain.startswith("[@click=app.quit]x[/] ")
        assert "[/b]" in plain


def test_content_carries_its_style_and_no_action() -> None:
    (span,) = content("x", "bold #ff0000").spans
    assert not isinstance(span.style, str)
    assert span.style.bold
    assert span.style.foreground is not None
    assert span.style.foreground.hex == "#FF0000"
    assert span.style.meta == {}


def test_text_ends_without_a_line_end_so_that_a_cell_is_one_line() -> None:
    assert text("a\nb").end == ""
    assert "\n" not in text("a\nb").plain
    assert text("a", "red").style == "red"
    assert Style.parse("red").color is not None


def test_values_that_are_no_text_are_shown_as_text() -> None:
    assert content(3).plain == "3"
    assert text(None).plain == ""
    assert isinstance(content("x"), Content)
