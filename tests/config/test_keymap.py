"""The key map: merging, and every mistake a person can make in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.config.keymap import DEFAULTS, check, merge, shown


def keys_of(action: str, overrides: dict[str, str]) -> tuple[str, ...]:
    return next(binding.keys for binding in merge(overrides) if binding.id == action)


def test_the_defaults_have_no_problem() -> None:
    assert check({}) == []
    assert merge({}) == DEFAULTS


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("f5", ("f5",)),
        ("F5, ctrl+l", ("f5", "ctrl+l")),
        ("CTRL+L", ("ctrl+l",)),
        ("shift+w", ("W",)),
        ("pgup", ("pageup",)),
        ("comma", (",",)),
        ("+", ("+",)),
        ("x,x", ("x",)),
    ],
)
def test_keys_are_read_as_people_write_them(written: str, keys: tuple[str, ...]) -> None:
    overrides = {"refresh": written} | ({"page_up": "f9"} if written == "pgup" else {})
    assert keys_of("refresh", overrides) == keys


@pytest.mark.parametrize(
    ("overrides", "action", "words"),
    [
        ({"refesh": "f5"}, "refesh", "did you mean `refresh`?"),
        ({"refresh": "spce"}, "refresh", "did you mean `space`?"),
        ({"refresh": "crtl+r"}, "refresh", "unknown modifier; did you mean `ctrl`?"),
        ({"refresh": ""}, "refresh", "has no key"),
        ({"refresh": " , "}, "refresh", "has no key"),
        ({"refresh": "q"}, "refresh", "the key 'q' also belongs to quit"),
        ({"refresh": "f5", "zoom": "F5"}, "refresh", "the key 'f5' also belongs to zoom"),
        ({"refresh": "ä"}, "refresh", "'ä' is not a key"),
    ],
)
def test_mistakes_are_named(overrides: dict[str, str], action: str, words: str) -> None:
    problems = check(overrides)
    assert any(found == action and words in problem for found, problem in problems), problems
    with pytest.raises(ValueError, match=action):
        merge(overrides)


def test_two_actions_may_swap_their_keys() -> None:
    assert check({"zoom": "s", "sort": "z"}) == []


@given(
    st.dictionaries(st.sampled_from([binding.id for binding in DEFAULTS]) | st.text(max_size=8), st.text(max_size=12))
)
def test_any_map_is_either_merged_without_a_shared_key_or_refused(overrides: dict[str, str]) -> None:
    if check(overrides):
        return
    keys = [key for binding in merge(overrides) for key in binding.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("key", "text"), [("escape", "esc"), ("ctrl+r", "^r"), ("pageup", "PgUp"), ("/", "/")])
def test_shown(key: str, text: str) -> None:
    assert shown(key) == text
