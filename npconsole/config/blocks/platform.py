"""The blocks that say what is watched: environment, services, regions and edges."""

from typing import Annotated, Literal

from msgspec import Meta, field

from npconsole.config.blocks.fields import Block, HeaderName, LabelName, Name, Path, SecretRef, Slug, Text, doc
from npconsole.config.units import Seconds, Url


class Environment(Block, frozen=True, kw_only=True):
    """Which installation this is."""

    name: Annotated[Name, doc("Shown on every screen and in every message.")] = "neuropilot"
    tier: Annotated[
        Literal["production", "staging", "development"],
        doc("What is at stake; production has its own colour."),
    ] = "production"


class LagSource(Block, frozen=True, kw_only=True):
    """How the replication lag of a region's replica is measured. One of the two."""

    promql: Annotated[
        Text | None,
        doc("Query whose one value is the lag in seconds, such as `max(neon_replication_delay_seconds)`."),
    ] = None
    dsn: Annotated[SecretRef | None, doc("Connection string of the replica, asked by SQL.")] = None


class RailwayTarget(Block, frozen=True, kw_only=True):
    """Which Railway objects a region is."""

    service_id: Annotated[Slug, doc("Railway service id.")] = ""
    environment_id: Annotated[Slug, doc("Railway environment id.")] = ""
    region: Annotated[Slug, doc("Railway region, such as us-east4-eqdc4a; empty when the service has one.")] = ""


class RegionConfig(Block, frozen=True, kw_only=True):
    """One region of a service."""

    name: Annotated[Name, doc("Name shown, typed and used in commands; unique in its service.")]
    origin: Annotated[Url, doc("The region's own address, not the edge's.")]
    role: Annotated[Literal["primary", "standby", "active"], doc("Part in the topology.")] = "active"
    health_path: Annotated[Path, doc("Path of the health check.")] = "/health"
    metrics_path: Annotated[Path, doc("Path of the metrics page.")] = "/metrics"
    labels: Annotated[
        dict[LabelName, str],
        doc("Prometheus labels that select this region's series; default `{region: <name>}`."),
    ] = field(default_factory=dict)
    lag: Annotated[LagSource | None, doc("Replication lag of the replica beside this region.")] = None
    railway: Annotated[RailwayTarget, doc("Railway ids, for actions.")] = RailwayTarget()
    pool_id: Annotated[Slug, doc("Cloudflare pool that holds this region's origin.")] = ""
    capacity: Annotated[
        Annotated[float, Meta(gt=0)] | None,
        doc("Requests per second that this region was measured to carry, for head-room in plans."),
    ] = None


class WriteProbe(Block, frozen=True, kw_only=True):
    """A record that a drill writes through the edge and reads back, to measure what a failover loses."""

    url: Annotated[Url, doc('PUT stores the JSON object {"number": n} there, GET answers the one stored last.')]
    interval: Annotated[Seconds, doc("Between writes.", least=0.05)] = Seconds(0.5)


class EdgeConfig(Block, frozen=True, kw_only=True):
    """The address in front of a service's regions."""

    url: Annotated[Url, doc("The public address.")]
    health_path: Annotated[Path, doc("Path of the health check through the edge.")] = "/health"
    region_field: Annotated[Text, doc("Field of the health answer that names the region that served it.")] = "region"
    region_header: Annotated[HeaderName, doc("Response header that names it, when the body does not.")] = ""
    asset_url: Annotated[
        Url | None, doc("A cached front-end asset, such as https://inventory.neuropilot.ai/app.js.")
    ] = None
    write_probe: Annotated[WriteProbe | None, doc("How a drill measures lost writes; without it they are not.")] = None


class ServiceConfig(Block, frozen=True, kw_only=True):
    """One service: its regions and the edge in front of them."""

    name: Annotated[Name, doc("Name of the service.")]
    regions: Annotated[list[RegionConfig], Meta(min_length=1, description="At least one region.")]
    edge: Annotated[EdgeConfig | None, doc("The edge; leave out when there is none.")] = None


class Connectivity(Block, frozen=True, kw_only=True):
    """How npconsole finds out that its own host is cut off, so that it suspects itself before the world."""

    urls: Annotated[list[Url], doc("Asked in turn; one answer of any kind proves that the host is online.")] = field(
        default_factory=lambda: [
            Url("https://1.1.1.1/cdn-cgi/trace"),
            Url("https://www.gstatic.com/generate_204"),
        ]
    )
