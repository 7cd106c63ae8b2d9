"""The only composer: configuration to adapters to ports to engine. Nothing else knows both sides of a port.

Nothing is read and no secret resolved here. Adapters that a configuration does not use are not imported.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from random import SystemRandom
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from npconsole.config.estate import to_estate, to_judging, to_thresholds
from npconsole.config.schema import GENERATIONS, Config, EdgeConfig, RegionConfig
from npconsole.engine.engine import Engine
from npconsole.engine.look import look
from npconsole.engine.watch import RegionWatch, Watch, Watches
from npconsole.model.clock import Clock, SystemClock
from npconsole.model.ports import LagSource, VitalsSource
from npconsole.model.snapshot import Snapshot
from npconsole.model.vitals import Health, Lag, Vitals
from npconsole.net.http import Http
from npconsole.net.redact import Redactor
from npconsole.net.secrets import Secrets
from npconsole.sources.connectivity import Connectivity
from npconsole.sources.page.scrape import Scrape, Scrapes, boot_id
from npconsole.sources.page.vitals import PageVitals
from npconsole.sources.probe import Probe

if TYPE_CHECKING:
    from npconsole.sources.prometheus import PrometheusFigures, PrometheusHistory, PromqlClient
    from npconsole.sources.sentry import SentryIssues

redactor = Redactor()
"""Knows every secret that this process has resolved; logs, crash files and messages pass through it."""

T = TypeVar("T")

_MEGABYTE = 1_000_000.0


def build_feed(config: Config, *, environ: Mapping[str, str]) -> Engine:
    """The engine of a screen, not yet started."""
    clock = SystemClock()
    return Engine(
        to_estate(config),
        _Wiring(config, environ, clock).watches(),
        thresholds=to_thresholds(config),
        judging=to_judging(config),
        clock=clock,
        rng=SystemRandom(),
        refresh_s=float(config.ui.refresh),
    )


async def look_once(config: Config, *, environ: Mapping[str, str], sample_s: float) -> Snapshot:
    """One look at the estate, for commands that end.

    Percentiles and rates are measured since an earlier look that is at least `sample_s` and at most two windows old;
    without one, over `sample_s` seconds between two readings.
    """
    clock = SystemClock()
    scrapes = Scrapes(_cache_directory(environ) / "scrapes.json", boot=boot_id())
    oldest_s = 2 * float(config.metrics.window)
    earlier = scrapes.load(now=clock.now(), youngest_s=sample_s, oldest_s=oldest_s)
    wiring = _Wiring(config, environ, clock, earlier)
    snapshot = await look(
        to_estate(config),
        wiring.watches(),
        thresholds=to_thresholds(config),
        judging=to_judging(config),
        clock=clock,
        sample_s=sample_s,
    )
    kept = scrapes.load(now=clock.now(), youngest_s=0.0, oldest_s=oldest_s)
    scrapes.save(kept | wiring.scrapes())
    return snapshot


def _cache_directory(environ: Mapping[str, str]) -> Path:
    """`$XDG_CACHE_HOME/npconsole`, by default `~/.cache/npconsole`."""
    base = environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path(environ.get("HOME") or "/") / ".cache") / "npconsole"


class _Wiring:
    """One configuration's adapters, which share one HTTP client and one set of secrets."""

    def __init__(
        self,
        config: Config,
        environ: Mapping[str, str],
        clock: Clock,
        earlier: Mapping[str, Scrape] = MappingProxyType({}),
    ) -> None:
        self._config = config
        self._clock = clock
        self._earlier = earlier
        self._pages: dict[str, PageVitals] = {}
        self._http = Http(now=clock.now)
        self._secrets = Secrets(environ=environ, redactor=redactor)
        self._families = (*config.metrics.families, *GENERATIONS)
        estate = to_estate(config)
        services = config.services
        self._regions = dict(
            zip((one.id for one in estate.regions), (one for each in services for one in each.regions), strict=True)
        )
        self._edges = dict(
            zip((one.id for one in estate.edges), (each.edge for each in services if each.edge), strict=True)
        )
        self._promql = self._promql_client()
        self._figures = self._prometheus_figures() if config.metrics.source == "prometheus" else None
        self._issues = self._sentry_issues()

    def watches(self) -> Watches:
        """Every read of the estate, by region and edge id."""
        poll, issues = self._config.poll, self._issues
        urls = self._config.connectivity.urls
        online = Connectivity(self._http, urls, deadline_s=float(poll.timeout))
        return Watches(
            regions={
                region_id: RegionWatch(
                    Watch(
                        self._probe(region.origin + region.health_path).read, float(poll.health), float(poll.timeout)
                    ),
                    self._vitals(region_id, region),
                    self._lag(region_id, region),
                )
                for region_id, region in self._regions.items()
            },
            edges={edge_id: self._health(self._edge_probe(edge)) for edge_id, edge in self._edges.items()},
            connectivity=Watch(online.read, float(poll.connectivity), float(poll.timeout)) if urls else None,
            issues=self._vendor_watch(issues.read, float(poll.issues), "Sentry") if issues else None,
            latest_event=issues.latest_event if issues else None,
            history=self._history(),
            history_s=float(self._config.prometheus.history),
            close=self._close,
        )

    def scrapes(self) -> dict[str, Scrape]:
        """The last scrape of every page that was read, by address."""
        return {url: scrape for url, page in self._pages.items() if (scrape := page.scrape) is not None}

    def _health(self, probe: Probe) -> Watch[Health]:
        return Watch(probe.read, float(self._config.poll.health), float(self._config.poll.timeout))

    def _probe(self, url: str) -> Probe:
        return Probe(self._http, url, deadline_s=float(self._config.poll.timeout))

    def _edge_probe(self, edge: EdgeConfig) -> Probe:
        return Probe(
            self._http,
            edge.url + edge.health_path,
            deadline_s=float(self._config.poll.timeout),
            region_field=edge.region_field,
            region_header=edge.region_header,
        )

    def _vitals(self, region_id: str, region: RegionConfig) -> Watch[Vitals]:
        poll, metrics = self._config.poll, self._config.metrics
        url = region.origin + region.metrics_path
        self._pages[url] = page = PageVitals(
            self._http,
            url,
            families=self._families,
            window_s=float(metrics.window),
            deadline_s=float(poll.timeout),
            clock=self._clock,
            memory_limit_bytes=self._memory_limit_bytes,
            earlier=self._earlier.get(url),
        )
        if self._figures is None:
            return Watch(page.read, float(poll.metrics), float(poll.timeout))
        from npconsole.sources.fallback import Fallback
        from npconsole.sources.prometheus import PrometheusVitals

        source: VitalsSource = Fallback(PrometheusVitals(self._figures, region_id), page, clock=self._clock)
        return Watch(source.read, float(poll.metrics), float(poll.vendor_timeout) + float(poll.timeout))

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
            {region_id: region.labels or {"region": region.name} for region_id, region in self._regions.items()},
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

    async def _close(self) -> None:
        await self._http.__aexit__(None, None, None)
        if self._promql is not None:
            self._promql.close()
