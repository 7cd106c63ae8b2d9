import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from npconsole.views.wallboard.letters import drawn, height, scale_that_fits, width

KNOWN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;-–_/%<?'"


def test_a_word_at_scale_one() -> None:
    assert drawn("ok", 1) == ("█▀█ █ █", "█ █ █▀▄", "▀▀▀ ▀ ▀")


@given(st.text(KNOWN, min_size=1, max_size=20), st.integers(1, 4))
def test_letters_are_as_large_as_they_say(text: str, scale: int) -> None:
    lines = drawn(text, scale)
    assert len(lines) == height(scale)
    assert {cell_len(line) for line in lines} == {width(text, scale)}
    assert set("".join(lines)) <= set(" ▀▄█")


def test_no_two_characters_look_alike_but_for_those_that_do_everywhere() -> None:
    alike: dict[tuple[str, ...], str] = {}
    for character in KNOWN:
        alike[drawn(character, 1)] = alike.get(drawn(character, 1), "") + character
    assert sorted(group for group in alike.values() if len(group) > 1) == ["-–", "O0", "S5"]


@pytest.mark.parametrize("text", ["", "日本", "a\x1b[31m", "naïve", "(x)"])
def test_what_has_no_letters_is_written_plainly(text: str) -> None:
    assert width(text) is None
    assert scale_that_fits(text, 300, 100) == 0


@pytest.mark.parametrize(
    ("columns", "rows", "expected"),
    [(7, 3, 1), (6, 3, 0), (7, 2, 0), (14, 5, 2), (14, 4, 1), (300, 100, 4), (28, 9, 3)],
)
def test_the_largest_scale_that_fits(columns: int, rows: int, expected: int) -> None:
    assert scale_that_fits("ok", columns, rows) == expected
