"""Configuration to adapters that read: probes, metrics pages, PromQL, replication lag, Sentry's issue list.

Nothing is read and no secret resolved here. Adapters that a configuration does not use are not imported.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from npconsole.config.blocks.platform import RegionConfig
from npconsole.config.blocks.watching import GENERATIONS
from npconsole.config.estate import to_estate
from npconsole.config.schema import Config
from npconsole.engine.watch import RegionWatch, Watch, Watches
from npconsole.model.clock import Clock
from npconsole.model.ports import LagSource, VitalsSource
from npconsole.model.vitals import Health, Lag, Vitals
from npconsole.net.http import Http
from npconsole.net.secrets import Secrets
from npconsole.sources.connectivity import Connectivity
from npconsole.sources.page.scrape import Scrape
from npconsole.sources.page.vitals import PageVitals
from npconsole.sources.probe import Probe

if TYPE_CHECKING:
    from npconsole.sources.prometheus import PrometheusFigures, PrometheusHistory, PromqlClient
    from npconsole.sources.sentry import SentryIssues

T = TypeVar("T")

_MEGABYTE = 1_000_000.0


class Sources:
    """One configuration's reading adapters, over an HTTP client and secrets that others may share."""

    def __init__(
        self,
        config: Config,
        *,
        http: Http,
        secrets: Secrets,
        clock: Clock,
        earlier: Mapping[str, Scrape] = MappingProxyType({}),
    ) -> None:
        self._config = config
        self._clock = clock
        self._earlier = earlier
        self._pages: dict[str, PageVitals] = {}
        self._http = http
        self._secrets = secrets
        self._families = (*config.metrics.families, *GENERATIONS)
        estate = to_estate(config)
        services = config.services
        self.regions = dict(
            zip((one.id for one in estate.regions), (one for each in services for one in each.regions), strict=True)
        )
        self.edges = dict(
            zip((one.id for one in estate.edges), (each.edge for each in services if each.edge), strict=True)
        )
        self._promql = self._promql_client()
        self._figures = self._prometheus_figures() if config.metrics.source == "prometheus" else None
        self._issues = self._sentry_issues()

    def watches(self) -> Watches:
        """Every read of the estate, by region and edge id."""
        poll, issues = self._config.poll, self._issues
        return Watches(
            regions={
                region_id: RegionWatch(
                    self._health(self.region_probe(region_id)),
                    self._vitals_watch(self._vitals(region_id, self.page(region_id, self._earlier_of(region_id)))),
                    self._lag(region_id, region),
                )
                for region_id, region in self.regions.items()
            },
            edges={edge_id: self._health(self.edge_probe(edge_id)) for edge_id in self.edges},
            connectivity=self._online(),
            issues=self._vendor_watch(issues.read, float(poll.issues), "Sentry") if issues else None,
            latest_event=issues.latest_event if issues else None,
            history=self._history(),
            history_s=float(self._config.prometheus.history),
            close=self.close,
        )

    def glance(self, pages: Mapping[str, VitalsSource], *, longest_s: float) -> Watches:
        """What judging an action needs, with these metrics pages by region id, which take `longest_s` more than one
        read of a page; left open for the next glance.
        """
        return Watches(
            regions={
                region_id: RegionWatch(
                    self._health(self.region_probe(region_id)),
                    self._vitals_watch(self._vitals(region_id, pages[region_id]), more_s=longest_s),
                    self._lag(region_id, region),
                )
                for region_id, region in self.regions.items()
            },
            edges={edge_id: self._health(self.edge_probe(edge_id)) for edge_id in self.edges},
            connectivity=self._online(),
        )

    def scrapes(self) -> dict[str, Scrape]:
        """The last scrape of every page that was read, by address."""
        return {url: scrape for url, page in self._pages.items() if (scrape := page.scrape) is not None}

    def region_probe(self, region_id: str) -> Probe:
        """The health check of a region at its own origin."""
        region = self.regions[region_id]
        return Probe(self._http, region.origin + region.health_path, deadline_s=float(self._config.poll.timeout))

    def edge_probe(self, edge_id: str) -> Probe:
        """The health check through an edge, which also tells which region answered."""
        edge = self.edges[edge_id]
        return Probe(
            self._http,
            edge.url + edge.health_path,
            deadline_s=float(self._config.poll.timeout),
            region_field=edge.region_field,
            region_header=edge.region_header,
        )

    def connectivity(self) -> Connectivity | None:
        """Whether this host is online; None when no address is configured."""
        urls = self._config.connectivity.urls
        return Connectivity(self._http, urls, deadline_s=float(self._config.poll.timeout)) if urls else None

    def page(self, region_id: str, earlier: Scrape | None, *, window_s: float | None = None) -> PageVitals:
        """A metrics page that measures from an earlier scrape, or begins anew."""
        url = self.page_url(region_id)
        self._pages[url] = page = PageVitals(
            self._http,
            url,
            families=self._families,
            window_s=window_s or float(self._config.metrics.window),
            deadline_s=float(self._config.poll.timeout),
            clock=self._clock,
            memory_limit_bytes=self._memory_limit_bytes,
            earlier=earlier,
        )
        return page

    def page_url(self, region_id: str) -> str:
        """Where a region's metrics page is."""
        region = self.regions[region_id]
        return region.origin + region.metrics_path

    def _online(self) -> Watch[bool] | None:
        online, poll = self.connectivity(), self._config.poll
        return None if online is None else Watch(online.read, float(poll.connectivity), float(poll.timeout))

    def _health(self, probe: Probe) -> Watch[Health]:
        return Watch(probe.read, float(self._config.poll.health), float(self._config.poll.timeout))

    def _earlier_of(self, region_id: str) -> Scrape | None:
        return self._earlier.get(self.page_url(region_id))

    def _vitals(self, region_id: str, page: VitalsSource) -> VitalsSource:
        """The page itself, or the store that is asked instead of it with the page behind."""
        if self._figures is None:
            return page
        from npconsole.sources.fallback import Fallback
        from npconsole.sources.prometheus import PrometheusVitals

        return Fallback(PrometheusVitals(self._figures, region_id), page, clock=self._clock)

    def _vitals_watch(self, source: VitalsSource, *, more_s: float = 0.0) -> Watch[Vitals]:
        poll = self._config.poll
        more_s += 0.0 if self._figures is None else float(poll.vendor_timeout)
        return Watch(source.read, float(poll.metrics), float(poll.timeout) + more_s)

    def _lag(self, region_id: str, region: RegionConfig) -> Watch[Lag] | None:
        lag, poll = region.lag, self._config.poll
        if lag is None:
            return None
        source: LagSource
        if lag.promql is not None and self._promql is not None:
            from npconsole.sources.lag_promql import PromqlLag

            source, host = PromqlLag(self._promql.values, lag.promql), "Prometheus"
        elif lag.dsn is not None:
            from npconsole.net.resolver import Resolver
            from npconsole.sources.lag_sql import SqlLag

            setting = f"{region_id}: lag.dsn"
            resolve = self._secrets.resolver(lag.dsn, setting=setting)
            deadline_s = float(poll.vendor_timeout)
            source = SqlLag(resolve, setting=setting, deadline_s=deadline_s, resolver=Resolver(self._clock.now))
            host = f"the replica of {region_id}"
        else:
            return None
        return self._vendor_watch(source.read, float(poll.lag), host)

    def _vendor_watch(self, read: Callable[[], Awaitable[T]], interval_s: float, host: str) -> Watch[T]:
        timeout_s = float(self._config.poll.vendor_timeout)
        return Watch(read, interval_s, timeout_s, host=host, renew=self._secrets.forget)

    def _promql_client(self) -> "PromqlClient | None":
        prometheus = self._config.prometheus
        if prometheus.url is None:
            return None
        from npconsole.sources.prometheus import Login, PromqlClient

        login = None
        if prometheus.password is not None:
            resolve = self._secrets.resolver(prometheus.password, setting="prometheus.password")
            login = Login(resolve, prometheus.user)
        elif prometheus.token is not None:
            resolve = self._secrets.resolver(prometheus.token, setting="prometheus.token")
            login = Login(resolve, setting="prometheus.token")
        deadline_s = float(self._config.poll.vendor_timeout)
        return PromqlClient(prometheus.url, deadline_s=deadline_s, clock=self._clock, login=login)

    def _prometheus_figures(self) -> "PrometheusFigures | None":
        if self._promql is None:
            return None
        from npconsole.sources.prometheus import PrometheusFigures

        return PrometheusFigures(
            self._promql,
            {region_id: region.labels or {"region": region.name} for region_id, region in self.regions.items()},
            families=self._families,
            native=self._config.prometheus.native_histograms,
            window_s=float(self._config.metrics.window),
            max_age_s=float(self._config.poll.metrics) / 2,
            clock=self._clock,
            memory_limit_bytes=self._memory_limit_bytes,
        )

    def _history(self) -> "PrometheusHistory | None":
        if self._figures is None:
            return None
        from npconsole.sources.prometheus import PrometheusHistory

        return PrometheusHistory(self._figures)

    def _sentry_issues(self) -> "SentryIssues | None":
        sentry = self._config.sentry
        if not sentry.organization or sentry.token is None:
            return None
        from npconsole.sources.sentry import SentryIssues, SentryProject

        project = SentryProject(
            sentry.url,
            sentry.organization,
            self._secrets.resolver(sentry.token, setting="sentry.token"),
            sentry.projects,
            sentry.environment,
            sentry.region_tag,
        )
        deadline_s = float(self._config.poll.vendor_timeout)
        return SentryIssues(self._http, project, limit=sentry.limit, deadline_s=deadline_s, clock=self._clock)

    @property
    def _memory_limit_bytes(self) -> float | None:
        limit_mb = self._config.thresholds.memory_limit_mb
        return None if limit_mb is None else limit_mb * _MEGABYTE

    async def close(self) -> None:
        """End all connections."""
        await self._http.__aexit__(None, None, None)
        if self._promql is not None:
            self._promql.close()
