"""The key map of a configuration, once the actions and their keys are known."""

from collections.abc import Sequence

from npconsole.config.keymap import Binding, check, merge
from npconsole.config.loading import Loaded
from npconsole.errors import ConfigError
from npconsole.model.action import ActionSpec


def keymap(loaded: Loaded, specs: Sequence[ActionSpec]) -> tuple[Binding, ...]:
    """The bindings. Raises ConfigError with every key that cannot be so, each with its line."""
    keys = loaded.config.ui.keys
    wrong = [(f"ui.keys.{action}", message) for action, message in check(keys, specs)]
    if wrong:
        raise ConfigError(tuple(loaded.origin(key).problem(key, message) for key, message in wrong))
    return merge(keys, specs)
