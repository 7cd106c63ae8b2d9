"""What holds a heal back in the transaction of its intent, whatever the healer itself remembers. People pass.

The healer keeps its own, finer books. These hold also when its memory is lost, when two of them believe to lead, and
when somebody switches it off between its decision and the intent.
"""

from npconsole.actions.facts import Facts
from npconsole.actions.guard import HEALER, Answer, Guard, from_ledger
from npconsole.actions.guards.ledger import HOUR_S
from npconsole.model.heal import HEAL_OFF
from npconsole.model.journal import Ledger

_COUNTED = ("restart", "failover")
"""Actions that take a region out. Whoever asked for them: where people restart, a heal would be one too many."""


def _switched_on(facts: Facts, ledger: Ledger) -> Answer:
    if not _heals(facts):
        return Answer(True, "not asked by the healer")
    reason = ledger.switch(HEAL_OFF)
    return Answer(False, f"healing is switched off: {reason}") if reason else Answer(True, "healing is switched on")


def _budget(facts: Facts, ledger: Ledger) -> Answer:
    if not _heals(facts):
        return Answer(True, "not asked by the healer")
    most = facts.rules.budget.heals_per_hour
    count = sum(len(ledger.intents(action, None, HOUR_S)) for action in _COUNTED)
    words = f"{count} restarts and failovers in the last hour, people's among them, {most} at most for a heal"
    return Answer(count < most, words)


def _heals(facts: Facts) -> bool:
    return facts.request.actor.via == HEALER


SWITCHED_ON = Guard("heal-off", from_ledger(_switched_on))
IN_HEAL_BUDGET = Guard("heal-budget", from_ledger(_budget))
