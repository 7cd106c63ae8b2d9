"""A person's hands: one key after the other with time between them, or all at once as no hand can."""

from typing import Any

from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tests.views.console.feed import FakeClock

SEEN_S = 0.02
"""What was drawn comes into view before a key is pressed."""
_CHARACTERS = {"space": " ", "colon": ":"}


class Hands:
    """Presses keys as people do, on the clock of the test."""

    def __init__(self, pilot: Pilot[Any], clock: FakeClock) -> None:
        self._pilot = pilot
        self._clock = clock

    async def press(self, *keys: str) -> None:
        """Each key in its own second."""
        await self._pilot.pause(SEEN_S)
        for key in keys:
            self._clock.pass_time(1.0)
            await self.burst(key)
        await self._pilot.pause(SEEN_S)
        self._clock.pass_time(1.0)

    async def burst(self, *keys: str) -> None:
        """All keys at once, as one write to the terminal brings them."""
        for key in keys:
            self._pilot.app.post_message(_event(key))
        for _ in range(3):  # the app gives a key to a screen, the screen to a widget, the widget to the app
            await self._pilot.pause(0)


def _event(key: str) -> Key:
    """A key by Textual's name, or a single character."""
    if len(key) > 1:
        return Key(key, _CHARACTERS.get(key))
    return Key(key if key.isalnum() else _character_to_key(key), key)
