"""Where good ends. One value serves colours, charts, the judge, k6, the healer, Grafana rules and Terraform."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Latencies in ms, ratios 0 to 1, lag in seconds."""

    p95_warn_ms: float = 400.0
    p95_target_ms: float = 120.0
    error_ratio_critical: float = 0.05
    error_ratio_target: float = 0.01
    memory_ratio_warn: float = 0.85
    lag_target_s: float = 1.0
    lag_warn_s: float = 2.0
    lag_page_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Judging:
    """How many answers it takes to change a level, and how many intervals to distrust a reading."""

    fall: int = 2
    rise: int = 2
    stale_after: float = 2.0
    unknown_after: float = 3.0
    min_requests: float = 20.0
