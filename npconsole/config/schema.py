"""What can be configured. Every field has its default and one sentence; the JSON schema, `config show` and the
example file follow from these. Names are the field's standard terms; values carry their unit (see `units`)."""

from typing import Annotated

import msgspec
from msgspec import Meta, field

from npconsole.config.blocks.acting import Actions, CustomAction, Drill, Runs, State
from npconsole.config.blocks.benchmark import BenchmarkConfig
from npconsole.config.blocks.daemon import Daemon
from npconsole.config.blocks.fields import Block, doc
from npconsole.config.blocks.healing import Heal
from npconsole.config.blocks.notifying import Alerts, OtherChannel, PagerDuty, Slack
from npconsole.config.blocks.platform import Connectivity, Environment, ServiceConfig
from npconsole.config.blocks.screen import Ui
from npconsole.config.blocks.vendors import (
    Cloudflare,
    ErrorReporting,
    Grafana,
    Neon,
    Prometheus,
    Railway,
    Sentry,
)
from npconsole.config.blocks.watching import JudgingConfig, Metrics, Poll, ThresholdsConfig
from npconsole.config.units import Ratio, Seconds, Url


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
    channels: Annotated[list[OtherChannel], doc("Other channels.")] = field(default_factory=list)
    alerts: Annotated[Alerts, doc("Who is told what, and when.")] = Alerts()
    error_reporting: Annotated[ErrorReporting, doc("npconsole's own errors.")] = ErrorReporting()
    actions: Annotated[Actions, doc("What actions may do.")] = Actions()
    runs: Annotated[Runs, doc("How a run is kept in one pair of hands.")] = Runs()
    state: Annotated[State, doc("The memory of runs, leases and the audit.")] = State()
    drill: Annotated[Drill, doc("Failover drills.")] = Drill()
    custom_actions: Annotated[list[CustomAction], doc("Actions of your own.")] = field(default_factory=list)
    benchmark: Annotated[BenchmarkConfig, doc("Benchmarks.")] = field(default_factory=BenchmarkConfig)
    heal: Annotated[Heal, doc("The healer.")] = field(default_factory=Heal)
    daemon: Annotated[Daemon, doc("The daemon that heals and alerts.")] = Daemon()
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
