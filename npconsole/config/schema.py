"""What can be configured. Every field has its default and one sentence; the JSON schema, `config show` and the
example file follow from these. Names are the field's standard terms; values carry their unit (see `units`)."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

from npconsole.config.units import Ratio, Seconds, Url


def doc(text: str, *, least: float | None = None) -> Meta:
    """The sentence that documents a field; `least` is the smallest value with a unit that makes sense."""
    return Meta(description=text, extra={} if least is None else {"least": least})


def form(pattern: str, rule: str) -> Meta:
    """The form of a text, and the words for it when a text does not have it."""
    return Meta(pattern=pattern, extra={"rule": rule})


Name = Annotated[
    str,
    form(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        "must be a name: a letter or digit, then at most 63 letters, digits, dots, dashes or underscores",
    ),
]
WordName = Annotated[
    str,
    form(
        r"^[a-z][a-z0-9]*([_-][a-z0-9]+){0,7}$",
        "must be a word: lower-case letters and digits, parts joined by - or _, beginning with a letter",
    ),
]
Path = Annotated[str, form(r"^/[^\s?#\\]*$", "must be a path that starts with / and holds no spaces, ? or #")]
Slug = Annotated[
    str,
    form(
        r"^([A-Za-z0-9_][A-Za-z0-9._-]{0,127})?$",
        "must hold only letters, digits, dots, dashes and underscores, and start with none of . and -",
    ),
]
Text = Annotated[str, form(r"\S", "must not be empty")]
Family = Annotated[str, form(r"^[A-Za-z_:][A-Za-z0-9_:]*$", "must be a metric name")]
FamilyOrNone = Annotated[str, form(r"^([A-Za-z_:][A-Za-z0-9_:]*)?$", "must be a metric name, or '' for none")]
LabelName = Annotated[str, form(r"^[A-Za-z_][A-Za-z0-9_]*$", "must be a label name: letters, digits and underscores")]
Variable = Annotated[str, form(r"^[A-Za-z_][A-Za-z0-9_]{0,127}$", "must be the name of an environment variable")]
Keyring = Annotated[str, form(r"^[^/]+/.+$", "must be written as service/user")]
HeaderName = Annotated[str, form(r"^[A-Za-z0-9-]{0,64}$", "must be the name of a header, or '' for none")]


class Block(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mapping in the configuration file."""


class SecretRef(Block, frozen=True, kw_only=True):
    """Where a secret is kept. Exactly one of the four; it is read only when it is needed."""

    env: Annotated[Variable | None, doc("Name of an environment variable.")] = None
    file: Annotated[Text | None, doc("A file of your own with mode 0600; its first line is the secret.")] = None
    command: Annotated[
        Annotated[list[Text], Meta(min_length=1)] | None,
        doc("A command (argv list, no shell) that prints the secret within 10 s."),
    ] = None
    keyring: Annotated[Keyring | None, doc("`service/user` in the system keyring (needs the extra `keyring`).")] = None

    def __str__(self) -> str:
        """Where the secret is: `env SENTRY_TOKEN`. A command's arguments are left out: one may be a secret."""
        for kind in ("env", "file", "command", "keyring"):
            value = getattr(self, kind)
            if value is not None:
                more = " ..." if isinstance(value, list) and len(value) > 1 else ""
                return f"{kind} {value[0] if isinstance(value, list) else value}{more}"
        return "nothing"


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


class Prometheus(Block, frozen=True, kw_only=True):
    """A PromQL store: Prometheus, Mimir, Thanos or Grafana Cloud."""

    url: Annotated[Url | None, doc("Address without /api/v1; Grafana Cloud's ends in /api/prom.")] = None
    user: Annotated[str, doc("Basic-auth user; on Grafana Cloud the metrics instance id.")] = ""
    password: Annotated[SecretRef | None, doc("Basic-auth password; on Grafana Cloud a metrics:read token.")] = None
    token: Annotated[SecretRef | None, doc("Bearer token, instead of user and password.")] = None
    history: Annotated[Seconds, doc("How far back the charts are filled at start.")] = Seconds(3600)
    native_histograms: Annotated[
        Literal["auto", "yes", "no"], doc("Whether the latency histogram is native; auto asks once.")
    ] = "auto"


class Sentry(Block, frozen=True, kw_only=True):
    """Sentry's issue list."""

    url: Annotated[Url, doc("https://sentry.io or a region host such as https://de.sentry.io.")] = Url(
        "https://sentry.io"
    )
    organization: Annotated[Slug, doc("Organization slug; empty: no issues pane.")] = ""
    projects: Annotated[list[Slug], doc("Project slugs or ids; empty: all the token can see.")] = field(
        default_factory=list
    )
    environment: Annotated[str, doc("Sentry environment; empty: all.")] = ""
    token: Annotated[SecretRef | None, doc("Token with event:read (event:write to resolve issues).")] = None
    limit: Annotated[int, Meta(ge=1, le=1000, description="Most issues to fetch.")] = 100
    region_tag: Annotated[Text, doc("Tag that names the region of an event.")] = "region"


class Cloudflare(Block, frozen=True, kw_only=True):
    """Cloudflare's API, for actions and checks."""

    url: Annotated[Url, doc("Base address.")] = Url("https://api.cloudflare.com/client/v4")
    zone_id: Annotated[Slug, doc("Zone of the edge.")] = ""
    account_id: Annotated[Slug, doc("Account that owns the pools.")] = ""
    token: Annotated[SecretRef | None, doc("API token.")] = None
    token_owner: Annotated[Literal["user", "account"], doc("Whose token it is; the two are verified differently.")] = (
        "user"  # noqa: S105 - whose it is, not what it is
    )
    plan: Annotated[
        Literal["free", "pro", "business", "enterprise"], doc("The zone's plan, which limits how fast it is purged.")
    ] = "free"


class Railway(Block, frozen=True, kw_only=True):
    """Railway's GraphQL API, for actions."""

    url: Annotated[Url, doc("GraphQL address.")] = Url("https://backboard.railway.com/graphql/v2")
    project_id: Annotated[Slug, doc("Project.")] = ""
    token: Annotated[SecretRef | None, doc("Token.")] = None
    token_kind: Annotated[Literal["project", "account"], doc("Which header carries it.")] = "project"  # noqa: S105 (a kind of token, not one)


class Neon(Block, frozen=True, kw_only=True):
    """Neon's API."""

    url: Annotated[Url, doc("Base address.")] = Url("https://console.neon.tech/api/v2")
    project_id: Annotated[Slug, doc("Project.")] = ""
    token: Annotated[SecretRef | None, doc("API key.")] = None


class Grafana(Block, frozen=True, kw_only=True):
    """Grafana, for annotations, dashboards and alert rules."""

    url: Annotated[Url | None, doc("Address of the Grafana stack.")] = None
    token: Annotated[SecretRef | None, doc("Service account token.")] = None


class Slack(Block, frozen=True, kw_only=True):
    """Slack."""

    webhook: Annotated[SecretRef | None, doc("Incoming webhook address, a secret.")] = None


class PagerDuty(Block, frozen=True, kw_only=True):
    """PagerDuty Events v2."""

    url: Annotated[Url, doc("Base address of the Events API.")] = Url("https://events.pagerduty.com")
    routing_key: Annotated[SecretRef | None, doc("Integration key.")] = None


class ErrorReporting(Block, frozen=True, kw_only=True):
    """npconsole's own errors, sent to Sentry when a DSN is given."""

    dsn: Annotated[SecretRef | None, doc("DSN.")] = None


class Actions(Block, frozen=True, kw_only=True):
    """What actions may do, and how long they take over it."""

    read_only: Annotated[bool, doc("Refuse everything that changes anything.")] = False
    role: Annotated[
        Literal["viewer", "operator", "admin"],
        doc("The most that anybody may do from this host; `--role` and `ssh-entry` can only lower it."),
    ] = "admin"
    restarts_per_hour: Annotated[int, Meta(ge=0, le=1000, description="Most restarts of a service in an hour.")] = 2
    restarts_per_day: Annotated[int, Meta(ge=0, le=10000, description="Most restarts of a service in a day.")] = 4
    cool_down: Annotated[Seconds, doc("Pause after a restart; doubles with each one, steps back each hour.")] = Seconds(
        600
    )
    cool_down_cap: Annotated[Seconds, doc("Longest such pause.")] = Seconds(7200)
    call_timeout: Annotated[Seconds, doc("Total deadline of one call that changes something.", least=0.1)] = Seconds(15)
    reread: Annotated[Seconds, doc("Between looks at whether a change has come about.", least=0.05)] = Seconds(5)
    settle: Annotated[Seconds, doc("How long a late call is waited for; at least two call time-outs.")] = Seconds(30)
    operator_silence: Annotated[
        Seconds, doc("A drill whose operator is not heard of for this long reverts.", least=1)
    ] = Seconds(60)


class Runs(Block, frozen=True, kw_only=True):
    """How a run is kept in one pair of hands."""

    lease: Annotated[
        Seconds, doc("How long a runner that is not heard of keeps its targets; then others finish its run.", least=1)
    ] = Seconds(60)
    beat: Annotated[
        Seconds, doc("Between a runner's looks at its lease, its operator and requests to stop.", least=0.1)
    ] = Seconds(5)


class State(Block, frozen=True, kw_only=True):
    """The memory of runs, leases and the audit."""

    url: Annotated[
        SecretRef | None,
        doc("Address of a shared memory, postgresql://...; by default a file under $XDG_STATE_HOME."),
    ] = None


class Drill(Block, frozen=True, kw_only=True):
    """How a failover is rehearsed, and what it has to prove."""

    hold: Annotated[Seconds, doc("How long the region stays drained.")] = Seconds(300)
    longest_hold: Annotated[Seconds, doc("Longest hold that may be asked for.")] = Seconds(900)
    step_pause: Annotated[Seconds, doc("Between the steps of a drain in several steps.")] = Seconds(30)
    shift_within: Annotated[Seconds, doc("A drain that has not moved the traffic by then is undone.", least=1)] = (
        Seconds(300)
    )
    probe_interval: Annotated[Seconds, doc("Between requests to the edge, as a user would send them.", least=0.02)] = (
        Seconds(0.1)
    )
    probe_timeout: Annotated[Seconds, doc("When such a request counts as failed.", least=0.05)] = Seconds(2)
    rto_target: Annotated[Seconds, doc("Recovery time to aim for.", least=0.1)] = Seconds(180)
    rto_limit: Annotated[Seconds, doc("A recovery that takes longer has failed the drill.", least=0.1)] = Seconds(300)
    rpo_target: Annotated[Seconds, doc("Most seconds of writes that a failover may lose.")] = Seconds(1)
    most_load: Annotated[Ratio, doc("Share of its capacity that a survivor may come to carry.")] = Ratio(0.8)


class CustomInput(Block, frozen=True, kw_only=True):
    """One input of an action of your own."""

    name: Annotated[WordName, doc("Used as `--param name=value`, and as `{name}` in the call.")]
    kind: Annotated[
        Literal["text", "integer", "seconds", "percent", "flag", "choice"], doc("What a value must look like.")
    ] = "text"
    help: Annotated[str, doc("What it is for.")] = ""
    default: Annotated[str, doc("Value when none is given.")] = ""
    choices: Annotated[list[Text], doc("The values of a choice.")] = field(default_factory=list)
    required: Annotated[bool, doc("Whether a value must be given.")] = False


class CustomCall(Block, frozen=True, kw_only=True):
    """What is done: a program, or a request. One of the two."""

    argv: Annotated[
        Annotated[list[Text], Meta(min_length=1)] | None,
        doc("A program and its arguments (no shell); exit code 0 means done."),
    ] = None
    url: Annotated[Url | None, doc("An address; an answer of 200 to 299 means done.")] = None
    method: Annotated[Literal["POST", "PUT", "PATCH", "DELETE"], doc("Method of the request.")] = "POST"
    body: Annotated[dict[str, str], doc("Fields of the JSON object that is sent.")] = field(default_factory=dict)
    token: Annotated[SecretRef | None, doc("Bearer token of the request.")] = None


class CustomEffect(Block, frozen=True, kw_only=True):
    """What an action of your own should change, so that its verdict can be measured."""

    metric: Annotated[
        Literal["p50_ms", "p95_ms", "p99_ms", "error_ratio", "request_rate", "cache_hit_ratio", "memory_ratio"],
        doc("Figure of the target that is compared before and after."),
    ]
    direction: Annotated[Literal["down", "up"], doc("Which way it should go.")] = "down"
    within: Annotated[Seconds, doc("How long the effect may take.", least=1)] = Seconds(120)
    words: Annotated[str, doc("The effect in a phrase.")] = ""


class CustomAction(Block, frozen=True, kw_only=True):
    """An action of your own: planned, guarded, journalled and verified as the built-in ones."""

    id: Annotated[WordName, doc("Used as `npconsole run ID TARGET`.")]
    title: Annotated[Text, doc("Shown in menus.")]
    help: Annotated[str, doc("What it does, in a sentence.")] = ""
    target: Annotated[Literal["region", "service", "edge", "estate"], doc("What it acts on.")] = "region"
    danger: Annotated[
        Literal["safe", "confirm", "typed"], doc("What confirms it: nothing, a yes, or the typed name of the target.")
    ] = "confirm"
    role: Annotated[Literal["operator", "admin"], doc("Who may run it.")] = "operator"
    takes_out: Annotated[bool, doc("Whether the region it acts on may stop serving meanwhile.")] = False
    inputs: Annotated[list[CustomInput], doc("What is asked for, with its type.")] = field(default_factory=list)
    do: Annotated[CustomCall, doc("What is done; {target} and {run} stand for themselves.")]
    undo: Annotated[CustomCall | None, doc("What takes it back, harmless when called again; none if nothing does.")] = (
        None
    )
    effect: Annotated[CustomEffect | None, doc("What it should change.")] = None
    timeout: Annotated[Seconds, doc("Total deadline of the call, at most half of runs.lease.", least=0.1)] = Seconds(30)


class Heal(Block, frozen=True, kw_only=True):
    """What the healer may do."""

    check_interval: Annotated[Seconds, doc("Between checks.", least=1)] = Seconds(60)
    restart: Annotated[bool, doc("Whether it may restart a service.")] = True
    purge: Annotated[bool, doc("Whether it may purge the cache.")] = True


class Ui(Block, frozen=True, kw_only=True):
    """The screen."""

    theme: Annotated[Text, doc("A file of the themes folder without .yaml, or a path to one.")] = "dark"
    keys: Annotated[
        dict[str, str], doc("Keys by action id, such as `refresh: f5`; several are separated by commas.")
    ] = field(default_factory=dict)
    refresh: Annotated[Seconds, doc("Between redraws of changed figures.", least=0.1)] = Seconds(1)
    utc: Annotated[bool, doc("Show times in UTC instead of the host's zone.")] = False
    rotate: Annotated[Seconds, doc("Seconds a page of the wallboard stays when not all fits.", least=1)] = Seconds(15)
    lock_after: Annotated[
        Seconds, doc("Without a key for this long, the console acts on nothing until a key unlocks it.", least=1)
    ] = Seconds(900)
    exit_after: Annotated[Seconds, doc("Without a key for this long, the console ends.", least=1)] = Seconds(43200)


class Config(Block, frozen=True, kw_only=True):
    """The whole configuration file."""

    environment: Annotated[Environment, doc("Which installation this is.")] = Environment()
    services: Annotated[list[ServiceConfig], Meta(min_length=1, description="What is watched; at least one service.")]
    connectivity: Annotated[Connectivity, doc("This host's own connection.")] = field(default_factory=Connectivity)
    poll: Annotated[Poll, doc("How often sources are read.")] = Poll()
    judging: Annotated[JudgingConfig, doc("How levels change.")] = JudgingConfig()
    thresholds: Annotated[ThresholdsConfig, doc("Where good ends.")] = ThresholdsConfig()
    metrics: Annotated[Metrics, doc("Percentiles and rates.")] = field(default_factory=Metrics)
    prometheus: Annotated[Prometheus, doc("A PromQL store.")] = Prometheus()
    sentry: Annotated[Sentry, doc("Issues.")] = field(default_factory=Sentry)
    cloudflare: Annotated[Cloudflare, doc("The edge's vendor.")] = Cloudflare()
    railway: Annotated[Railway, doc("The regions' vendor.")] = Railway()
    neon: Annotated[Neon, doc("The database's vendor.")] = Neon()
    grafana: Annotated[Grafana, doc("Dashboards.")] = Grafana()
    slack: Annotated[Slack, doc("Messages.")] = Slack()
    pagerduty: Annotated[PagerDuty, doc("Pages.")] = PagerDuty()
    error_reporting: Annotated[ErrorReporting, doc("npconsole's own errors.")] = ErrorReporting()
    actions: Annotated[Actions, doc("What actions may do.")] = Actions()
    runs: Annotated[Runs, doc("How a run is kept in one pair of hands.")] = Runs()
    state: Annotated[State, doc("The memory of runs, leases and the audit.")] = State()
    drill: Annotated[Drill, doc("Failover drills.")] = Drill()
    custom_actions: Annotated[list[CustomAction], doc("Actions of your own.")] = field(default_factory=list)
    heal: Annotated[Heal, doc("The healer.")] = Heal()
    ui: Annotated[Ui, doc("The screen.")] = field(default_factory=Ui)


def hook(kind: type, value: object) -> object:
    """msgspec's decoding hook for values with a unit."""
    if kind in (Seconds, Ratio, Url):
        return kind.parse(value)
    raise NotImplementedError(kind)


def convert(data: object) -> Config:
    """A Config from plain data (dicts, lists, strings). Raises msgspec.ValidationError at the first problem.

    The file is read by `loading`, which finds all problems and knows their lines.
    """
    return msgspec.convert(data, Config, dec_hook=hook)
