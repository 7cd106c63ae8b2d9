"""One step of alerting: what is seen now becomes conditions, these become incidents, and what changed is told.

Each trigger on a channel is followed by exactly one resolve on it, with the same key; an incident that flaps stays one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from npconsole.alerting.condition import Condition, advance
from npconsole.alerting.facts import AlertFacts
from npconsole.alerting.hold import hold_of
from npconsole.alerting.observation import Check, Observation, Sight
from npconsole.alerting.observe import observe, observe_healer
from npconsole.alerting.route import Route
from npconsole.alerting.rules import AlertRules
from npconsole.alerting.state import AlertState
from npconsole.alerting.telling import Telling
from npconsole.alerting.unfolding import Unfolding
from npconsole.alerting.work import (
    Acknowledgement,
    Work,
    follow,
    going_on,
    observe_works,
    settled,
    without_conflicts,
)
from npconsole.model.notice import Notice


def step(
    state: AlertState, facts: AlertFacts, rules: AlertRules, routes: Sequence[Route], now: float
) -> tuple[AlertState, tuple[Notice, ...]]:
    """The state after a look at `now` (epoch seconds), and the notices to be put into the outbox with it.

    Both belong into one transaction. The same arguments give the same notices with the same ids.
    """
    passed_s = 0.0 if state.wall is None else now - state.wall
    elapsed_s = passed_s if 0 <= passed_s <= rules.longest_gap_s else 0.0
    works, news, taken = follow(state.works, facts.lines, now)
    works = _released(works, taken, state)
    lasting = (*state.settling, *settled(news, rules.settle_s))
    settling = tuple(each for each in lasting if each.until_wall > now)
    seen = (*observe(facts.snapshot, rules), *observe_healer(facts.heal), *observe_works(works))
    look = _Look(facts.snapshot.estate.name, now, elapsed_s, rules)
    conditions = tuple(look.conditions(state.conditions, seen))
    unfolding = Unfolding(
        environment=look.environment,
        rules=rules,
        hold=hold_of(facts.mutes, (*settling, *going_on(works, now)), now),
        telling=Telling(routes, now, facts.host, rules.link),
        conditions={condition.key: condition for condition in conditions},
        incidents={incident.key: incident for incident in state.incidents},
        services=_services(facts),
    )
    unfolding.run(news, taken)
    after = AlertState(
        wall=now,
        audit_after=max([state.audit_after, facts.lines_until, *(line.sequence for line in facts.lines)]),
        conditions=tuple(unfolding.conditions.values()),
        incidents=tuple(unfolding.incidents.values()),
        works=works,
        settling=settling,
    )
    return after, tuple(unfolding.telling.notices)


@dataclass(frozen=True, slots=True)
class _Look:
    environment: str
    now: float
    elapsed_s: float
    rules: AlertRules

    def conditions(self, before: Iterable[Condition], seen: Iterable[Observation]) -> Iterator[Condition]:
        """Every condition after this look. What is not checked any more counts as good: nobody waits for ever."""
        known = {condition.key: condition for condition in before}
        looks = {f"{self.environment}/{each.target}/{each.check}": each for each in seen}
        for key, condition in known.items():
            if key not in looks:
                clear_s = 0.0 if condition.check == Check.UNDO else None
                looks[key] = Observation(
                    condition.target, condition.service, condition.check, Sight.GOOD, clear_s=clear_s
                )
        for key, each in looks.items():
            after = advance(known.get(key), each, key, now=self.now, elapsed_s=self.elapsed_s, rules=self.rules)
            if after is not None:
                yield after


def _released(works: tuple[Work, ...], taken: Iterable[Acknowledgement], state: AlertState) -> tuple[Work, ...]:
    """The runs without the conflicts that a person has looked at: acknowledging them is all that ends them."""
    acknowledged = {each.key for each in taken}
    for condition in state.conditions:
        if condition.check == Check.UNDO and condition.incident in acknowledged:
            works = without_conflicts(works, condition.target)
    return works


def _services(facts: AlertFacts) -> dict[str, str]:
    """The service of each region and edge, and of itself."""
    regions = {state.region.id: state.region.service for state in facts.snapshot.regions}
    edges = {state.edge.id: state.edge.service for state in facts.snapshot.edges}
    return {service: service for service in (*regions.values(), *edges.values())} | regions | edges
