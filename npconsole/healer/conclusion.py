"""What the healer is told of the run that it has asked for."""

from dataclasses import replace

from npconsole.healer.card import Card
from npconsole.healer.state import Ended, HealState, key
from npconsole.model.heal import Choice, Decision
from npconsole.model.run import RunState, Verdict


def requested(state: HealState, decision_id: str, run_id: str) -> tuple[HealState, tuple[Decision, ...]]:
    """The run of a decision is in the journal. Nothing changes for a decision that is not pending, or known already."""
    pending = state.pending
    if pending is None or pending.decision.id != decision_id or pending.decision.run_id == run_id:
        return state, ()
    decision = replace(pending.decision, run_id=run_id)
    return replace(state, pending=replace(pending, decision=decision)), (decision,)


def concluded(
    state: HealState, decision_id: str, run_state: RunState, verdict: Verdict | None, outcome: str
) -> tuple[HealState, tuple[Decision, ...]]:
    """The run of a decision has ended; `outcome` is its own sentence, or the reason of the guard that refused it.

    A refused run was never begun: it costs nothing, and its decision becomes one that was held. Any other end has its
    verdict at a later check, when the region has settled. A decision that is not pending (any more) changes nothing,
    so that the same end may be told twice.
    """
    pending = state.pending
    if pending is None or pending.decision.id != decision_id or pending.ended is not None:
        return state, ()
    if run_state is not RunState.REFUSED:
        return replace(state, pending=replace(pending, ended=Ended(run_state, verdict, outcome))), ()
    decision = replace(pending.decision, choice=Choice.HELD, words=f"refused: {outcome}", outcome=outcome)
    return replace(_released(state, decision), pending=None), (decision,)


def _released(state: HealState, decision: Decision) -> HealState:
    """The rule gets another turn later, if its trouble lasts."""
    name, card = key(decision.rule, decision.target), state.cards.get(decision.rule) or Card()
    cards = {**state.cards, decision.rule: replace(card, held=card.held + 1)}
    course = state.courses.get(name)
    if course is None or not course.open:
        return replace(state, cards=cards)
    again = replace(course, acted=True, ready=True, refusals=course.refusals + 1, refused_at=state.at)
    return replace(state, cards=cards, courses={**state.courses, name: again})
