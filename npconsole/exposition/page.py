"""The `/metrics` page: values to Prometheus' text format 0.0.4, by Prometheus' own library.

Names and units follow https://prometheus.io/docs/practices/naming/. Labels take their values only from the
configuration and from fixed lists of words, so that the number of series is bounded by the configuration.
"""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from npconsole.exposition.distribution import Counted
from npconsole.exposition.exposed import DaemonFigures, Exposed, RunFigures
from npconsole.exposition.healing import heal_families
from npconsole.exposition.watching import estate_families

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def page(exposed: Exposed) -> bytes:
    """All of it as text, with this process's own CPU, memory and open files."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(exposed))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Families(Collector):
    """Hands the families of one instant to the library."""

    def __init__(self, exposed: Exposed) -> None:
        self._exposed = exposed

    def collect(self) -> Iterable[Metric]:
        exposed = self._exposed
        build = GaugeMetricFamily(
            "npconsole_build_info", "Always 1; the labels say what runs.", labels=("version", "python")
        )
        build.add_metric((exposed.version, exposed.python), 1)
        yield build
        yield from _daemon(exposed.daemon)
        if exposed.snapshot is not None:
            yield from estate_families(exposed.snapshot)
        if exposed.heal is not None:
            yield from heal_families(exposed.heal)
        yield from _runs(exposed.runs)
        yield from _notices(exposed)
        yield _burn(exposed)


def _daemon(daemon: DaemonFigures) -> Iterator[Metric]:
    for name, text, value in (
        ("npconsole_heal_leader", "Whether this process leads the healers of its environment.", daemon.leads),
        (
            "npconsole_memory_usable",
            "Whether the memory of runs and audit can be used; without it nothing acts.",
            daemon.memory,
        ),
        (
            "npconsole_config_last_reload_successful",
            "Whether the configuration was taken at the last try.",
            daemon.reloaded,
        ),
        (
            "npconsole_config_last_reload_success_timestamp_seconds",
            "When the configuration in force was read.",
            daemon.reloaded_wall,
        ),
    ):
        yield GaugeMetricFamily(name, text, value=float(value))
    for name, text, count in (
        ("npconsole_heal_checks", "Checks that this process has made as leader.", daemon.checks),
        ("npconsole_heal_check_failures", "Checks that came to no end: see the log.", daemon.failed_checks),
        ("npconsole_log_lines_lost", "Log lines that could not be written.", daemon.lost_log_lines),
    ):
        yield CounterMetricFamily(name, text, value=float(count))
    yield _histogram("npconsole_poll_lag_seconds", "How late a source was read, against its schedule.", daemon.poll_lag)
    yield _histogram("npconsole_heal_check_lag_seconds", "How late a check began.", daemon.check_lag)
    yield _histogram("npconsole_heal_check_duration_seconds", "How long a check took.", daemon.check_took)


def _runs(runs: RunFigures) -> Iterator[Metric]:
    ended = CounterMetricFamily(
        "npconsole_actions", "Runs that ended while this process watched.", labels=("action", "state")
    )
    for labels, count in sorted(runs.ended.items()):
        ended.add_metric(labels, count)
    yield ended
    yield GaugeMetricFamily("npconsole_runs_open", "Runs that are under way.", value=runs.open)
    benchmarks = CounterMetricFamily(
        "npconsole_benchmarks", "Benchmarks that ended while this process watched.", labels=("status",)
    )
    for status, count in sorted(runs.benchmarks.items()):
        benchmarks.add_metric((status,), count)
    yield benchmarks
    recovery = GaugeMetricFamily(
        "npconsole_drill_recovery_seconds", "Recovery time that the latest drill measured.", labels=("region",)
    )
    proven = GaugeMetricFamily(
        "npconsole_drill_proven", "Whether the latest drill proved the failover within its limits.", labels=("region",)
    )
    when = GaugeMetricFamily("npconsole_drill_timestamp_seconds", "When the latest drill ended.", labels=("region",))
    for drill in runs.drills:
        if drill.recovery_s is not None:
            recovery.add_metric((drill.region,), drill.recovery_s)
        proven.add_metric((drill.region,), float(drill.proven))
        when.add_metric((drill.region,), drill.wall)
    yield from (recovery, proven, when)


def _notices(exposed: Exposed) -> Iterator[Metric]:
    done = CounterMetricFamily(
        "npconsole_notices", "Messages that were delivered or given up, by channel.", labels=("channel", "state")
    )
    pending = GaugeMetricFamily("npconsole_notices_pending", "Messages that are still to be told.", labels=("channel",))
    for (channel, state), count in sorted(exposed.postings.items()):
        if state == "pending":
            pending.add_metric((channel,), count)
        else:
            done.add_metric((channel, state.replace(" ", "_")), count)
    yield from (done, pending)


def _burn(exposed: Exposed) -> Metric:
    family = GaugeMetricFamily(
        "npconsole_slo_burn_rate",
        "How many times faster than allowed the downtime budget of a service is spent.",
        labels=("service", "window"),
    )
    for each in exposed.burn:
        family.add_metric((each.service, each.window), each.rate)
    return family


def _histogram(name: str, text: str, counted: Counted) -> Metric:
    family = HistogramMetricFamily(name, text)
    family.add_metric((), list(counted.cumulative()), counted.total_s)
    return family
