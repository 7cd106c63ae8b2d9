"""The dialog's port to whoever opens it."""

from collections.abc import Callable
from typing import Protocol


class Opener(Protocol):
    """Whoever opens the dialog, and hears how it went."""

    def deliver(self, call: Callable[[], None]) -> None:
        """Run a call on the screen's thread; it is called from the desk's."""
        ...

    def asked(self, run_id: str) -> None:
        """A run was asked for, whether the dialog is still open or not."""
        ...

    def over(self, said: str, *, done: bool) -> None:
        """The dialog is over; `done` tells whether something was asked for."""
        ...

    def say(self, said: str) -> None:
        """Something that came after the dialog was closed."""
        ...
