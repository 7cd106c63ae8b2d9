"""The engine of a screen or a daemon, and one look at the estate for commands that end."""

from collections.abc import Callable, Mapping
from random import SystemRandom
from types import MappingProxyType

from npconsole.config.estate import to_estate, to_judging, to_thresholds
from npconsole.config.schema import Config
from npconsole.engine.engine import Engine
from npconsole.engine.look import look
from npconsole.model.clock import Clock, SystemClock
from npconsole.model.snapshot import Snapshot
from npconsole.net.http import Http
from npconsole.net.secrets import Secrets
from npconsole.sources.page.scrape import Scrape
from npconsole.wiring.redaction import redactor
from npconsole.wiring.scrapes import kept_scrapes
from npconsole.wiring.sources import Sources


def build_feed(
    config: Config,
    *,
    environ: Mapping[str, str],
    late: Callable[[float], None] = lambda _: None,
    refresh_s: float | None = None,
) -> Engine:
    """The engine of a screen or a daemon, not yet started. `late` hears how late each read began, in seconds.

    `refresh_s` is how often it publishes when nothing urgent happens; None is as often as a screen is drawn.
    """
    clock = SystemClock()
    return Engine(
        to_estate(config),
        _sources(config, environ, clock).watches(),
        thresholds=to_thresholds(config),
        judging=to_judging(config),
        clock=clock,
        rng=SystemRandom(),
        refresh_s=float(config.ui.refresh) if refresh_s is None else refresh_s,
        late=late,
    )


async def look_once(config: Config, *, environ: Mapping[str, str], sample_s: float) -> Snapshot:
    """One look at the estate, for commands that end.

    Percentiles and rates are measured since an earlier look that is at least `sample_s` and at most two windows old;
    without one, over `sample_s` seconds between two readings.
    """
    clock = SystemClock()
    scrapes = kept_scrapes(environ)
    oldest_s = 2 * float(config.metrics.window)
    earlier = scrapes.load(now=clock.now(), youngest_s=sample_s, oldest_s=oldest_s)
    sources = _sources(config, environ, clock, earlier)
    snapshot = await look(
        to_estate(config),
        sources.watches(),
        thresholds=to_thresholds(config),
        judging=to_judging(config),
        clock=clock,
        sample_s=sample_s,
    )
    kept = scrapes.load(now=clock.now(), youngest_s=0.0, oldest_s=oldest_s)
    scrapes.save(kept | sources.scrapes())
    return snapshot


def _sources(
    config: Config,
    environ: Mapping[str, str],
    clock: Clock,
    earlier: Mapping[str, Scrape] = MappingProxyType({}),
) -> Sources:
    secrets = Secrets(environ=environ, redactor=redactor)
    return Sources(config, http=Http(now=clock.now), secrets=secrets, clock=clock, earlier=earlier)
