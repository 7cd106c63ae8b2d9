"""The one gate: every guard that a run of an action must pass, in the order in which people want to hear of it."""

from npconsole.actions.frame import Action
from npconsole.actions.guard import Guard
from npconsole.actions.guards import access, estate, healing, ledger, vendors

FIRST = (access.READ_ONLY, access.ROLE, access.COMPLETE, vendors.CREDENTIALS)
LAST = (
    estate.CONNECTIVITY,
    estate.NOT_EVERYTHING,
    vendors.LIMIT,
    ledger.NOT_FROZEN,
    ledger.NOT_MUTED,
    healing.SWITCHED_ON,
    healing.IN_HEAL_BUDGET,
    ledger.FREE,
    ledger.NO_OPEN_RUN,
    access.UNCHANGED,
    access.CONFIRMED,
)


def guards_of(action: Action) -> tuple[Guard, ...]:
    """Those for all actions, with the action's own between them."""
    return (*FIRST, *action.guards, *LAST)
