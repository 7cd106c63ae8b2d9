"""Whether a rule's condition holds on a region, as far as what is known can say."""

from enum import IntEnum

from npconsole.healer.facts import TargetFacts
from npconsole.healer.rules import Metric, Rule
from npconsole.model import quantity
from npconsole.model.level import Level


class Sight(IntEnum):
    """What one look says. DOUBTFUL would be a breach, could it be believed; only GOOD and BREACH ever count."""

    GOOD = 0
    BREACH = 1
    DOUBTFUL = 2
    UNKNOWN = 3


def look(rule: Rule, target: TargetFacts, min_requests: float) -> Sight:
    """One look at a region by a rule. Too few requests, or figures that are too old, are no breach and no recovery."""
    if rule.metric is Metric.HEALTH:
        return _health(target)
    value = target.p95_ms if rule.metric is Metric.P95 else target.error_ratio
    if value is None:
        return Sight.UNKNOWN
    trusted = target.figures_fresh and (target.requests or 0.0) >= min_requests
    if value > rule.bound:
        return Sight.BREACH if trusted else Sight.DOUBTFUL
    return Sight.GOOD if trusted else Sight.UNKNOWN


def _health(target: TargetFacts) -> Sight:
    """A failure on our side says nothing of the region; one 5xx is noise until the level says down."""
    if target.failure is not None:
        return Sight.DOUBTFUL if target.level is Level.DOWN else Sight.UNKNOWN
    if target.healthy and target.probe_fresh:
        return Sight.GOOD
    if target.status is not None and target.status >= 500 and target.level is Level.DOWN:
        return Sight.BREACH if target.probe_fresh else Sight.DOUBTFUL
    return Sight.UNKNOWN


def words(rule: Rule, target: TargetFacts) -> str:
    """`p95 612 ms, above 400 ms`."""
    match rule.metric:
        case Metric.HEALTH:
            if target.failure is not None:
                return f"health check gets no answer ({target.failure.value})"
            return f"health check answers {target.status}"
        case Metric.ERRORS:
            return f"errors {quantity.percent(target.error_ratio)}, above {quantity.percent(rule.bound)}"
        case Metric.P95:
            return f"p95 {quantity.latency(target.p95_ms)}, above {quantity.latency(rule.bound)}"
