"""Configuration to adapters that change the world. What is not configured is not there, and actions say which setting.

Nothing is sent and no secret resolved here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from npconsole.config.blocks.fields import SecretRef
from npconsole.config.schema import Config
from npconsole.controls.cloudflare import (
    CloudflareAccess,
    CloudflareApi,
    CloudflareCache,
    CloudflareCredential,
    CloudflareTraffic,
    Plan,
)
from npconsole.controls.grafana import GrafanaAccess, GrafanaAnnotations
from npconsole.controls.railway import RailwayAccess, RailwayApi, RailwayCredential, RailwayService
from npconsole.controls.sentry import SentryAccess, SentryApi, SentryCredential, SentryIssueControl
from npconsole.model.annotation import AnnotationControl
from npconsole.model.clock import Clock
from npconsole.model.controls import CacheControl, CredentialCheck, IssueControl, ServiceControl, TrafficControl
from npconsole.net.http import Http
from npconsole.net.secrets import Secrets
from npconsole.wiring.sources import Sources


@dataclass(slots=True)
class Controls:
    """What can be changed. `services` go by region id, `caches` by edge id, `credentials` by vendor."""

    services: Mapping[str, ServiceControl] = field(default_factory=dict)
    caches: Mapping[str, CacheControl] = field(default_factory=dict)
    traffic: TrafficControl | None = None
    issues: IssueControl | None = None
    annotations: AnnotationControl | None = None
    credentials: dict[str, CredentialCheck] = field(default_factory=dict)


def build_controls(config: Config, sources: Sources, *, http: Http, secrets: Secrets, clock: Clock) -> Controls:
    """The controls of a configuration."""
    return _Making(config, sources, http, secrets, clock).controls()


@dataclass(frozen=True, slots=True)
class _Making:
    config: Config
    sources: Sources
    http: Http
    secrets: Secrets
    clock: Clock

    def controls(self) -> Controls:
        made = Controls()
        if self.config.railway.token is not None:
            self._add_railway(made, self.config.railway.token)
        if self.config.cloudflare.token is not None:
            self._add_cloudflare(made, self.config.cloudflare.token)
        if self.config.sentry.token is not None and self.config.sentry.organization:
            self._add_sentry(made, self.config.sentry.token)
        made.annotations = self._annotations()
        return made

    def _annotations(self) -> AnnotationControl | None:
        grafana = self.config.grafana
        if grafana.url is None or grafana.token is None:
            return None
        access = GrafanaAccess(grafana.url, self.secrets.resolver(grafana.token, setting="grafana.token"))
        return GrafanaAnnotations(self.http, access, deadline_s=self._call_s, clock=self.clock)

    def _add_railway(self, made: Controls, token: SecretRef) -> None:
        railway = self.config.railway
        access = RailwayAccess(
            railway.url,
            self.secrets.resolver(token, setting="railway.token"),
            is_project_token=railway.token_kind == "project",  # noqa: S105 - a kind of token, not one
        )
        api = RailwayApi(self.http, access, deadline_s=self._call_s, clock=self.clock)
        regions = {region_id: region.railway for region_id, region in self.sources.regions.items()}
        made.services = {
            region_id: RailwayService(
                api,
                environment_id=target.environment_id,
                service_id=target.service_id,
                project_id=railway.project_id,
                region=target.region,
            )
            for region_id, target in regions.items()
            if target.service_id and target.environment_id
        }
        environments = {target.environment_id for target in regions.values()}
        made.credentials["railway"] = RailwayCredential(
            api, project_id=railway.project_id, environment_ids=environments
        )

    def _add_cloudflare(self, made: Controls, token: SecretRef) -> None:
        cloudflare = self.config.cloudflare
        access = CloudflareAccess(cloudflare.url, self.secrets.resolver(token, setting="cloudflare.token"))
        api = CloudflareApi(self.http, access, deadline_s=self._call_s, clock=self.clock)
        if cloudflare.zone_id:
            cache = CloudflareCache(
                api,
                self.http,
                zone_id=cloudflare.zone_id,
                plan=Plan(cloudflare.plan),
                deadline_s=self._call_s,
                clock=self.clock,
            )
            made.caches = dict.fromkeys(self.sources.edges, cache)
        if cloudflare.account_id and cloudflare.zone_id:
            made.traffic = CloudflareTraffic(api, account_id=cloudflare.account_id, zone_id=cloudflare.zone_id)
        of_account = cloudflare.token_owner == "account"  # noqa: S105 - whose token, not the token
        made.credentials["cloudflare"] = CloudflareCredential(
            api, account_id=cloudflare.account_id if of_account else ""
        )

    def _add_sentry(self, made: Controls, token: SecretRef) -> None:
        sentry = self.config.sentry
        access = SentryAccess(sentry.url, sentry.organization, self.secrets.resolver(token, setting="sentry.token"))
        api = SentryApi(self.http, access, deadline_s=self._call_s, clock=self.clock)
        made.issues = SentryIssueControl(api)
        made.credentials["sentry"] = SentryCredential(api)

    @property
    def _call_s(self) -> float:
        return float(self.config.actions.call_timeout)
