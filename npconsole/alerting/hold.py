"""What is not told for now: targets that are muted, and what an action on its target may have brought about.

Held is not dropped: what is bad still when the hold ends is told then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from npconsole.alerting.condition import Condition
from npconsole.alerting.observation import SETTLING
from npconsole.alerting.work import Settling
from npconsole.model.mute import Mute


@dataclass(frozen=True, slots=True)
class Hold:
    """The holds in force at one instant."""

    muted: frozenset[str]
    settling: Sequence[Settling]

    def mutes(self, target: str, service: str, environment: str) -> bool:
        """Whether a target, its service or the whole environment is muted."""
        return not self.muted.isdisjoint((target, service, environment))

    def keeps(self, condition: Condition, environment: str) -> bool:
        """Whether a condition that nobody was told of has to wait.

        What was bad before the action began is what it was done for, and is told.
        """
        if self.mutes(condition.target, condition.service, environment):
            return True
        return condition.check in SETTLING and any(
            each.target == condition.target and each.begun_wall <= condition.began_wall <= each.until_wall
            for each in self.settling
        )


def hold_of(mutes: Iterable[Mute], settling: Sequence[Settling], now: float) -> Hold:
    """The holds at `now`, epoch seconds."""
    muted = frozenset(mute.target for mute in mutes if mute.until_wall > now)
    return Hold(muted, tuple(each for each in settling if each.until_wall > now))
