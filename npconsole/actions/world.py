"""The ports that actions work through, by the ids of the estate. `wiring` fills it; a port that is not there is None.

Looking up what is not configured raises UsageError with the setting to fill.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from npconsole.actions.benchmarking import BenchmarkRules
from npconsole.actions.drill import DrillRules
from npconsole.errors import UsageError
from npconsole.model.alarm import Alarm
from npconsole.model.annotation import AnnotationControl
from npconsole.model.benchmark import BenchmarkArchive
from npconsole.model.clock import Clock
from npconsole.model.controls import CacheControl, CredentialCheck, IssueControl, ServiceControl, TrafficControl
from npconsole.model.custom import ProgramControl, RequestControl
from npconsole.model.estate import Edge, Estate, Region
from npconsole.model.load import LoadEngine
from npconsole.model.ports import ConnectivitySource, HealthSource, WriteProbe
from npconsole.model.run import Run
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Judging, Thresholds


@dataclass(frozen=True, slots=True)
class World:
    """What can be read and changed.

    `look` is the estate, read freshly: percentiles are of the seconds before it returns. `probes` are health checks by
    region and edge id, the region's at its own origin. `services` and `pool_ids` go by region id, `caches` by edge id,
    `capacity` by region id in requests per second as measured. `credentials` go by vendor. `writes` are by edge id, and
    so are `assets`: addresses that the edge caches. `requests` go by the id of an operator's own action,
    those of its undo by `id/undo`. `past` is a run of the journal, by its id.
    """

    estate: Estate
    clock: Clock
    look: Callable[[], Awaitable[Snapshot]]
    probes: Mapping[str, HealthSource]
    connectivity: ConnectivitySource | None = None
    services: Mapping[str, ServiceControl] = field(default_factory=dict)
    caches: Mapping[str, CacheControl] = field(default_factory=dict)
    traffic: TrafficControl | None = None
    pool_ids: Mapping[str, str] = field(default_factory=dict)
    issues: IssueControl | None = None
    credentials: Mapping[str, CredentialCheck] = field(default_factory=dict)
    capacity: Mapping[str, float] = field(default_factory=dict)
    thresholds: Thresholds = field(default_factory=Thresholds)
    judging: Judging = field(default_factory=Judging)
    drill: DrillRules = field(default_factory=DrillRules)
    writes: Mapping[str, WriteProbe] = field(default_factory=dict)
    alarm: Alarm | None = None
    assets: Mapping[str, str] = field(default_factory=dict)
    programs: ProgramControl | None = None
    requests: Mapping[str, RequestControl] = field(default_factory=dict)
    load: LoadEngine | None = None
    benchmarks: BenchmarkArchive | None = None
    benchmarking: BenchmarkRules = field(default_factory=BenchmarkRules)
    annotations: AnnotationControl | None = None
    past: Callable[[str], Run | None] = lambda _: None

    def region(self, target: str) -> Region | None:
        """The region of that id, None when the target is something else."""
        return next((region for region in self.estate.regions if region.id == target), None)

    def edge(self, target: str) -> Edge | None:
        """The edge of that id, None when the target is something else."""
        return next((edge for edge in self.estate.edges if edge.id == target), None)

    def siblings(self, target: str) -> tuple[Region, ...]:
        """The regions of the service that a region, an edge or a service id belongs to; of a region with itself."""
        found = self.region(target) or self.edge(target)
        service = found.service if found is not None else target
        return tuple(region for region in self.estate.regions if region.service == service)

    def places(self, target: str) -> tuple[str, ...]:
        """The service of a region, an edge or a service id, where it has one, and the environment: who mutes these
        mutes the target.
        """
        return (*dict.fromkeys(region.service for region in self.siblings(target)), self.estate.name)

    def service_of(self, region_id: str) -> ServiceControl:
        """The control of a region's service."""
        control = self.services.get(region_id)
        if control is None:
            raise UsageError(
                f"{region_id} has no service to act on",
                hint=f"set railway.token, and railway.service_id and environment_id of region {region_id}",
            )
        return control

    def cache_of(self, edge_id: str) -> CacheControl:
        """The cache of an edge."""
        cache = self.caches.get(edge_id)
        if cache is None:
            raise UsageError(f"{edge_id} has no cache to act on", hint="set cloudflare.zone_id and cloudflare.token")
        return cache

    def pool_of(self, region_id: str) -> tuple[TrafficControl, str]:
        """The load balancing, and the id of the pool that holds a region's origin."""
        pool_id = self.pool_ids.get(region_id, "")
        if self.traffic is None or not pool_id:
            raise UsageError(
                f"{region_id} has no pool to act on",
                hint=f"set cloudflare.account_id, cloudflare.token and pool_id of region {region_id}",
            )
        return self.traffic, pool_id

    def issue_control(self) -> IssueControl:
        """Sentry's issues."""
        if self.issues is None:
            raise UsageError("there is no Sentry to act on", hint="set sentry.organization and sentry.token")
        return self.issues
