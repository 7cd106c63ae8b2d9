"""Whose turn has come, the gravest first: all causes and brakes are asked, and then it acts, or says once why not."""

from dataclasses import replace

from npconsole.healer.brakes import BRAKES
from npconsole.healer.case import Answer, Case, Question
from npconsole.healer.causes import CAUSES, is_common
from npconsole.healer.check import ASK_A_PERSON, Check
from npconsole.healer.condition import words
from npconsole.healer.course import Shadowed
from npconsole.healer.rules import Step
from npconsole.healer.state import Latch, Pending
from npconsole.model import quantity
from npconsole.model.heal import Choice, Evidence, HealMode

QUESTIONS = (*CAUSES, *BRAKES)
"""In the order in which the first that stops is the reason given."""


def weigh(check: Check) -> None:
    """At most one action is asked for: with the first, the others meet the brake `one-at-a-time`."""
    latch = check.state.latch
    if latch is not None and not latch.told:
        check.call(latch.reason)
    for turn in check.turns:
        case = check.case(turn)
        if is_common(case):
            check.keep(replace(case.course, alike_at=check.at))
            case = check.case(turn)
        is_due = case.course.is_due(turn.rule, case.brakes, check.at)
        if turn.silent and not is_due:
            continue
        found = _first_stop(case)
        if found is not None:
            _hold(check, case, *found)
        elif is_due and case.step is not None:
            _act(check, case, case.step)


def _first_stop(case: Case) -> tuple[Question, Answer] | None:
    for question in QUESTIONS:
        answer = question.ask(case)
        if answer.stops:
            return question, answer
    return None


def _hold(check: Check, case: Case, question: Question, answer: Answer) -> None:
    """Said once for each reason in the same trouble. A latch is put on by a rule that may act, and by the first."""
    name, course, rule = question.name, case.course, case.rule
    latches = answer.latches and rule.mode is HealMode.ENFORCE and check.state.latch is None
    if name in course.held and not latches:
        return
    check.keep(replace(course, held=tuple(dict.fromkeys((*course.held, name)))))
    choice, said = Choice.HELD, f"{name.replace('-', ' ')}: {answer.words}"
    if latches:
        choice, said = Choice.LATCHED, f"{case.target.id}, {said}; {ASK_A_PERSON}"
        check.state = replace(check.state, latch=Latch(f"{case.target.id}: {answer.words}", told=True))
    action = case.step.action if case.step else ""
    check.decide(rule.name, case.target.id, choice, said, evidence=_evidence(case), action=action)
    card = check.card(rule.name)
    check.cards[rule.name] = replace(card, held=card.held + 1)


def _act(check: Check, case: Case, step: Step) -> None:
    rule, said = case.rule, f"{step.action} {case.run_target}: {_lasting(case)}"
    choice = Choice.ACT if rule.mode is HealMode.ENFORCE else Choice.WOULD_ACT
    made = check.decide(rule.name, case.target.id, choice, said, evidence=_evidence(case), action=step.action)
    course = replace(case.course, acted=True, ready=False)
    if choice is Choice.WOULD_ACT:
        check.keep(replace(course, shadow=Shadowed(made.id, check.at, step.action)))
        card = check.card(rule.name)
        check.cards[rule.name] = replace(card, would_have_acted=card.would_have_acted + 1)
        return
    check.keep(course)
    pending = Pending(
        decision=made,
        target=case.run_target,
        regions=_settling_with(case),
        parameters=step.parameters,
        step=course.step,
        asked_at=check.at,
    )
    check.state = replace(check.state, pending=pending)


def _settling_with(case: Case) -> tuple[str, ...]:
    """The regions whose figures the action moves: its own; all of the service for a purge and for a failover."""
    if case.run_target == case.target.id and not case.fails_over:
        return (case.target.id,)
    return tuple(each.id for each in case.facts.targets if each.service == case.target.service)


def _evidence(case: Case) -> tuple[Evidence, ...]:
    return tuple(question.evidence(case) for question in QUESTIONS)


def _lasting(case: Case) -> str:
    """`p95 612 ms, above 400 ms, for 16 min (step 2 of 4)`."""
    opened_at, number = case.course.opened_at, case.course.step + 1
    lasted_s = 0.0 if opened_at is None else case.at - opened_at
    seen = words(case.rule, case.target)
    lasting = f"{seen}, for {quantity.duration(lasted_s)}" if lasted_s > 0 else seen
    return f"{lasting} (step {number} of {len(case.rule.steps)})" if number > 1 else lasting
