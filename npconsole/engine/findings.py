"""What one reading says of its target, before hysteresis. Pure functions of values and thresholds."""

from npconsole.engine.track import Finding
from npconsole.model import quantity
from npconsole.model.level import Level
from npconsole.model.thresholds import Judging, Thresholds
from npconsole.model.vitals import Health, Lag, Vitals

_LIMPING = frozenset({"degraded", "warn", "warning", "partial"})


def of_health(health: Health, at: float) -> Finding:
    """No answer, a non-2xx code or a body that says so: down. A body that says it limps: degraded."""
    if health.healthy:
        return Finding(Level.OK, "", at)
    answered_2xx = health.status is not None and 200 <= health.status < 300
    limping = health.failure is None and answered_2xx and health.word in _LIMPING
    return Finding(Level.DEGRADED if limping else Level.DOWN, health.detail or "not healthy", at)


def of_vitals(vitals: Vitals, thresholds: Thresholds, judging: Judging, at: float) -> Finding:
    """Latency and errors are judged when the window holds enough requests; memory always. No series is unknown."""
    if vitals.requests is None and vitals.window_s is not None:
        return Finding(Level.UNKNOWN, vitals.notice or "no figures", at)
    reasons: list[str] = []
    judged = vitals.requests is None or vitals.requests >= judging.min_requests
    errors, p95, memory = vitals.error_ratio, vitals.p95_ms, vitals.memory_ratio
    if judged and errors is not None and errors > thresholds.error_ratio_critical:
        bound = quantity.percent(thresholds.error_ratio_critical)
        reasons.append(f"{quantity.percent(errors)} of answers are errors, above {bound}")
    if judged and p95 is not None and p95 > thresholds.p95_warn_ms:
        reasons.append(f"p95 {quantity.latency(p95)}, above {quantity.latency(thresholds.p95_warn_ms)}")
    if memory is not None and memory > thresholds.memory_ratio_warn:
        reasons.append(
            f"memory {quantity.percent(memory)} of its limit, above {quantity.percent(thresholds.memory_ratio_warn)}"
        )
    return Finding(Level.DEGRADED if reasons else Level.OK, "; ".join(reasons), at)


def of_lag(lag: Lag, thresholds: Thresholds, at: float) -> Finding:
    """Replication lag above the warning is degraded, and says so when it is enough to page."""
    if lag.seconds <= thresholds.lag_warn_s:
        return Finding(Level.OK, "", at)
    bound = thresholds.lag_page_s if lag.seconds > thresholds.lag_page_s else thresholds.lag_warn_s
    return Finding(Level.DEGRADED, f"replication lag {quantity.lag(lag.seconds)}, above {quantity.lag(bound)}", at)
