"""What is seen of the estate, check by check. While a region is down nothing else of it is judged; while this host is
offline nothing at all is, but the watcher itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from npconsole.alerting.observation import Check, Observation, Sight
from npconsole.alerting.rules import AlertRules
from npconsole.alerting.sighting import above, believed, sight_of_figure, sight_of_health
from npconsole.model import quantity
from npconsole.model.estate import Role
from npconsole.model.heal import HealView
from npconsole.model.level import Level
from npconsole.model.notice import Severity
from npconsole.model.snapshot import EdgeState, RegionState, Snapshot
from npconsole.model.vitals import Lag, Vitals

SELF = "npconsole"
"""The target of what is wrong with the watcher and the healer."""


def observe(snapshot: Snapshot, rules: AlertRules) -> Iterator[Observation]:
    """Every check of every target, of the healer and runs excepted."""
    yield _watching(snapshot, rules)
    offline = snapshot.online is False
    for region in snapshot.regions:
        yield from _RegionLook(region, snapshot, rules, offline).all()
    for edge in snapshot.edges:
        yield _edge(edge, snapshot, rules, offline=offline)
    for service in dict.fromkeys(state.region.service for state in snapshot.regions):
        states = [state for state in snapshot.regions if state.region.service == service]
        yield _outage(service, states, rules, offline=offline)
        yield from _failover(service, states, snapshot.edges, rules, offline=offline)


def observe_healer(heal: HealView | None) -> Iterator[Observation]:
    """A healer that waits for a person, and rules that suspended themselves: both page, and end at once."""
    if heal is None:
        return
    yield _own(Check.HEALER, heal.latched, f"healing has stopped until a person acknowledges: {heal.latched}")
    for rule in heal.rules:
        why = rule.card.suspended
        yield _own(f"rule-{rule.name}", why, f"the heal rule {rule.name} has suspended itself: {why}")


def _own(check: str, why: str, words: str) -> Observation:
    if not why:
        return Observation(SELF, "", check, Sight.GOOD, clear_s=0.0)
    return Observation(SELF, "", check, Sight.BAD, Severity.CRITICAL, words, clear_s=0.0)


def _watching(snapshot: Snapshot, rules: AlertRules) -> Observation:
    blind = [state.region.id for state in snapshot.regions if state.level is Level.UNKNOWN]
    blind += [state.edge.id for state in snapshot.edges if state.level is Level.UNKNOWN]
    if snapshot.online is False:
        words = "this host is offline: nothing is known of the estate"
    elif blind:
        more = f" and {len(blind) - 3} more" if len(blind) > 3 else ""
        words = f"{', '.join(blind[:3])}{more} cannot be judged"
    else:
        return Observation(SELF, "", Check.WATCHING, Sight.GOOD)
    return Observation(SELF, "", Check.WATCHING, Sight.BAD, words=words, for_s=rules.unwatched_for_s)


@dataclass(frozen=True, slots=True)
class _RegionLook:
    """One region as it is now. `is_offline` is of this host."""

    state: RegionState
    snapshot: Snapshot
    rules: AlertRules
    is_offline: bool

    def all(self) -> Iterator[Observation]:
        yield self._health()
        yield from self._figures()
        if self.state.lag is not None:
            yield self._lag(believed(self.state.lag))

    def _health(self) -> Observation:
        judgement = self.state.judgement
        said = ("is down" if self._is_down else "says that it is not well") + _because(judgement.reason)
        seen = self._seen(
            Check.HEALTH,
            sight_of_health(self.state.health, self.state.level),
            f" {said}",
            self.rules.down_for_s,
            self.rules.region_down,
        )
        if seen.sight is not Sight.BAD or judgement.since is None:
            return seen
        return replace(seen, since_wall=self.snapshot.wall_of(judgement.since))

    def _figures(self) -> Iterator[Observation]:
        rules, limits, vitals = self.rules, self.rules.thresholds, believed(self.state.vitals)
        figures = vitals or Vitals()
        p95, errors, memory = figures.p95_ms, figures.error_ratio, figures.memory_ratio
        latency, most_latency = quantity.latency(p95), quantity.latency(limits.p95_warn_ms)
        ratio, most_ratio = quantity.percent(errors), quantity.percent(limits.error_ratio_critical)
        share, most_share = quantity.percent(memory), quantity.percent(limits.memory_ratio_warn)
        slow = sight_of_figure(vitals, p95, limits.p95_warn_ms, rules)
        yield self._seen(Check.LATENCY, slow, f": p95 {latency}, above {most_latency}", rules.latency_for_s)
        failing = sight_of_figure(vitals, errors, limits.error_ratio_critical, rules)
        words = f": {ratio} of answers are errors, above {most_ratio}"
        yield self._seen(Check.ERRORS, failing, words, rules.errors_for_s, Severity.CRITICAL)
        full = Sight.UNKNOWN if vitals is None else above(memory, limits.memory_ratio_warn)
        yield self._seen(Check.MEMORY, full, f": memory {share} of its limit, above {most_share}", rules.memory_for_s)

    def _lag(self, lag: Lag | None) -> Observation:
        limits = self.rules.thresholds
        seconds = None if lag is None else lag.seconds
        pages = seconds is not None and seconds > limits.lag_page_s
        bound = limits.lag_page_s if pages else limits.lag_warn_s
        return self._seen(
            Check.LAG,
            Sight.UNKNOWN if lag is None else above(seconds, limits.lag_warn_s),
            f": replication lag {quantity.lag(seconds)}, above {quantity.lag(bound)}",
            self.rules.lag_for_s,
            Severity.CRITICAL if pages else Severity.WARNING,
        )

    def _seen(
        self, check: Check, sight: Sight, words: str, for_s: float, severity: Severity = Severity.WARNING
    ) -> Observation:
        region = self.state.region
        hidden = self.is_offline or (self._is_down and check is not Check.HEALTH)
        known = Sight.UNKNOWN if hidden else sight
        return Observation(region.id, region.service, check, known, severity, f"{region.id}{words}", for_s)

    @property
    def _is_down(self) -> bool:
        return self.state.level is Level.DOWN


def _edge(state: EdgeState, snapshot: Snapshot, rules: AlertRules, *, offline: bool) -> Observation:
    """Users come this way: an edge that is down is critical."""
    edge = state.edge
    sight = Sight.UNKNOWN if offline else sight_of_health(state.health, state.level)
    since = state.judgement.since if sight is Sight.BAD else None
    said = "is down" if state.level is Level.DOWN else "says that it is not well"
    return Observation(
        edge.id,
        edge.service,
        Check.HEALTH,
        sight,
        Severity.CRITICAL if state.level is Level.DOWN else Severity.WARNING,
        f"{edge.id} {said}{_because(state.judgement.reason)}",
        rules.down_for_s,
        since_wall=None if since is None else snapshot.wall_of(since),
    )


def _outage(service: str, states: Sequence[RegionState], rules: AlertRules, *, offline: bool) -> Observation:
    """Primary and secondary both down, or in a service without these roles every region."""
    pair = [state for state in states if state.region.role in (Role.PRIMARY, Role.STANDBY)]
    judged = pair if {state.region.role for state in pair} == {Role.PRIMARY, Role.STANDBY} else states
    names = " and ".join(state.region.id for state in judged)
    if offline:
        sight = Sight.UNKNOWN
    elif all(state.level is Level.DOWN for state in judged):
        sight = Sight.BAD
    else:
        known = any(sight_of_health(state.health, state.level) is Sight.GOOD for state in judged)
        sight = Sight.GOOD if known else Sight.UNKNOWN
    words = f"{service}: {names} {'are' if len(judged) > 1 else 'is'} down"
    return Observation(service, service, Check.OUTAGE, sight, Severity.CRITICAL, words, rules.down_for_s)


def _failover(
    service: str, states: Sequence[RegionState], edges: Sequence[EdgeState], rules: AlertRules, *, offline: bool
) -> Iterator[Observation]:
    """A primary that is down and that no other region has replaced at the edge."""
    primary = next((state for state in states if state.region.role is Role.PRIMARY), None)
    edge = next((state for state in edges if state.edge.service == service), None)
    if primary is None or edge is None:
        return
    if offline or primary.level is Level.UNKNOWN or (primary.level is Level.DOWN and edge.level is Level.UNKNOWN):
        sight = Sight.UNKNOWN
    else:
        replaced = edge.level is not Level.DOWN and edge.answered_by not in ("", primary.region.name)
        sight = Sight.BAD if primary.level is Level.DOWN and not replaced else Sight.GOOD
    took = quantity.duration(rules.failover_within_s)
    words = f"{service}: {primary.region.id} is down and {edge.edge.id} has not failed over after {took}"
    yield Observation(service, service, Check.FAILOVER, sight, Severity.CRITICAL, words, rules.failover_within_s)


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""
