"""What people see of the healer: its rules, its brakes and what it decided of late."""

from collections.abc import Iterator, Sequence

from npconsole.healer.card import Card, reported
from npconsole.healer.condition import Sight
from npconsole.healer.course import Course
from npconsole.healer.facts import HealFacts
from npconsole.healer.rules import Brakes, HealRules, Rule
from npconsole.healer.spending import DAY_S, HOUR_S, Spent
from npconsole.healer.state import HealState
from npconsole.model import quantity
from npconsole.model.heal import BrakeView, Decision, HealView, RuleView

_NAMED = 3


def view(
    state: HealState,
    facts: HealFacts,
    rules: HealRules,
    now_wall: float,
    *,
    leader: str,
    decisions: Sequence[Decision] = (),
    undelivered: Sequence[str] = (),
    problem: str = "",
) -> HealView:
    """The view after a check. `decisions` are the latest first, as the memory has them."""
    return HealView(
        checked_wall=now_wall,
        interval_s=rules.brakes.interval_s,
        mode=rules.mode,
        leader=leader,
        off=facts.off,
        latched=state.latch.reason if state.latch else "",
        rules=tuple(_rule(rule, state, rules.brakes) for rule in rules.rules),
        brakes=tuple(_brakes(state, facts, rules.brakes)),
        decisions=tuple(decisions),
        mutes=facts.mutes,
        undelivered=tuple(undelivered),
        problem=problem,
    )


def _rule(rule: Rule, state: HealState, brakes: Brakes) -> RuleView:
    ill = [course for course in state.courses.values() if course.rule == rule.name and course.open]
    ill.sort(key=lambda course: course.breaches, reverse=True)
    shown = [_standing(course, rule, state, brakes) for course in ill[:_NAMED]]
    rest = [f"and {len(ill) - _NAMED} more"] if len(ill) > _NAMED else []
    barred = [] if rule.steps else [f"no step may be taken: {rule.barred}"]
    return RuleView(
        name=rule.name,
        mode=rule.mode,
        condition=rule.condition,
        escalation=tuple(step.action for step in rule.steps),
        standing="; ".join((*barred, *shown, *rest)),
        card=reported(rule.name, state.cards.get(rule.name) or Card()),
    )


def _standing(course: Course, rule: Rule, state: HealState, brakes: Brakes) -> str:
    pending = state.pending
    if pending and (pending.decision.rule, pending.decision.target) == (course.rule, course.target):
        return f"{course.target} {pending.decision.action}, {'settles' if pending.settling_from else 'under way'}"
    if course.sight is Sight.GOOD:
        return f"{course.target} recovering, {course.goods} of {brakes.clear} good checks"
    if course.acted or course.held:
        last = course.held[-1].replace("-", " ") if course.held else "acted"
        return f"{course.target} {'held by ' if course.held else ''}{last}"
    return f"{course.target} {course.breaches} of {_checks(rule, brakes)} checks"


def _checks(rule: Rule, brakes: Brakes) -> int:
    """Bad checks in a row that it takes, from the first: so many intervals lie between n + 1 of them."""
    spans = -(-rule.after_s // brakes.interval_s) if rule.after_s else 0
    return max(rule.needs(brakes), int(spans) + 1)


def _brakes(state: HealState, facts: HealFacts, brakes: Brakes) -> Iterator[BrakeView]:
    heals = sum(state.at - each < HOUR_S for each in state.heals)
    left = max(0, brakes.heals_per_hour - heals)
    yield BrakeView("heals in all", f"{heals} of {brakes.heals_per_hour} an hour", closed=not left, left=left)
    if facts.frozen:
        yield BrakeView("actions", f"frozen: {facts.frozen}", closed=True)
    if facts.online is not True:
        words = "this host is offline" if facts.online is False else "not known whether this host is online"
        yield BrakeView("own network", words, closed=True)
    if state.pending is not None:
        action = f"{state.pending.decision.action} {state.pending.target}"
        stage = "settles" if state.pending.settling_from is not None else "under way"
        yield BrakeView("one at a time", f"{action} {stage}", closed=True)
    for run in facts.runs:
        if state.pending is None or run.key != state.pending.decision.id:
            yield BrakeView("one at a time", run.words, closed=True)
    for region, end in sorted(state.settling.items()):
        if end > state.at:
            yield BrakeView(f"{region} settles", f"for another {quantity.duration(end - state.at)}", closed=True)
    for spent in state.spent.values():
        yield from _spent(spent, state.at, brakes)


def _spent(spent: Spent, at: float, brakes: Brakes) -> Iterator[BrakeView]:
    hour, day = spent.within(at, HOUR_S), spent.within(at, DAY_S)
    if day:
        words = f"{hour} of {brakes.per_hour} an hour, {day} of {brakes.per_day} a day"
        left = max(0, min(brakes.per_hour - hour, brakes.per_day - day))
        yield BrakeView(f"{spent.action} {spent.target}", words, closed=not left, left=left)
    if left_s := spent.cools_s(at, brakes):
        words = f"for another {quantity.duration(left_s)}"
        yield BrakeView(f"{spent.action} {spent.target} cools down", words, closed=True)
