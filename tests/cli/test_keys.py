"""The key map of a configuration against the keys of the actions that there are."""

from pathlib import Path

import pytest

from npconsole.actions.registry import ACTIONS
from npconsole.cli.keys import keymap
from npconsole.config.loading import Loaded, load
from npconsole.errors import ConfigError
from tests.config.conftest import VALID

SPECS = tuple(action.spec for action in ACTIONS)


def loaded(folder: Path, keys: str) -> Loaded:
    """A configuration with these keys in its last line."""
    path = folder / "config.yaml"
    path.write_text(f"{VALID}ui: {{keys: {{{keys}}}}}\n")
    return load(path, environ={})


def test_the_actions_can_be_given_other_keys(tmp_path: Path) -> None:
    bindings = {binding.id: binding.keys for binding in keymap(loaded(tmp_path, "restart: f2, assign: f3"), SPECS)}
    assert bindings["restart"] == ("f2",)
    assert bindings["assign"] == ("f3",)
    assert bindings["purge"] == ("P",)


def test_no_built_in_key_is_given_twice(tmp_path: Path) -> None:
    keys = [key for binding in keymap(loaded(tmp_path, ""), SPECS) for key in binding.keys]
    assert len(keys) == len(set(keys))


def test_a_key_of_an_action_that_is_taken_is_told_with_its_line(tmp_path: Path) -> None:
    configuration = loaded(tmp_path, "refresh: R, zoom: P")
    with pytest.raises(ConfigError) as caught:
        keymap(configuration, SPECS)
    line = len(VALID.splitlines()) + 1
    assert [str(problem) for problem in caught.value.problems] == [
        f"{configuration.path}:{line}: ui.keys.refresh: the key 'R' also belongs to restart",
        f"{configuration.path}:{line}: ui.keys.zoom: the key 'P' also belongs to purge",
    ]
