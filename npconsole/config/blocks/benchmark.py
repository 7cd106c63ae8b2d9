"""The block of benchmarks: what is sent, how it is judged, and where it is sent from."""

from typing import Annotated, Literal

from msgspec import Meta, field

from npconsole.config.blocks.fields import Block, Name, Path, SecretRef, Slug, Variable, doc, form
from npconsole.config.units import Ratio, Seconds, Url

CallPath = Annotated[
    str, form(r"^(/[^\s#\\]*)?$", "must be a path that starts with / and holds no spaces or #, or '' for the asset")
]


class LoadCall(Block, frozen=True, kw_only=True):
    """One call of the built-in scenario."""

    name: Annotated[Name, doc("Under which its figures are shown.")]
    path: Annotated[CallPath, doc("Path at the target; '' is the edge's asset_url.")]
    chance: Annotated[Ratio, doc("How likely an iteration makes this call.")]
    login: Annotated[bool, doc("Whether it needs a bearer token.")] = False


class RemoteWriteConfig(Block, frozen=True, kw_only=True):
    """Where k6 sends its metrics while a benchmark runs."""

    url: Annotated[Url | None, doc("Prometheus remote write address, such as https://host/api/v1/write.")] = None
    user: Annotated[str, doc("Basic-auth user of remote write.")] = ""
    password: Annotated[SecretRef | None, doc("Basic-auth password of remote write.")] = None
    token: Annotated[SecretRef | None, doc("Bearer token of remote write, instead of user and password.")] = None


class CloudConfig(Block, frozen=True, kw_only=True):
    """The account at Grafana Cloud k6."""

    token: Annotated[SecretRef | None, doc("API token of Grafana Cloud k6.")] = None
    project_id: Annotated[Slug, doc("Project number; empty is the default project.")] = ""
    stack_id: Annotated[Slug, doc("Stack number, which k6 v2 asks for.")] = ""


class BenchmarkConfig(Block, frozen=True, kw_only=True):
    """How the system is put under load; thresholds.p95_warn and thresholds.error_ratio_critical judge it."""

    engine: Annotated[Literal["local", "cloud"], doc("Where load is sent from: this host, or Grafana Cloud k6.")] = (
        "local"
    )
    k6: Annotated[str, doc("Path of k6; empty: the one on PATH, else that of the extra `k6`.")] = ""
    calls: Annotated[list[LoadCall], doc("The calls of the built-in scenario.")] = field(
        default_factory=lambda: [
            LoadCall(name="health", path="/health", chance=Ratio(0.2)),
            LoadCall(name="asset", path="", chance=Ratio(0.3)),
            LoadCall(name="items", path="/api/items", chance=Ratio(0.25), login=True),
            LoadCall(name="forecast", path="/api/forecast/ai/forecast", chance=Ratio(0.15), login=True),
            LoadCall(name="governance", path="/api/governance/status", chance=Ratio(0.1), login=True),
        ]
    )
    think_time: Annotated[Seconds, doc("Mean pause of a user after an iteration; a load with a rate has none.")] = (
        Seconds(1)
    )
    request_timeout: Annotated[Seconds, doc("When a request of a load counts as failed.", least=0.1)] = Seconds(10)
    min_rate: Annotated[
        float, Meta(ge=0, le=100000, description="Requests per second to reach, where a load is able to; 0: any.")
    ] = 50
    longest: Annotated[Seconds, doc("Longest load that may be asked for.", least=1)] = Seconds(3600)
    most_users: Annotated[int, Meta(ge=1, le=100000, description="Most virtual users that may be asked for.")] = 2000
    unconfirmed: Annotated[
        Ratio,
        doc("Load up to this share of the target's capacity needs no yes, but in production; 0%: it always does."),
    ] = Ratio(0.25)
    stop_when_hopeless: Annotated[bool, doc("End a load as soon as a threshold cannot be met any more.")] = False
    seed: Annotated[int, Meta(ge=0, le=1000000, description="Fixes what users draw, so that loads are alike.")] = 1
    login_path: Annotated[Path, doc("Where email and password are exchanged for a token.")] = "/api/auth/login"
    email: Annotated[SecretRef | None, doc("Email address of the benchmark's own account.")] = None
    password: Annotated[SecretRef | None, doc("Password of that account.")] = None
    token: Annotated[SecretRef | None, doc("Bearer token of the calls, instead of email and password.")] = None
    pass_on: Annotated[list[Variable], doc("Environment variables that a script of your own may see.")] = field(
        default_factory=list
    )
    remote_write: Annotated[RemoteWriteConfig, doc("Where k6 sends its metrics, besides.")] = RemoteWriteConfig()
    cloud: Annotated[CloudConfig, doc("Grafana Cloud k6.")] = CloudConfig()
