"""What is simulated: three regions in two generations, and who is served by which. Plain facts, no behaviour."""

from dataclasses import dataclass
from enum import StrEnum


class Generation(StrEnum):
    """Which names and units a region's metrics page has."""

    V17 = "v17.1"
    V20 = "v20.1"


@dataclass(frozen=True, slots=True)
class RegionPlan:
    """The fixed facts of one region. Beyond `capacity_rps` requests a second it queues; `warm_rps` is traffic that
    keeps a standby warm, sent past the edge; `pace` scales its latencies; `colo` is the edge location that `cf-ray`
    names."""

    name: str
    role: str
    generation: Generation
    previous_version: str
    version: str
    next_version: str
    capacity_rps: float
    warm_rps: float
    pace: float
    colo: str
    has_replica: bool = False


REGIONS = (
    RegionPlan("us-east", "primary", Generation.V17, "17.1.2", "17.1.3", "17.2.0", 150, 0, 1.0, "IAD"),
    RegionPlan("us-west", "standby", Generation.V17, "17.1.2", "17.1.3", "17.2.0", 150, 3, 1.1, "SJC"),
    RegionPlan("eu-west", "active", Generation.V20, "20.0.4", "20.1.0", "20.2.0", 120, 0, 0.9, "AMS", has_replica=True),
)

# The load balancer steers by area with ordered pools: the first healthy one serves. The fallback serves when no other
# does, however it is.
STEERING = {
    "america": ("us-east", "us-west", "eu-west"),
    "europe": ("eu-west", "us-east", "us-west"),
}
FALLBACK = "eu-west"
AREA_SHARE = {"america": 0.65, "europe": 0.35}
HOME_AREA = "america"

MEMORY_LIMIT_MB = 512
