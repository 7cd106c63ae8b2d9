"""Which key does what at this moment, by when it was pressed. Knows nothing of what the keys do."""

import time
from collections.abc import Collection, Sequence

from textual.events import Key
from textual.keys import _character_to_key

from npconsole.config.keymap import ACTS, SESSION, Binding
from npconsole.model.clock import Clock
from npconsole.views.console.dialog.cadence import Cadence

MOST_WAITING = 50
QUIT = "quit"


class Keyboard:
    """`waiting` are the keys that were pressed before the desk was there to answer them, in their order."""

    def __init__(self, keymap: Sequence[Binding], clock: Clock) -> None:
        self.cadence = Cadence()
        self.waiting: list[Key] = []
        self.bound: dict[str, Binding] = {}
        self._clock = clock
        self.bind(keymap)

    def bind(self, keymap: Sequence[Binding]) -> None:
        """Other keys from now on."""
        self.bound = {_textual_key(key): binding for binding in keymap for key in binding.keys}

    def note(self, event: Key) -> float:
        """When a key arrived, however long it waited, in `Clock.now()` seconds, which is now; the cadence is told.

        Textual stamps events with the monotonic clock, so the difference to that is how long this one has waited.
        """
        now = self._clock.now()
        self.cadence.key(now - max(0.0, time.monotonic() - event.time))
        return now

    def keep(self, event: Key, known: Collection[str], *, typing: bool) -> bool:
        """Keep a key for later when nobody can answer it yet, and every one after it; whether it was kept.

        `known` are the ids of what can be done already. Leaving is never kept waiting. With `typing` a line of text has
        the keys.
        """
        binding = self.bound.get(event.key)
        if binding is not None and binding.id == QUIT:
            return False
        if not self.waiting and (typing or (binding is not None and binding.id in known)):
            return False
        if len(self.waiting) < MOST_WAITING:
            self.waiting.append(event)
        return True

    def acts_in_a_burst(self, binding: Binding) -> bool:
        """Whether a key that acts or ends came in the middle of a burst, such as a paste."""
        return self.cadence.hurried and binding.group in (ACTS, SESSION)


def _textual_key(key: str) -> str:
    """Textual's name of a key: single characters have names there, such as `question_mark`."""
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    return "+".join([*modifiers, _character_to_key(name) if len(name) == 1 else name])
