"""Placeholders in texts of the configuration."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.config.placeholder import filled, placeholders


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("plain", ()),
        ("{a}", ("a",)),
        ("x{a}y{b_c}{a}", ("a", "b_c", "a")),
        ("{{a}}", ()),
        ("{{{a}}}", ("a",)),
    ],
)
def test_names(text: str, names: tuple[str, ...]) -> None:
    assert placeholders(text) == names


@pytest.mark.parametrize("text", ["{", "}", "{a", "a}", "{A}", "{}", "{ a }", "{1}", "{a}}"])
def test_a_brace_that_belongs_to_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="brace"):
        placeholders(text)


def test_filled() -> None:
    assert filled("x{a}y{{b}}", {"a": "1"}) == "x1y{b}"
    assert filled("{a}{b}", {"a": "{b}", "b": "{{"}) == "{b}{{"
    assert filled("{a}", {"a": "x"}, quote=str.upper) == "X"


@given(st.text("ab{}", max_size=12))
def test_a_value_is_never_looked_at_again(value: str) -> None:
    assert filled("<{a}>", {"a": value}) == f"<{value}>"
