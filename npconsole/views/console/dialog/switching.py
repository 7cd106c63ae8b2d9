"""The question whether the healer shall be switched off, on, or go on after what latched it."""

import shlex
from concurrent.futures import Future
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from npconsole.model.desk import Desk
from npconsole.views.console.dialog.field import NO, REASON, Field


class Turn(StrEnum):
    """What shall become of the healer."""

    OFF = "off"
    ON = "on"
    ACKNOWLEDGE = "ack"


_TITLES = {
    Turn.OFF: "Switch the healer off",
    Turn.ON: "Switch the healer on",
    Turn.ACKNOWLEDGE: "Acknowledge what latched the healer",
}
_YES = {
    Turn.OFF: "Yes, switch the healer off",
    Turn.ON: "Yes, switch the healer on again",
    Turn.ACKNOWLEDGE: "Yes, I have looked: it may go on",
}
_MEANS = {
    Turn.OFF: "nothing is healed from the next intent on, by any daemon, until a person switches it on; what has been "
    "sent already is verified to its end",
    Turn.ON: "rules act again as their modes say",
    Turn.ACKNOWLEDGE: "the leader takes the latch off at its next check; budgets and cool-downs stay as they are",
}


@dataclass(frozen=True, slots=True)
class Switching:
    """`why` is the reason for which it is as it is now. `off` is why this person may not."""

    turn: Turn
    why: str = ""
    reason: str = ""
    failure: str = ""
    off: str = ""
    submitted: bool = False

    @property
    def title(self) -> str:
        """What would become of the healer."""
        return _TITLES[self.turn]

    @property
    def yes(self) -> str:
        """The deed itself."""
        return _YES[self.turn]

    @property
    def name_needed(self) -> str:
        """Stopping a healer is never made hard."""
        return ""

    @property
    def begins_at(self) -> str:
        """At the reason, where one is needed."""
        return NO if self.off or self.turn is Turn.ON else REASON

    @property
    def fields(self) -> tuple[Field, ...]:
        """The reason; switching it on needs none."""
        return (
            ()
            if self.off or self.turn is Turn.ON
            else (Field(REASON, REASON, self.reason, "needed: others will read it"),)
        )

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Why it is as it is, what will be, and the command line that does the same."""
        words = ["npconsole", "heal", self.turn.value]
        if self.turn is not Turn.ON:
            words += ["--reason", self.reason.strip() or "…"]
        now = {Turn.OFF: "it is on", Turn.ON: f"off: {self.why}", Turn.ACKNOWLEDGE: f"latched: {self.why}"}[self.turn]
        return (("now", now), ("then", _MEANS[self.turn]), ("command", shlex.join(words)))

    def fill(self, name: str, text: str) -> "Switching":
        """With another reason."""
        return replace(self, reason=text, failure="")

    def obstacle(self, now: float) -> str:
        """Why a yes is not taken, in a phrase; empty when it is."""
        if said := self.off or self.failure:
            return said
        return "" if self.turn is Turn.ON or self.reason.strip() else "this needs a reason"

    def expires_in_s(self, now: float) -> float | None:
        """It rests on nothing that was read."""
        return None

    def send(self, desk: Desk) -> Future[None]:
        """Ask for it."""
        match self.turn:
            case Turn.OFF:
                return desk.switch_heal(self.reason.strip())
            case Turn.ON:
                return desk.switch_heal("")
            case Turn.ACKNOWLEDGE:
                return desk.acknowledge(self.reason.strip())
            case _:
                assert_never(self.turn)
