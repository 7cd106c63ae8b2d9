"""What holds the healer back whatever the cause: switches, budgets, pauses, and those that must not be taken away."""

from npconsole.healer.case import Answer, Case, Question
from npconsole.healer.course import HOUR_S
from npconsole.healer.spending import DAY_S
from npconsole.model import quantity

NO_STEP = Answer(False, "there is no step left to pay for")


def _off(case: Case) -> Answer:
    if case.facts.off:
        return Answer(True, f"healing is switched off: {case.facts.off}")
    if case.facts.frozen:
        return Answer(True, f"actions are frozen: {case.facts.frozen}")
    return Answer(False, "healing is switched on")


def _muted(case: Case) -> Answer:
    names = {case.target.id, case.target.service, case.rules.environment, case.run_target}
    for mute in case.facts.mutes:
        if mute.target in names and mute.until_wall > case.wall:
            left = quantity.duration(mute.until_wall - case.wall)
            return Answer(True, f"{mute.target} is muted for another {left}: {mute.reason}")
    return Answer(False, "not muted")


def _latch(case: Case) -> Answer:
    latch = case.state.latch
    return Answer(latch is not None, f"waits for a person: {latch.reason}" if latch else "not latched")


def _suspended(case: Case) -> Answer:
    why = case.card.suspended
    return Answer(bool(why), f"the rule suspended itself: {why}" if why else "the rule is not suspended")


def _steps(case: Case) -> Answer:
    if not case.rule.steps:
        return Answer(True, f"none of its steps may be taken: {case.rule.barred}")
    if case.step is None:
        barred = f" ({case.rule.barred})" if case.rule.barred else ""
        return Answer(True, f"all {len(case.rule.steps)} steps were tried{barred}")
    if not case.run_target:
        return Answer(True, f"{case.target.service} has no edge whose cache could be purged")
    return Answer(False, f"step {case.course.step + 1} of {len(case.rule.steps)}: {case.step.action} {case.run_target}")


def _one_at_a_time(case: Case) -> Answer:
    if case.pending is not None:
        asked = case.pending
        stage = "its run has not ended" if asked.settling_from is None else "it settles"
        return Answer(True, f"{asked.decision.action} {asked.target} has no verdict yet: {stage}")
    if case.others:
        return Answer(True, f"somebody acts already: {case.others[0].words}")
    return Answer(False, "nothing else is under way")


def _settling(case: Case) -> Answer:
    left_s = case.state.settling.get(case.target.id, 0.0) - case.at
    return Answer(left_s > 0, f"settles for another {quantity.duration(left_s)}" if left_s > 0 else "has settled")


def _flapping(case: Case) -> Answer:
    """A region that keeps falling ill is not cured by what was done; after a heal that is for a person to see."""
    times = sum(case.at - each < HOUR_S for each in case.course.begun)
    flaps = times >= case.brakes.flaps
    words = f"{quantity.count(times)} times ill within an hour, {case.brakes.flaps} are flapping"
    return Answer(flaps, words, latches=flaps and _healed(case))


def _last_healthy(case: Case) -> Answer:
    others = case.facts.others_healthy(case.target)
    if not case.takes_out:
        return Answer(False, "no region leaves the rotation")
    if others:
        return Answer(False, f"{', '.join(others[:3])} {'stays' if len(others) == 1 else 'stay'} healthy")
    if case.fails_over:
        return Answer(True, f"no other region of {case.target.service} is healthy to fail over to")
    if case.target.healthy:
        return Answer(True, f"{case.target.id} is the last healthy region of {case.target.service}")
    return Answer(False, f"{case.target.id} serves nothing healthy now")


def _cool_down(case: Case) -> Answer:
    if case.step is None:
        return NO_STEP
    left_s = case.spent.cools_s(case.at, case.brakes)
    words = f"{case.spent.action} {case.run_target} cools down for another {quantity.duration(left_s)}"
    return Answer(left_s > 0, words if left_s > 0 else "no cool-down")


def _hour(case: Case) -> Answer:
    if case.step is None:
        return NO_STEP
    count, most = case.spent.within(case.at, HOUR_S), case.brakes.per_hour
    return Answer(count >= most, f"{count} of {most} an hour of {case.spent.action} {case.run_target} are spent")


def _day(case: Case) -> Answer:
    if case.step is None:
        return NO_STEP
    count, most = case.spent.within(case.at, DAY_S), case.brakes.per_day
    words = f"{count} of {most} a day of {case.spent.action} {case.run_target} are spent"
    return Answer(count >= most, words, latches=count >= most and _since(case, case.spent.times))


def _heals(case: Case) -> Answer:
    times = tuple(each for each in case.state.heals if case.at - each < HOUR_S)
    words = f"{len(times)} of {case.brakes.heals_per_hour} heals an hour in all are spent"
    spent = len(times) >= case.brakes.heals_per_hour
    return Answer(spent, words, latches=spent and _since(case, times))


def _healed(case: Case) -> bool:
    mine = (spent.times for spent in case.state.spent.values() if spent.region == case.target.id)
    return any(_since(case, times) for times in mine)


def _since(case: Case, times: tuple[float, ...]) -> bool:
    """Whether any was since a person last looked: who has just acknowledged is not called again for the same."""
    seen = case.state.acknowledged_at
    return any(seen is None or each > seen for each in times)


BRAKES = (
    Question("off", _off),
    Question("muted", _muted),
    Question("latched", _latch),
    Question("suspended", _suspended),
    Question("steps", _steps),
    Question("one-at-a-time", _one_at_a_time),
    Question("settling", _settling),
    Question("last-healthy-region", _last_healthy),
    Question("flapping", _flapping),
    Question("day-budget", _day),
    Question("heal-budget", _heals),
    Question("cool-down", _cool_down),
    Question("hour-budget", _hour),
)
