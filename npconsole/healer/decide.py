"""One check of the healer: a pure function of its state, the facts and the clock."""

from dataclasses import replace

from npconsole.healer.check import Check
from npconsole.healer.facts import HealFacts
from npconsole.healer.perception import perceive
from npconsole.healer.pursuit import follow
from npconsole.healer.rules import HealRules
from npconsole.healer.state import HealState
from npconsole.healer.weighing import weigh
from npconsole.model.heal import Decision


def decide(
    state: HealState, facts: HealFacts, rules: HealRules, now_wall: float
) -> tuple[HealState, tuple[Decision, ...]]:
    """The state after a check at `now_wall` (epoch seconds), and what was decided in it.

    State and decisions are to be committed together; only then may the run that `state.pending` asks for be requested
    (`request_of`). A decision whose id was there before replaces it: it has its verdict now. There is at most one ACT,
    and none while an action is pending. Each LATCHED decision calls a person, once.
    """
    check = Check(state, facts, rules, now_wall)
    if facts.acknowledged:
        _acknowledge(check)
    perceive(check)
    follow(check)
    weigh(check)
    return check.close()


def _acknowledge(check: Check) -> None:
    """A person has looked: latch and suspensions are lifted. Budgets are not: nobody can grant more restarts."""
    for name, card in check.cards.items():
        check.cards[name] = replace(card, suspended="", trial=())
    check.state = replace(check.state, latch=None, acknowledged_at=check.at)
