"""What is an alert and how patient one is, in the units of the domain."""

from dataclasses import dataclass, field

from npconsole.config.estate import to_thresholds
from npconsole.config.schema import Config
from npconsole.model.notice import Severity
from npconsole.model.thresholds import Thresholds

SHORTEST_GAP_S = 180.0


@dataclass(frozen=True, slots=True)
class AlertRules:
    """Durations in seconds; `config.blocks.notifying` says what each is for.

    `longest_gap_s` is the longest time between two steps that counts as watched: after a suspended host, what was bad
    before and is bad now was not bad all along. `link` goes with every notice, empty for none.
    """

    thresholds: Thresholds = field(default_factory=Thresholds)
    min_requests: float = 20.0
    down_for_s: float = 30.0
    region_down: Severity = Severity.WARNING
    latency_for_s: float = 300.0
    errors_for_s: float = 120.0
    memory_for_s: float = 300.0
    lag_for_s: float = 60.0
    failover_within_s: float = 600.0
    unwatched_for_s: float = 600.0
    clear_for_s: float = 300.0
    flap_window_s: float = 1800.0
    group_within_s: float = 300.0
    settle_s: float = 300.0
    remind_s: float = 1800.0
    escalate_after_s: float | None = None
    longest_gap_s: float = SHORTEST_GAP_S
    link: str = ""


def to_alert_rules(config: Config) -> AlertRules:
    """The rules of a configuration."""
    alerts = config.alerts
    return AlertRules(
        thresholds=to_thresholds(config),
        min_requests=config.judging.min_requests,
        down_for_s=float(alerts.down_for),
        region_down=Severity(alerts.region_down),
        latency_for_s=float(alerts.latency_for),
        errors_for_s=float(alerts.errors_for),
        memory_for_s=float(alerts.memory_for),
        lag_for_s=float(alerts.lag_for),
        failover_within_s=float(alerts.failover_within),
        unwatched_for_s=float(alerts.unwatched_for),
        clear_for_s=float(alerts.clear_for),
        flap_window_s=float(alerts.flap_window),
        group_within_s=float(alerts.group_within),
        settle_s=float(alerts.settle),
        remind_s=float(alerts.remind),
        escalate_after_s=None if alerts.escalate_after is None else float(alerts.escalate_after),
        longest_gap_s=max(SHORTEST_GAP_S, 3 * float(config.heal.check_interval)),
        link=config.grafana.url or "",
    )
