"""The question whether alerts and heals of a target shall pause, and until when; or go on before that."""

import shlex
from concurrent.futures import Future
from dataclasses import dataclass, replace

from npconsole.config.units import Seconds
from npconsole.model import quantity
from npconsole.model.desk import Desk
from npconsole.model.mute import Mute
from npconsole.views.console.dialog.field import NO, REASON, Field

FOR = "for"
DEFAULT = "30m"
LONGEST_S = 7 * 86400.0


@dataclass(frozen=True, slots=True)
class Pausing:
    """`now` is the mute of the target that is in force; a length of 0 ends it. `off` is why this person may not."""

    target: str
    now: Mute | None = None
    length: str = DEFAULT
    reason: str = ""
    failure: str = ""
    off: str = ""
    submitted: bool = False

    @property
    def title(self) -> str:
        """What would be paused."""
        return f"{'End the mute of' if self.ends else 'Mute'} {self.target}"

    @property
    def yes(self) -> str:
        """The deed itself."""
        if self.ends:
            return f"Yes, end the mute of {self.target} now"
        length_s = self._length_s
        return f"Yes, mute {self.target}{'' if length_s is None else f' for {quantity.duration(length_s)}'}"

    @property
    def name_needed(self) -> str:
        """A mute ends by itself."""
        return ""

    @property
    def begins_at(self) -> str:
        """A mute in force may only have to be ended; a new one needs its reason."""
        if self.off:
            return NO
        return FOR if self.now is not None else REASON

    @property
    def ends(self) -> bool:
        """Whether it is the end of a mute that is asked for."""
        return self._length_s == 0

    @property
    def fields(self) -> tuple[Field, ...]:
        """How long, and why."""
        if self.off:
            return ()
        ending = ", or 0 to end it now" if self.now is not None else ""
        why = "" if self.ends else "needed: others will read it"
        return (Field(FOR, FOR, self.length, f"such as 30m or 2h{ending}"), Field(REASON, REASON, self.reason, why))

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What a mute is, and the command line that does the same."""
        words = "no alert about it is sent and nothing heals it; the console goes on showing how it is"
        twin = ("unmute", self.target) if self.ends else ("mute", self.target, "--for", self.length.strip() or "…")
        reason = () if self.ends else ("--reason", self.reason.strip() or "…")
        return (("means", words), ("command", f"npconsole {shlex.join((*twin, *reason))}"))

    def fill(self, name: str, text: str) -> "Pausing":
        """With another length or reason."""
        return replace(self, length=text, failure="") if name == FOR else replace(self, reason=text, failure="")

    def obstacle(self, now: float) -> str:
        """Why a yes is not taken, in a phrase; empty when it is."""
        length_s = self._length_s
        if said := self.off or self.failure:
            return said
        if length_s is None:
            return "say for how long, such as 30m or 2h"
        if length_s > LONGEST_S:
            return f"at most {quantity.duration(LONGEST_S)}: mute it again when it still matters then"
        if length_s == 0:
            return "" if self.now is not None else "there is no mute to end: say for how long, such as 30m"
        return "" if self.reason.strip() else "a mute needs a reason"

    def expires_in_s(self, now: float) -> float | None:
        """It rests on nothing that was read."""
        return None

    def send(self, desk: Desk) -> "Future[Mute] | Future[None]":
        """Ask for it."""
        if self.ends:
            return desk.unmute(self.target)
        return desk.mute(self.target, self._length_s or 0.0, self.reason.strip())

    @property
    def _length_s(self) -> float | None:
        text = self.length.strip()
        if text in ("0", "0s", "0m"):
            return 0.0
        try:
            return float(Seconds.parse(text))
        except ValueError:
            return None
