"""What a check sees: whose hands are on what, what is usual, and every rule's look at every region it is about."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from npconsole.healer import course as courses
from npconsole.healer.case import Crowd
from npconsole.healer.check import Check, Turn
from npconsole.healer.condition import Sight, look
from npconsole.healer.course import Course
from npconsole.healer.facts import TargetFacts
from npconsole.healer.habit import Habit, learn
from npconsole.healer.rules import Rule
from npconsole.healer.spending import Spent, age
from npconsole.healer.state import key
from npconsole.model import quantity
from npconsole.model.heal import Choice, Evidence
from npconsole.model.level import Level


def perceive(check: Check) -> None:
    """Look at the estate; or say once for all that nothing can be judged now."""
    well = {each.id for each in check.facts.targets if each.level is Level.OK}
    _hands(check)
    _grow_older(check, well)
    if check.is_early:
        return
    _learn(check, well)
    _blind(check)
    check.state = replace(check.state, looked_at=check.at)
    if check.facts.online is not True or check.is_gap:
        _unseen(check)
        return
    _forget(check)
    for rule in check.active:
        _look(check, rule)


def _forget(check: Check) -> None:
    """The courses of rules and regions that the configuration no longer has."""
    rules, regions = {rule.name for rule in check.active}, {each.id for each in check.facts.targets}
    gone = [name for name, each in check.courses.items() if each.rule not in rules or each.target not in regions]
    for name in gone:
        del check.courses[name]


def _hands(check: Check) -> None:
    """When a run of somebody else has ended, its regions settle as after one of ours."""
    hands = {run.id: run.targets for run in check.others}
    until = check.at + check.rules.brakes.settle_s
    settling = {target: end for target, end in check.state.settling.items() if end > check.at}
    mine = check.state.pending.regions if check.state.pending else ()
    for run_id, targets in check.state.hands.items():
        if run_id not in hands:
            settling.update(dict.fromkeys((each for each in targets if each not in mine), until))
    check.state = replace(check.state, hands=hands, settling=settling)


def _grow_older(check: Check, well: Collection[str]) -> None:
    """What was spent, by the time that has passed."""
    spent: dict[str, Spent] = {}
    for name, each in check.state.spent.items():
        older = age(each, check.elapsed_s, check.at, well=each.region in well)
        if older is not None:
            spent[name] = older
    check.state = replace(check.state, spent=spent)


def _learn(check: Check, well: Collection[str]) -> None:
    before, calm, nothing = check.state.habits, not check.others, Habit()
    habits = {
        each.id: learn(before.get(each.id, nothing), each, check.at, well=calm and each.id in well)
        for each in check.facts.targets
    }
    check.state = replace(check.state, habits=habits)


def _blind(check: Check) -> None:
    name, words = "", ""
    if check.facts.online is False:
        name, words = "own-network", "this host is offline"
    elif check.is_gap:
        gap = quantity.duration(check.since_look_s)
        name, words = "gap", f"nobody looked for {gap}: this host slept, or no healer ran; all is looked at afresh"
    if name and name != check.state.blind and check.active:
        evidence = (Evidence(name, stops=True, words=words),)
        said = f"{name.replace('-', ' ')}: {words}"
        check.decide("", check.rules.environment, Choice.HELD, said, evidence=evidence)
    check.state = replace(check.state, blind=name)


def _unseen(check: Check) -> None:
    clear = check.rules.brakes.clear
    for name, course in check.courses.items():
        if check.is_gap:
            check.courses[name] = courses.interrupt(course)
        else:
            check.courses[name] = courses.observe(course, Sight.UNKNOWN, check.at, tainted=True, clear=clear)


def _look(check: Check, rule: Rule) -> None:
    """One rule's look at all of its regions. Those that are well, and were, cost next to nothing."""
    ill: Counter[str] = Counter()
    known: Counter[str] = Counter()
    noted: list[tuple[TargetFacts, bool]] = []
    least = check.rules.brakes.min_requests
    for target in check.facts.targets:
        if not rule.covers(target.id, target.service):
            continue
        sight = look(rule, target, least)
        if sight is not Sight.UNKNOWN:
            known[target.service] += 1
        course = check.courses.get(key(rule.name, target.id))
        if sight is Sight.BREACH or sight is Sight.DOUBTFUL:
            ill[target.service] += 1
            noted.append((target, _see(check, rule, target, course or Course(rule.name, target.id), sight)))
        elif course is not None:
            _see(check, rule, target, course, sight)
    for target, silent in noted:
        check.turns.append(Turn(rule, target, Crowd(ill[target.service], known[target.service]), silent))


def _see(check: Check, rule: Rule, target: TargetFacts, course: Course, sight: Sight) -> bool:
    """Keep what is seen; whether it is to be kept silent about as long as the rule's turn has not come."""
    settles, held = _settles(check, target.id), _held(check, target)
    seen = courses.observe(course, sight, check.at, tainted=settles or held, clear=check.rules.brakes.clear)
    check.keep(seen)
    if course.shadow is not None and not seen.open:
        _recovered(check, rule, target, course)
    return settles or (sight is Sight.BREACH and not held)


def _settles(check: Check, target: str) -> bool:
    pending = check.state.pending
    return (pending is not None and target in pending.regions) or target in check.state.settling


def _held(check: Check, target: TargetFacts) -> bool:
    """Whether somebody has hands on a region, or asked for it to be left alone."""
    if any(target.id in run.targets for run in check.others):
        return True
    names = (target.id, target.service, check.rules.environment)
    return any(mute.target in names and mute.until_wall > check.wall for mute in check.facts.mutes)


def _recovered(check: Check, rule: Rule, target: TargetFacts, course: Course) -> None:
    """A shadow's trouble is over; it counts when it went in the time that its action would have had."""
    shadow = course.shadow
    if shadow is None or check.at - shadow.at > check.rules.brakes.settle_s:
        return
    took = quantity.duration(check.at - shadow.at)
    words = f"well again {took} after {shadow.action} would have been asked for ({shadow.decision})"
    check.decide(rule.name, target.id, Choice.RECOVERED, words, action=shadow.action)
    card = check.card(rule.name)
    check.cards[rule.name] = replace(card, recovered_alone=card.recovered_alone + 1)
