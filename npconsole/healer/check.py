"""One check while it is being made: what it was given, the state as far as it has come, and what was decided.

It lives for one call of `decide`, and is the only thing in this room that changes; what it was given never does.
"""

from dataclasses import dataclass, replace

from npconsole.healer.card import Card
from npconsole.healer.case import Case, Crowd
from npconsole.healer.course import Course
from npconsole.healer.facts import HealFacts, OpenRun, TargetFacts
from npconsole.healer.passage import elapsed_s, is_early, is_gap
from npconsole.healer.rules import HealRules, Rule
from npconsole.healer.spending import HOUR_S
from npconsole.healer.state import HealState, Latch, key
from npconsole.model.heal import Choice, Decision, Evidence, HealMode

ASK_A_PERSON = "nothing heals until a person has looked (npconsole heal ack)"


@dataclass(frozen=True, slots=True)
class Turn:
    """A rule that sees trouble on a region. `silent`: it is only said when its turn has come."""

    rule: Rule
    target: TargetFacts
    crowd: Crowd
    silent: bool


class Check:
    """`state` is the state so far; its courses and cards are this check's own until it closes."""

    def __init__(self, state: HealState, facts: HealFacts, rules: HealRules, wall: float) -> None:
        self.facts, self.rules, self.wall = facts, rules, wall
        self.elapsed_s = elapsed_s(state.checked, facts.now, wall)
        self.at = state.at + self.elapsed_s
        self.since_look_s = None if state.looked_at is None else self.at - state.looked_at
        self.is_gap = is_gap(self.since_look_s, rules.brakes.interval_s)
        self.is_early = is_early(self.since_look_s, rules.brakes.interval_s)
        self.courses: dict[str, Course] = dict(state.courses)
        self.cards: dict[str, Card] = dict(state.cards)
        self.state = replace(state, at=self.at, checked=(facts.now, wall), courses=self.courses, cards=self.cards)
        self.active = tuple(rule for rule in rules.rules if rule.mode is not HealMode.OFF)
        self.others = _others(state, facts)
        self.turns: list[Turn] = []
        self._decisions: list[Decision] = []

    def case(self, turn: Turn) -> Case:
        """All that may be looked at before a rule acts."""
        return Case(
            rule=turn.rule,
            target=turn.target,
            course=self.courses[key(turn.rule.name, turn.target.id)],
            crowd=turn.crowd,
            state=self.state,
            facts=self.facts,
            rules=self.rules,
            others=self.others,
            at=self.at,
            wall=self.wall,
        )

    def decide(
        self,
        rule: str,
        target: str,
        choice: Choice,
        words: str,
        *,
        evidence: tuple[Evidence, ...] = (),
        action: str = "",
    ) -> Decision:
        """A new decision. Its id is the same when a check is made again from the same state, and else never twice."""
        sequence = self.state.sequence + 1
        self.state = replace(self.state, sequence=sequence)
        made = Decision(f"heal-{self.wall:.0f}-{sequence}", self.wall, rule, target, choice, words, action, evidence)
        self._decisions.append(made)
        return made

    def settle(self, decision: Decision) -> None:
        """A decision of before, with its verdict."""
        self._decisions.append(decision)

    def call(self, reason: str) -> None:
        """A latch that no rule has put on."""
        self.decide("", self.rules.environment, Choice.LATCHED, f"{reason}; {ASK_A_PERSON}")
        self.state = replace(self.state, latch=Latch(reason, told=True))

    def keep(self, course: Course) -> None:
        self.courses[key(course.rule, course.target)] = course

    def card(self, rule: str) -> Card:
        return self.cards.get(rule) or Card()

    def close(self) -> tuple[HealState, tuple[Decision, ...]]:
        """What is kept, and what was decided."""
        heals = tuple(each for each in self.state.heals if self.at - each < HOUR_S)
        kept = {name: course for name, course in self.courses.items() if not course.is_idle}
        return replace(self.state, heals=heals, courses=kept), tuple(self._decisions)


def _others(state: HealState, facts: HealFacts) -> tuple[OpenRun, ...]:
    mine = state.pending.decision.id if state.pending else None
    return tuple(run for run in facts.runs if not run.key or run.key != mine)
