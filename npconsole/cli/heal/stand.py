"""What commands about the healer stand on: what its leader wrote down, the switches, and who may change them."""

from dataclasses import dataclass

from npconsole.cli.acting import Acting
from npconsole.errors import RefusedError, UsageError
from npconsole.model.action import AccessRole
from npconsole.model.heal import HEAL_OFF, Decision
from npconsole.model.mute import Mute
from npconsole.net.text import clean
from npconsole.wiring.daemon.overview import Overview, overview


@dataclass(frozen=True, slots=True)
class Standing:
    """The healer at `wall`, epoch seconds. `off` is why it is switched off by now, whatever its leader knew."""

    wall: float
    overview: Overview
    off: str
    mutes: tuple[Mute, ...]
    decisions: tuple[Decision, ...]

    @property
    def idle(self) -> str:
        """Why nothing heals; empty when it does. Shadow counts as healing: it does what it is told."""
        latched = self.overview.view.latched if self.overview.view else ""
        if self.off:
            return f"off: {self.off}"
        return self.overview.silence or (f"latched: {latched}" if latched else "")


def stand(hold: Acting) -> Standing:
    """Raises StoreError."""
    stores, wall = hold.stores, hold.clock.wall()
    return Standing(
        wall=wall,
        overview=overview(stores.heal, wall),
        off=hold.journal.consult("", lambda ledger: ledger.switch(HEAL_OFF)),
        mutes=tuple(stores.mutes.mutes()),
        decisions=tuple(stores.heal.decisions(limit=10)),
    )


def require_operator(hold: Acting) -> None:
    """Raise RefusedError for who may not."""
    if hold.read_only:
        raise RefusedError("this console is read-only")
    if not hold.actor.role.allows(AccessRole.OPERATOR):
        raise RefusedError(f"that needs the role operator, and {hold.actor.name} is {hold.actor.role.value}")


def said(reason: str) -> str:
    """A reason that says something. Raises UsageError."""
    words = clean(reason).strip()
    if not words:
        raise UsageError("a reason is needed", hint='write --reason "why"')
    return words
