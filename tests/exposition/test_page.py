"""The page: right by promtool, complete, absent where nothing was measured, bounded in its series."""

import shutil
import subprocess

import pytest
from prometheus_client.parser import text_string_to_metric_families

from npconsole.exposition.exposed import Exposed
from npconsole.exposition.page import page
from tests.exposition.views import exposed

EMPTY = Exposed("1.0", "3.11")


def samples(text: bytes) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


@pytest.mark.real("prometheus")
@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
@pytest.mark.parametrize("what", [EMPTY, exposed()])
def test_promtool_has_nothing_to_say(what: Exposed) -> None:
    done = subprocess.run(["promtool", "check", "metrics"], input=page(what), capture_output=True, timeout=30)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("name", "labels", "value"),
    [
        ("npconsole_build_info", {"version": "1.0", "python": "3.11"}, 1),
        ("npconsole_online", {}, 1),
        ("npconsole_estate_level", {}, 4),
        ("npconsole_target_level", {"target": "us-west"}, 4),
        ("npconsole_target_level", {"target": "edge"}, 1),
        ("npconsole_probe_success", {"target": "us-west"}, 0),
        ("npconsole_probe_success", {"target": "us-east"}, 1),
        ("npconsole_probe_duration_seconds", {"target": "us-east"}, 0.025),
        ("npconsole_probe_age_seconds", {"target": "us-east"}, 1),
        ("npconsole_region_latency_p50_seconds", {"region": "us-east"}, 0.04),
        ("npconsole_region_latency_p95_seconds", {"region": "us-east"}, 0.11),
        ("npconsole_region_latency_p99_seconds", {"region": "us-east"}, 0.18),
        ("npconsole_region_requests_per_second", {"region": "us-east"}, 30),
        ("npconsole_region_error_ratio", {"region": "us-east"}, 0.001),
        ("npconsole_region_cache_hit_ratio", {"region": "us-east"}, 0.9),
        ("npconsole_region_memory_bytes", {"region": "us-east"}, 150e6),
        ("npconsole_region_replication_lag_seconds", {"region": "eu-west"}, 0.4),
        ("npconsole_heal_leader", {}, 1),
        ("npconsole_heal_checks_total", {}, 12),
        ("npconsole_heal_check_failures_total", {}, 1),
        ("npconsole_heal_last_check_timestamp_seconds", {}, 1_750_000_000),
        ("npconsole_heal_off", {}, 0),
        ("npconsole_heal_latched", {}, 1),
        ("npconsole_heal_rule_enforced", {"rule": "latency"}, 1),
        ("npconsole_heals_total", {"rule": "latency", "verdict": "helped"}, 7),
        ("npconsole_heals_total", {"rule": "latency", "verdict": "no_effect"}, 1),
        ("npconsole_heal_decisions_total", {"rule": "latency", "choice": "held"}, 4),
        ("npconsole_heal_helped_ratio_low", {"rule": "latency"}, 0.45),
        ("npconsole_heal_brake_closed", {"brake": "heals"}, 1),
        ("npconsole_heal_budget_left", {"brake": "heals"}, 0),
        ("npconsole_actions_total", {"action": "restart", "state": "succeeded"}, 3),
        ("npconsole_runs_open", {}, 1),
        ("npconsole_benchmarks_total", {"status": "passed"}, 2),
        ("npconsole_drill_recovery_seconds", {"region": "us-east"}, 38.2),
        ("npconsole_drill_proven", {"region": "us-west"}, 0),
        ("npconsole_notices_total", {"channel": "pagerduty", "state": "given_up"}, 1),
        ("npconsole_notices_pending", {"channel": "slack"}, 2),
        ("npconsole_slo_burn_rate", {"service": "api", "window": "1h"}, 14.4),
        ("npconsole_poll_lag_seconds_bucket", {"le": "0.2"}, 2),
        ("npconsole_poll_lag_seconds_bucket", {"le": "+Inf"}, 4),
        ("npconsole_poll_lag_seconds_count", {}, 4),
        ("npconsole_config_last_reload_successful", {}, 1),
        ("npconsole_memory_usable", {}, 1),
    ],
)
def test_every_figure_with_its_labels(name: str, labels: dict[str, str], value: float) -> None:
    assert samples(page(exposed()))[name, tuple(sorted(labels.items()))] == pytest.approx(value)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("npconsole_region_memory_bytes", {"region": "eu-west"}),
        ("npconsole_region_replication_lag_seconds", {"region": "us-east"}),
        ("npconsole_drill_recovery_seconds", {"region": "us-west"}),
        ("npconsole_heal_budget_left", {"brake": "mute"}),
    ],
)
def test_what_was_not_measured_is_absent(name: str, labels: dict[str, str]) -> None:
    assert (name, tuple(sorted(labels.items()))) not in samples(page(exposed()))


def test_the_process_itself_is_measured() -> None:
    names = {name for name, _ in samples(page(EMPTY))}
    assert {"process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds"} <= names


def test_series_grow_with_the_configuration_and_with_nothing_else() -> None:
    small, large = len(samples(page(exposed(3)))), len(samples(page(exposed(103))))
    assert (large - small) / 100 <= 14
