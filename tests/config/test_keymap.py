"""The key map: merging, and every mistake a person can make in it."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.config.keymap import ACTS, DEFAULTS, Binding, acting, check, merge, shown
from npconsole.model.action import AccessRole, ActionSpec, Danger, TargetKind


def spec(action_id: str, key: str) -> ActionSpec:
    return ActionSpec(action_id, "T", key, Danger.CONFIRM, AccessRole.OPERATOR, TargetKind.REGION, "Does it.")


SPECS = (spec("restart", "R"), spec("assign", ""), spec("purge", "P"))


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
        ("v,v", ("v",)),
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


def test_actions_bring_their_keys_and_stand_together() -> None:
    merged = merge({"purge": "f3"}, SPECS)
    assert Binding("restart", ("R",), "restart", "Does it. Asks first.", ACTS) in merged
    own = ("undo", "mute", "heal_switch", "acknowledge", "command")
    assert acting(merged) == ("actions", "restart", "purge", *own)
    groups = [binding.group for binding in merged]
    assert sorted(set(groups), key=groups.index) == ["Move", "Look", "Act", "Console"]
    assert len([group for group, _ in groupby(groups)]) == 4


def test_an_action_without_a_key_has_a_binding_once_it_is_given_one() -> None:
    assert all(binding.id != "assign" for binding in merge({}, SPECS))
    assert Binding("assign", ("f4",), "assign", "Does it. Asks first.", ACTS) in merge({"assign": "f4"}, SPECS)


def test_an_action_with_the_name_of_a_binding_leaves_it_alone() -> None:
    assert merge({}, (spec("filter", "Z"),)) == DEFAULTS


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"refresh": "R"}, "the key 'R' also belongs to restart"),
        ({"restart": "q"}, "the key 'q' also belongs to quit"),
        ({"restrat": "f2"}, "did you mean `restart`?"),
    ],
)
def test_mistakes_with_actions_are_named(overrides: dict[str, str], words: str) -> None:
    assert [words in problem for _, problem in check(overrides, SPECS)] == [True]


def test_an_action_may_be_named_before_it_is_known() -> None:
    assert check({"restart": "f2"}, named=("restart",)) == []
    assert "did you mean `restart`?" in check({"restrat": "f2"}, named=("restart",))[0][1]


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
