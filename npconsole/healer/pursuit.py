"""The action that is pending: the end of its run, the time to settle, the verdict. Until then nothing else is done."""

from dataclasses import replace

from npconsole.healer.card import judged
from npconsole.healer.check import Check
from npconsole.healer.condition import Sight
from npconsole.healer.judgement import may_go_on, own_word, verdict
from npconsole.healer.rules import FAILOVER
from npconsole.healer.spending import Spent, spend
from npconsole.healer.state import Ended, Pending, key
from npconsole.model.heal import Choice
from npconsole.model.run import RunState, Verdict

LOST_S = 3600.0
"""A run of which nobody has told the end by then counts as done, with an unknown outcome."""


def follow(check: Check) -> None:
    """Go on with what is pending, if anything is."""
    pending = check.state.pending
    if pending is None:
        return
    if pending.ended is None and check.at - pending.asked_at > LOST_S:
        pending = replace(pending, ended=Ended(RunState.UNKNOWN, None, "nobody has told how its run ended"))
    if pending.ended is not None and pending.settling_from is None:
        pending = replace(pending, settling_from=check.at)
        _pay(check, pending)
    check.state = replace(check.state, pending=pending)
    if pending.ended is None or pending.settling_from is None:
        return
    settled_s, settle_s = check.at - pending.settling_from, check.rules.brakes.settle_s
    cleared, is_known = _cleared(check, pending)
    if settled_s >= settle_s and (is_known or settled_s >= 2 * settle_s):
        _conclude(check, pending, pending.ended, cleared)


def _pay(check: Check, pending: Pending) -> None:
    """Whatever came of it: it was done, or may have been."""
    decision = pending.decision
    name = key(decision.action, pending.target)
    spent = check.state.spent.get(name) or Spent(decision.action, pending.target, decision.target)
    spent = replace(spend(spent, pending.asked_at), region=decision.target)
    heals = (*check.state.heals, pending.asked_at)
    check.state = replace(check.state, spent={**check.state.spent, name: spent}, heals=heals)


def _cleared(check: Check, pending: Pending) -> tuple[bool | None, bool]:
    """Whether the trouble is over, None when that is not seen; and whether waiting would not tell more."""
    decision = pending.decision
    looked_at = any(each.id == decision.target for each in check.facts.targets)
    if not looked_at or not any(rule.name == decision.rule for rule in check.active):
        return None, True
    course = check.courses.get(key(decision.rule, decision.target))
    if course is None or not course.open:
        return True, True
    return (False, True) if course.sight is Sight.BREACH else (None, False)


def _conclude(check: Check, pending: Pending, ended: Ended, cleared: bool | None) -> None:
    decision = pending.decision
    found, why = own_word(ended) if decision.action == FAILOVER else verdict(ended, cleared)
    check.settle(replace(decision, verdict=found, outcome=why))
    check.state = replace(check.state, pending=None)
    before = check.card(decision.rule)
    after = check.cards[decision.rule] = judged(before, found)
    if after.suspended and not before.suspended:
        words = f"{decision.rule} suspended itself until a person has looked (npconsole heal ack): {after.suspended}"
        check.decide(decision.rule, decision.target, Choice.LATCHED, words)
    course = check.courses.get(key(decision.rule, decision.target))
    if course is not None and course.open:
        step = pending.step + 1 if _is_tried(pending, ended, found) else pending.step
        check.keep(replace(course, step=step, acted=True, ready=may_go_on(ended)))


def _is_tried(pending: Pending, ended: Ended, found: Verdict) -> bool:
    """Whether its turn is over while the trouble lasts: it is shown not to help; or the region was failed over."""
    if pending.decision.action == FAILOVER:
        return ended.state is not RunState.FAILED
    return found in (Verdict.NO_EFFECT, Verdict.WORSE)
