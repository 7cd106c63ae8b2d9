"""A stated pause of alerts and heals for a target, always with an end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

MUTE = "mute."
"""What the journal's switch of a muted target begins with: a guard asks for `mute.us-east`."""


@dataclass(frozen=True, slots=True)
class Mute:
    """`target` is a region, an edge, a service, or the environment's name for all of it. Times are epoch seconds."""

    target: str
    until_wall: float
    reason: str
    actor: str
    begun_wall: float


class Mutes(Protocol):
    """The mutes that are in force. Every method is one short transaction and blocks; all raise StoreError."""

    def mute(self, target: str, *, for_s: float, reason: str, actor: str) -> Mute:
        """Pause alerts and heals of a target for that long from now; one that is in force already is replaced.

        Raises UsageError for an empty reason, and a time that is not more than 0 s and at most 30 days.
        """
        ...

    def unmute(self, target: str, *, actor: str) -> None:
        """End it early; no error when there is none."""
        ...

    def mutes(self) -> Sequence[Mute]:
        """Those in force, the one that ends first at the front."""
        ...
