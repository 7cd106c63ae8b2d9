"""Keys that wait, by their order and their number."""

from textual.events import Key

from npconsole.config.keymap import provisional
from npconsole.views.console.keyboard import MOST_WAITING, Keyboard
from tests.views.console.feed import FakeClock

KNOWN = ("up", "down", "filter", "quit")


def keyboard() -> Keyboard:
    return Keyboard(provisional({"quit": "f10"}), FakeClock())


def key(name: str) -> Key:
    return Key(name, name if len(name) == 1 else None)


def test_a_known_key_is_not_kept_until_one_before_it_is() -> None:
    keys = keyboard()
    assert not keys.keep(key("j"), KNOWN, typing=False)
    assert keys.keep(key("R"), KNOWN, typing=False)
    assert keys.keep(key("j"), KNOWN, typing=False)
    assert [each.key for each in keys.waiting] == ["R", "j"]


def test_leaving_is_never_kept_waiting() -> None:
    keys = keyboard()
    assert keys.keep(key("x"), KNOWN, typing=False)
    assert not keys.keep(key("f10"), KNOWN, typing=False)


def test_what_is_typed_into_a_line_is_for_the_line() -> None:
    assert not keyboard().keep(key("R"), KNOWN, typing=True)


def test_no_more_wait_than_a_person_types() -> None:
    keys = keyboard()
    for _ in range(MOST_WAITING * 2):
        assert keys.keep(key("R"), KNOWN, typing=False)
    assert len(keys.waiting) == MOST_WAITING


def test_single_characters_have_textual_s_names() -> None:
    assert {"question_mark", "slash", "colon", "j"} <= set(keyboard().bound)
