"""The estate: services, their regions and the edge in front. Comes from configuration, never from an answer."""

from dataclasses import dataclass, field
from enum import StrEnum


class Tier(StrEnum):
    """What is at stake; production looks different on every screen."""

    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"


class Role(StrEnum):
    """A region's part in the topology."""

    PRIMARY = "primary"
    STANDBY = "standby"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Region:
    """One service in one place. `id` is `region`, or `service/region` when the estate has several services."""

    id: str
    service: str
    name: str
    role: Role
    origin: str
    measures_lag: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """The address in front of a service's regions. `id` is `edge`, or `service/edge` with several services."""

    id: str
    service: str
    url: str


@dataclass(frozen=True, slots=True)
class Estate:
    """All that is watched, in the order of the configuration."""

    name: str
    tier: Tier
    regions: tuple[Region, ...]
    edges: tuple[Edge, ...] = field(default=())
