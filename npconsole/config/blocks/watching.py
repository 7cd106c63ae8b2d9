"""The blocks that say how it is watched: intervals, judging, thresholds and the names of metrics."""

from typing import Annotated, Literal

from msgspec import Meta, field

from npconsole.config.blocks.fields import Block, Family, FamilyOrNone, LabelName, Name, doc
from npconsole.config.units import Ratio, Seconds


class Poll(Block, frozen=True, kw_only=True):
    """How often each source is read, and how long a read may take."""

    health: Annotated[Seconds, doc("Between health checks of a region or edge.", least=0.1)] = Seconds(10)
    metrics: Annotated[Seconds, doc("Between readings of percentiles and rates.", least=0.1)] = Seconds(15)
    lag: Annotated[Seconds, doc("Between readings of the replication lag.", least=0.1)] = Seconds(30)
    issues: Annotated[Seconds, doc("Between readings of Sentry issues.", least=0.1)] = Seconds(60)
    connectivity: Annotated[Seconds, doc("Between checks of this host's own connection.", least=0.1)] = Seconds(10)
    timeout: Annotated[Seconds, doc("Total deadline of one health or metrics reading.", least=0.05)] = Seconds(5)
    vendor_timeout: Annotated[Seconds, doc("Total deadline of one Prometheus, Sentry or SQL reading.", least=0.05)] = (
        Seconds(15)
    )


class JudgingConfig(Block, frozen=True, kw_only=True):
    """How many answers change a level, and when a reading is no longer believed."""

    fall: Annotated[int, Meta(ge=1, le=100, description="Bad answers in a row before a level falls.")] = 2
    rise: Annotated[int, Meta(ge=1, le=100, description="Good answers in a row before it rises again.")] = 2
    stale_after: Annotated[
        float, Meta(ge=1, le=1000, description="Intervals without a value until it looks stale.")
    ] = 2
    unknown_after: Annotated[
        float, Meta(ge=1, le=1000, description="Intervals without a value until the level is unknown.")
    ] = 3
    min_requests: Annotated[
        float, Meta(ge=0, description="Fewer requests than this in a window do not judge latency or errors.")
    ] = 20


class ThresholdsConfig(Block, frozen=True, kw_only=True):
    """Where good ends. One place for colours, benchmark, healer, alerts, Grafana and Terraform."""

    p95_warn: Annotated[
        Seconds,
        doc("p95 latency above this is degraded; also the benchmark's and healer's threshold.", least=0.001),
    ] = Seconds(0.4)
    p95_target: Annotated[Seconds, doc("p95 latency to aim for.", least=0.001)] = Seconds(0.12)
    error_ratio_critical: Annotated[Ratio, doc("Share of 5xx answers above this is critical.")] = Ratio(0.05)
    error_ratio_target: Annotated[Ratio, doc("Share of 5xx answers to aim for.")] = Ratio(0.01)
    memory_warn: Annotated[Ratio, doc("Share of the memory limit above this is a warning.")] = Ratio(0.85)
    memory_limit_mb: Annotated[
        Annotated[float, Meta(gt=0)] | None,
        doc("Memory limit of one instance in MB; without it no share is judged."),
    ] = None
    lag_target: Annotated[Seconds, doc("Replication lag to stay below.", least=0.001)] = Seconds(1)
    lag_warn: Annotated[Seconds, doc("Replication lag above this is a warning.", least=0.001)] = Seconds(2)
    lag_page: Annotated[Seconds, doc("Replication lag above this pages.", least=0.001)] = Seconds(10)


class Families(Block, frozen=True, kw_only=True):
    """Names and units of the metric families of one generation of a service."""

    name: Annotated[Name, doc("Shown as the generation in use.")]
    latency: Annotated[Family, doc("Latency histogram, without `_bucket`.")]
    latency_unit: Annotated[Literal["ms", "s"], doc("Unit of its buckets.")] = "s"
    requests: Annotated[Family, doc("Counter of all requests.")] = "http_requests_total"
    status_label: Annotated[LabelName, doc("Label with the status code.")] = "status_code"
    cache_hits: Annotated[FamilyOrNone, doc("Counter of cache hits; empty for none.")] = "cache_hits_total"
    cache_requests: Annotated[
        FamilyOrNone, doc("Counter of cache look-ups; empty when misses are counted instead.")
    ] = ""
    cache_misses: Annotated[FamilyOrNone, doc("Counter of cache misses; empty when all look-ups are counted.")] = ""
    memory: Annotated[Family, doc("Gauge of resident memory in bytes.")] = "process_resident_memory_bytes"
    start_time: Annotated[Family, doc("Gauge of the process start, epoch seconds.")] = "process_start_time_seconds"


GENERATIONS = (
    Families(
        name="v17.1",
        latency="http_request_duration_ms",
        latency_unit="ms",
        cache_requests="cache_requests_total",
    ),
    Families(
        name="v20.1",
        latency="http_request_duration_seconds",
        latency_unit="s",
        cache_misses="cache_misses_total",
    ),
)


class Metrics(Block, frozen=True, kw_only=True):
    """Where percentiles and rates come from."""

    source: Annotated[
        Literal["page", "prometheus"],
        doc("The regions' own metrics pages, or PromQL with the pages as fallback."),
    ] = "page"
    families: Annotated[
        list[Families],
        doc("Generations looked for on a page, first match wins; these come before the built-in two."),
    ] = field(default_factory=list)
    window: Annotated[Seconds, doc("Window of rates and percentiles.", least=1)] = Seconds(60)
