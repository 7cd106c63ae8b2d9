"""Which actions are offered for what the cursor is on, and why one is off. The dialog and the list say the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from npconsole.model.action import ActionSpec
from npconsole.model.desk import Desk
from npconsole.model.estate import Estate
from npconsole.views.console.subject import Subject


@dataclass(frozen=True, slots=True)
class Offer:
    """An action and its target here, which is empty when there is none. `off` is why it cannot be run, in a phrase."""

    spec: ActionSpec
    target: str
    off: str


def closed(desk: Desk) -> str:
    """Why this console runs nothing at all at this moment; empty when it may."""
    if desk.read_only:
        return desk.read_only
    return f"nothing acts without a journal: {desk.state.problem}" if desk.state.problem else ""


def why_off(desk: Desk, spec: ActionSpec) -> str:
    """Why this person cannot run an action here; empty when its guards are worth asking."""
    if said := closed(desk):
        return said
    actor = desk.actor
    if not actor.role.allows(spec.role):
        return f"{spec.id} needs the role {spec.role.value}, and {actor.name} is {actor.role.value}"
    return ""


def offers(desk: Desk, subject: Subject, estate: Estate) -> Sequence[Offer]:
    """Every action, in the order of the registry; those that have a target here first."""
    found = []
    for spec in desk.specs:
        target = subject.target(spec.target, estate)
        found.append(Offer(spec, target, why_off(desk, spec) if target else subject.missing(spec.target)))
    return sorted(found, key=lambda offer: not offer.target)
