"""Every action is whole: id, key, words, role; and found by its id or with the nearest one."""

import re
from collections import Counter

import pytest

from npconsole.actions.frame import Recovery
from npconsole.actions.gate import guards_of
from npconsole.actions.registry import ACTIONS, find
from npconsole.errors import UsageError
from npconsole.model.action import AccessRole, Undo


def test_ids_and_keys_are_given_once() -> None:
    ids = Counter(action.spec.id for action in ACTIONS)
    keys = Counter(action.spec.key for action in ACTIONS if action.spec.key)
    assert not [name for name, count in (*ids.items(), *keys.items()) if count > 1]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.spec.id)
def test_each_is_whole(action: object) -> None:
    spec = find(action.spec.id).spec  # type: ignore[attr-defined]  # every entry is an Action
    assert re.fullmatch(r"[a-z][a-z-]*", spec.id)
    assert spec.title
    assert spec.summary.endswith(".")
    assert spec.role is not AccessRole.VIEWER
    assert all(parameter.help.endswith(".") for parameter in spec.parameters)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.spec.id)
def test_guards_have_a_name_each_and_the_hard_ones_are_hard(action: object) -> None:
    guards = guards_of(action)  # type: ignore[arg-type]  # every entry is an Action
    assert len({guard.name for guard in guards}) == len(guards)
    hard = {"read-only", "role", "complete", "credentials", "lease", "open-run", "confirmed", "last-healthy-region"}
    assert not [guard.name for guard in guards if guard.name in hard and guard.overridable]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.spec.id)
def test_what_is_always_undone_is_also_undone_after_a_crash(action: object) -> None:
    found = find(action.spec.id)  # type: ignore[attr-defined]  # every entry is an Action
    assert (found.spec.undo is Undo.ALWAYS) == (found.recovery is Recovery.REVERT)


def test_the_nearest_word() -> None:
    with pytest.raises(UsageError) as caught:
        find("restrat")
    assert caught.value.message == "there is no action 'restrat'; did you mean `restart`?"
