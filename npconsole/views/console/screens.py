"""The port of those who act to the app that shows them."""

from collections.abc import Callable
from typing import Protocol

from npconsole.views.console.picture import Picture
from npconsole.views.console.stage import Stage


class Screens(Protocol):
    """What the hand needs of the app."""

    @property
    def stage(self) -> Stage:
        """The screen in view."""
        ...

    def picture(self) -> Picture:
        """What is shown now."""
        ...

    def enter(self, stage: Stage) -> None:
        """Put a screen in view."""
        ...

    def leave_stage(self) -> None:
        """Go back to the screen before."""
        ...

    def say(self, text: str) -> None:
        """A short message in the status line."""
        ...

    def deliver(self, call: Callable[[], None]) -> None:
        """Run a call on the screen's thread."""
        ...
