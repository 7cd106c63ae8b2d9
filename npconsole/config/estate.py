"""The words of the domain, made from a configuration: the estate, the thresholds, the rules of judging."""

from npconsole.config.blocks.platform import ServiceConfig
from npconsole.config.schema import Config
from npconsole.model.estate import Edge, Estate, Region, Role, Tier
from npconsole.model.thresholds import Judging, Thresholds


def to_estate(config: Config) -> Estate:
    """All that is watched, in the order of the file. Ids hold the service's name only when there are several."""
    several = len(config.services) > 1
    return Estate(
        name=config.environment.name,
        tier=Tier(config.environment.tier),
        regions=tuple(
            region
            for service in config.services
            for region in _regions(service, prefix=f"{service.name}/" if several else "")
        ),
        edges=tuple(
            Edge(id=f"{service.name}/edge" if several else "edge", service=service.name, url=service.edge.url)
            for service in config.services
            if service.edge is not None
        ),
    )


def to_thresholds(config: Config) -> Thresholds:
    """Durations of the file in the units of the domain: latencies in ms, lag in seconds."""
    limits = config.thresholds
    return Thresholds(
        p95_warn_ms=_ms(limits.p95_warn),
        p95_target_ms=_ms(limits.p95_target),
        error_ratio_critical=float(limits.error_ratio_critical),
        error_ratio_target=float(limits.error_ratio_target),
        memory_ratio_warn=float(limits.memory_warn),
        lag_target_s=float(limits.lag_target),
        lag_warn_s=float(limits.lag_warn),
        lag_page_s=float(limits.lag_page),
    )


def to_judging(config: Config) -> Judging:
    """How levels change."""
    judging = config.judging
    return Judging(
        fall=judging.fall,
        rise=judging.rise,
        stale_after=judging.stale_after,
        unknown_after=judging.unknown_after,
        min_requests=judging.min_requests,
    )


def _regions(service: ServiceConfig, *, prefix: str) -> list[Region]:
    return [
        Region(
            id=f"{prefix}{region.name}",
            service=service.name,
            name=region.name,
            role=Role(region.role),
            origin=region.origin,
            measures_lag=region.lag is not None,
        )
        for region in service.regions
    ]


def _ms(seconds: float) -> float:
    # Rounded to a nanosecond: 1.001 s is 1001 ms, not 1000.9999999999999.
    return round(seconds * 1000, 6)
