"""The blocks of the vendors: addresses, objects and credentials."""

from typing import Annotated, Literal

from msgspec import Meta, field

from npconsole.config.blocks.fields import Block, SecretRef, Slug, Text, doc
from npconsole.config.units import Seconds, Url


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


class ErrorReporting(Block, frozen=True, kw_only=True):
    """npconsole's own errors, sent to Sentry when a DSN is given."""

    dsn: Annotated[SecretRef | None, doc("DSN.")] = None
