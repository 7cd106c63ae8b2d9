"""Where themes are."""

from pathlib import Path

import pytest

from npconsole.config.nearest import suggestion
from npconsole.config.themes import theme_names, theme_path
from npconsole.errors import ConfigError


def test_the_themes_that_come_with_it() -> None:
    assert {"dark", "light"} <= set(theme_names())
    assert all(theme_path(name).is_file() for name in theme_names())


def test_a_theme_of_your_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("")
    assert theme_path(str(path)) == path


@pytest.mark.parametrize(
    ("name", "words"),
    [("drak", "did you mean `dark`?"), ("zzz", "there are "), ("./none.yaml", "no such theme file"), ("", "no such")],
)
def test_no_such_theme(name: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        theme_path(name)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("prod", "; did you mean `production`?"),
        ("Stagin", "; did you mean `staging`?"),
        ("zzz", ""),
        ("", ""),
        ("p", ""),
        ("x" * 100_000, ""),
    ],
)
def test_the_nearest_word(word: str, told: str) -> None:
    assert suggestion(word, ["production", "staging"]) == told
