"""What the memory says: freezes and mutes, runs that are open, restarts that were. Asked in the intent's transaction.

Restarts are counted from their intents, so that a call whose outcome is unknown spends budget like any other.
"""

from npconsole.actions.facts import Facts
from npconsole.actions.guard import HEALER, Answer, Guard, from_ledger
from npconsole.model import quantity
from npconsole.model.journal import Ledger
from npconsole.model.mute import MUTE
from npconsole.model.run import Run

FROZEN = "actions.frozen"
"""The switch with the reason why nothing may act."""

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S


def _frozen(_: Facts, ledger: Ledger) -> Answer:
    reason = ledger.switch(FROZEN)
    return Answer(False, f"actions are frozen: {reason}") if reason else Answer(True, "actions are not frozen")


def _muted(facts: Facts, ledger: Ledger) -> Answer:
    names = dict.fromkeys((*facts.draft.scope, *facts.places))
    reasons = [f"{each}: {reason}" for each in names if (reason := ledger.switch(MUTE + each))]
    if not reasons:
        return Answer(True, "the target is not muted")
    healing = facts.request.actor.via == HEALER
    return Answer(not healing, f"muted, {'; '.join(reasons)}{'' if healing else '; a person may act'}")


def _lease(facts: Facts, ledger: Ledger) -> Answer:
    for target in facts.draft.scope:
        lease = ledger.lease_on(target)
        if lease is not None:
            why = f" for {lease.reason}" if lease.reason else ""
            return Answer(False, f"{target} is in the hands of {lease.owner}{why} (run {lease.run_id})")
    return Answer(True, f"{', '.join(facts.draft.scope)} is free")


def _open_run(facts: Facts, ledger: Ledger) -> Answer:
    for target in facts.draft.scope:
        for run in ledger.open_runs(target):
            return Answer(False, f"{_named(run)} on {target} has not ended: it is {run.state.value}")
    return Answer(True, "no other run is open on the target")


def _budget(facts: Facts, ledger: Ledger) -> Answer:
    budget = facts.rules.budget
    day = [age for each in _spending(facts) for age in ledger.intents(facts.spec.id, each, DAY_S)]
    hour = sum(age <= HOUR_S for age in day)
    if hour >= budget.per_hour:
        return Answer(False, f"{hour} of {budget.per_hour} restarts an hour are spent: restarting does not cure it")
    if len(day) >= budget.per_day:
        return Answer(False, f"{len(day)} of {budget.per_day} restarts a day are spent: restarting does not cure it")
    return Answer(
        True, f"{hour} of {budget.per_hour} restarts an hour and {len(day)} of {budget.per_day} a day are spent"
    )


def _cool_down(facts: Facts, ledger: Ledger) -> Answer:
    budget = facts.rules.budget
    ages = sorted(
        (age for each in _spending(facts) for age in ledger.intents(facts.spec.id, each, DAY_S)), reverse=True
    )
    if not ages:
        return Answer(True, "not restarted in the last day")
    pause_s = min(budget.cool_down_s * 2.0 ** (_rank(ages) - 1), budget.cool_down_cap_s)
    last = quantity.duration(ages[-1])
    if ages[-1] >= pause_s:
        return Answer(True, f"last restarted {last} ago, the pause of {quantity.duration(pause_s)} is over")
    left = quantity.duration(pause_s - ages[-1])
    return Answer(False, f"restarted {last} ago: it cools down for another {left}")


def _rank(ages: list[float]) -> int:
    """How many restarts in a row the latest one is: each adds one, each whole hour without takes one back.

    `ages` are seconds, oldest first.
    """
    rank = 0
    for index, age in enumerate(ages):
        if index:
            rank = max(0, rank - int((ages[index - 1] - age) // HOUR_S))
        rank += 1
    return rank


def _spending(facts: Facts) -> tuple[str, ...]:
    """The targets whose restarts count together."""
    return tuple(dict.fromkeys((facts.target, *facts.draft.takes_out)))


def _named(run: Run) -> str:
    return f"{run.request.action} of {run.request.actor.name} (run {run.id})"


NOT_FROZEN = Guard("frozen", from_ledger(_frozen), overridable=True)
NOT_MUTED = Guard("muted", from_ledger(_muted))
FREE = Guard("lease", from_ledger(_lease))
NO_OPEN_RUN = Guard("open-run", from_ledger(_open_run))
IN_BUDGET = Guard("restart-budget", from_ledger(_budget), overridable=True)
COOLED_DOWN = Guard("cool-down", from_ledger(_cool_down), overridable=True)
