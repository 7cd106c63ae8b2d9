"""A rule whose turn has come on a region: all that causes and brakes may look at, and the form of their answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from npconsole.healer.card import Card
from npconsole.healer.course import Course
from npconsole.healer.facts import HealFacts, OpenRun, TargetFacts
from npconsole.healer.habit import Habit
from npconsole.healer.rules import FAILOVER, PURGE, Brakes, HealRules, Rule, Step
from npconsole.healer.spending import Spent
from npconsole.healer.state import HealState, Pending, key
from npconsole.model.heal import Evidence


class Crowd(NamedTuple):
    """How many regions of a service a rule sees alike, of those that it can judge."""

    ill: int
    known: int


@dataclass(frozen=True, slots=True)
class Case:
    """`at` is the healer's clock, `wall` the time of day. `others` are open runs that are not the healer's own.

    `state` is that of the last check but for what this check has changed since: `pending`, `heals` and `latch`.
    """

    rule: Rule
    target: TargetFacts
    course: Course
    crowd: Crowd
    state: HealState
    facts: HealFacts
    rules: HealRules
    others: tuple[OpenRun, ...]
    at: float
    wall: float

    @property
    def brakes(self) -> Brakes:
        return self.rules.brakes

    @property
    def habit(self) -> Habit:
        return self.state.habits.get(self.target.id) or Habit()

    @property
    def card(self) -> Card:
        return self.state.cards.get(self.rule.name) or Card()

    @property
    def pending(self) -> Pending | None:
        return self.state.pending

    @property
    def step(self) -> Step | None:
        """The step whose turn it is; None when all have been tried."""
        steps = self.rule.steps
        return steps[self.course.step] if self.course.step < len(steps) else None

    @property
    def run_target(self) -> str:
        """What the step acts on: a purge on the edge in front of the region, all else on the region."""
        purges = self.step is not None and self.step.action == PURGE
        return self.rules.edge_of(self.target.service) if purges else self.target.id

    @property
    def takes_out(self) -> bool:
        """Whether the region stops serving meanwhile. What is not known to be harmless counts as if it did."""
        return self.step is None or self.step.action != PURGE

    @property
    def fails_over(self) -> bool:
        return self.step is not None and self.step.action == FAILOVER

    @property
    def spent(self) -> Spent:
        """What this very step on its target has cost before."""
        action = self.step.action if self.step else ""
        found = self.state.spent.get(key(action, self.run_target))
        return found or Spent(action, self.run_target, self.target.id)


class Answer(NamedTuple):
    """What one cause or brake says. `latches`: nothing may heal any more until a person has looked."""

    stops: bool
    words: str
    latches: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A cause or a brake by its name."""

    name: str
    ask: Callable[[Case], Answer]

    def evidence(self, case: Case) -> Evidence:
        answer = self.ask(case)
        return Evidence(self.name, answer.stops, answer.words)
