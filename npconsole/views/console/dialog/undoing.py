"""The question whether a run shall be taken back, or ended before its time."""

from concurrent.futures import Future
from dataclasses import dataclass, replace

from npconsole.model.desk import Desk, WatchedRun
from npconsole.views.console.dialog.field import NO, REASON, Field


@dataclass(frozen=True, slots=True)
class Undoing:
    """`failure` says why it was not taken, `off` why this person cannot ask for it."""

    watched: WatchedRun
    reason: str = ""
    failure: str = ""
    off: str = ""
    submitted: bool = False

    @property
    def title(self) -> str:
        """Which run would be undone."""
        request = self.watched.run.request
        return f"Undo · {request.action} {request.target}"

    @property
    def yes(self) -> str:
        """The deed itself."""
        request = self.watched.run.request
        return f"Yes, undo {request.action} {request.target}"

    @property
    def name_needed(self) -> str:
        """Going back is never made hard."""
        return ""

    @property
    def begins_at(self) -> str:
        """The reason may be left out."""
        return NO

    @property
    def fields(self) -> tuple[Field, ...]:
        """The reason."""
        return () if self.off else (Field(REASON, "reason", self.reason, "optional, for the audit"),)

    def fill(self, name: str, text: str) -> "Undoing":
        """With another reason."""
        return replace(self, reason=text, failure="")

    def obstacle(self, now: float) -> str:
        """Why a yes is not taken, in a phrase; empty when it is."""
        return self.off or self.failure or ("" if self.watched.undo else "this run can no longer be undone")

    def expires_in_s(self, now: float) -> float | None:
        """It holds for as long as the run can be undone."""
        return None

    def send(self, desk: Desk) -> Future[None]:
        """Ask for it."""
        return desk.undo(self.watched.run.id, self.reason.strip())
