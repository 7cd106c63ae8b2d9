"""A guard answers one question about a run with yes or no, and says why in a whole phrase either way.

Guards fail closed: what is not known, or no longer true for certain, refuses. They compute and read nothing themselves.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from npconsole.actions.facts import Facts
from npconsole.actions.hastened import HastenedLedger
from npconsole.model.journal import Ledger
from npconsole.model.run import GuardAnswer
from npconsole.net.text import clean

HEALER = "heal"
"""`Actor.via` of the healer, which overrides nothing."""


class Answer(NamedTuple):
    """Whether the run may go on as far as this guard is concerned, and why."""

    passed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Guard:
    """`ask` gets the facts, and the ledger or None when the memory cannot be read.

    Only `overridable` ones may be insisted on, with a reason, by a person.
    """

    name: str
    ask: Callable[[Facts, Ledger | None], Answer]
    overridable: bool = False


def from_facts(ask: Callable[[Facts], Answer]) -> Callable[[Facts, Ledger | None], Answer]:
    """The question of a guard that needs no ledger."""
    return lambda facts, _: ask(facts)


def from_ledger(ask: Callable[[Facts, Ledger], Answer]) -> Callable[[Facts, Ledger | None], Answer]:
    """The question of a guard that refuses while the memory cannot be read."""
    unread = Answer(False, "the memory of past runs cannot be read")
    return lambda facts, ledger: unread if ledger is None else ask(facts, ledger)


def judge(guards: Iterable[Guard], facts: Facts, ledger: Ledger | None) -> tuple[GuardAnswer, ...]:
    """Every guard's answer, in order."""
    if ledger is not None and facts.rules.speed != 1:
        ledger = HastenedLedger(ledger, facts.rules.speed)
    return tuple(_answered(guard, facts, guard.ask(facts, ledger)) for guard in guards)


def _answered(guard: Guard, facts: Facts, answer: Answer) -> GuardAnswer:
    request = facts.request
    insisted = guard.overridable and guard.name in request.overrides and bool(request.reason.strip())
    return GuardAnswer(
        guard=guard.name,
        passed=answer.passed,
        reason=clean(answer.reason),
        overridable=guard.overridable,
        overridden=not answer.passed and insisted and request.actor.via != HEALER,
    )
