"""What all runs of a process are executed with."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from npconsole.actions.frame import Action
from npconsole.actions.rules import Rules
from npconsole.actions.world import World
from npconsole.errors import StoreError
from npconsole.model.journal import Journal
from npconsole.model.run import Run


def nobody(run: Run, text: str) -> None:
    """Tells nobody: for processes without channels."""


def nowhere(point: str) -> None:
    """Does nothing at any point of a run."""


@dataclass(frozen=True, slots=True)
class Stage:
    """`owner` names this process in leases. `notify` pages people, and must return soon.

    `reached` is told each point of a run at which a crash would leave another state behind; tests crash there. Only
    whoever builds the stage can pass one: nothing of the environment is read here. The points: requested, planned,
    confirmed, intent, intended (a step is on disk), sent (as sent; nothing is on the wire yet), called, applied,
    unknown, reconciled, holding, reverting, settling, revert_failed, verifying, ended; in a recovery taken and sorted.
    """

    journal: Journal
    world: World
    rules: Rules
    find: Callable[[str], Action]
    owner: str
    notify: Callable[[Run, str], None] = nobody
    reached: Callable[[str], None] = nowhere

    def tell(self, run: Run, text: str) -> None:
        """Page people. A channel that fails must not fail a run; those who watch are told that it did."""
        try:
            self.notify(run, text)
        except Exception as error:  # noqa: BLE001 - whatever a channel does, the undo goes on
            with suppress(StoreError):
                self.journal.note(run.id, f"nobody could be told: {type(error).__name__}")
