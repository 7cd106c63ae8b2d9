"""A real Prometheus scrapes the simulated platform: its figures and those of the regions' own pages are the same
figures.
"""

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from npconsole.sources.page.histogram import quantile
from tests.cli.conftest import Platform, start_platform
from tests.real.program import free_port, running, until

pytestmark = [
    pytest.mark.real("prometheus"),
    pytest.mark.skipif(
        shutil.which("prometheus") is None, reason="no `prometheus` on PATH (Debian package prometheus)"
    ),
]
SCRAPES = 14
BUCKETS = {
    "us-east": ("http_request_duration_ms_bucket", 1.0),
    "us-west": ("http_request_duration_ms_bucket", 1.0),
    "eu-west": ("http_request_duration_seconds_bucket", 1000.0),
}


@dataclass(frozen=True, slots=True)
class Observed:
    """A simulated platform and the Prometheus that scrapes it."""

    platform: Platform
    url: str

    def values(self, query: str) -> list[tuple[dict[str, str], float]]:
        answer = httpx.get(f"{self.url}/api/v1/query", params={"query": query}, trust_env=False, timeout=5)
        return [(one["metric"], float(one["value"][1])) for one in answer.json()["data"]["result"]]

    def status(self, *arguments: str, source: str = "prometheus") -> dict[str, Any]:
        """`status --json` with the figures from one of the two sources."""
        config = Path(self.platform.config)
        other = config.with_name(f"{source}.yaml")
        text = config.read_text().replace("source: page", f"source: {source}").replace("window: 30s", "window: 10s")
        other.write_text(text)
        other.chmod(0o600)
        done = subprocess.run(
            [sys.executable, "-m", "npconsole", "--config", str(other), "status", "--json", *arguments],
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        body: dict[str, Any] = json.loads(done.stdout)
        return body


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observed]:
    home = tmp_path_factory.mktemp("observed")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    platform = start_platform(home / "sim", "--prometheus", url)
    jobs = "".join(
        f"    - targets: ['{address.removeprefix('http://')}']\n      labels: {{region: {region}}}\n"
        for region, address in platform.ready["regions"].items()
    )
    (home / "prometheus.yml").write_text(
        "global: {scrape_interval: 1s, scrape_timeout: 900ms}\n"
        f"scrape_configs:\n- job_name: api\n  static_configs:\n{jobs}"
    )
    argv = ["prometheus", f"--config.file={home}/prometheus.yml", f"--storage.tsdb.path={home}/data"]
    argv += [f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"]
    bench = Observed(platform, url)
    try:
        with running(argv, log=home / "log") as process:
            until(
                lambda: min(count for _, count in bench.values("count_over_time(up[1m])")) >= SCRAPES,
                what=f"{SCRAPES} scrapes of each region (log in {home}/log)",
                within_s=60,
                by=process,
            )
            yield bench
    finally:
        platform.stop()


@pytest.mark.parametrize("region", BUCKETS)
def test_our_quantile_of_the_simulator_is_the_servers(observed: Observed, region: str) -> None:
    """On the very same increase of the very same buckets, so that nothing but the interpolation could differ."""
    name, _ = BUCKETS[region]
    at = httpx.get(f"{observed.url}/api/v1/query", params={"query": "time()"}, trust_env=False).json()["data"][
        "result"
    ][1]
    increase = f'sum by (le) ({name}{{region="{region}"}} - {name}{{region="{region}"}} offset 10s)'

    def ask(query: str) -> list[tuple[dict[str, str], float]]:
        answer = httpx.get(f"{observed.url}/api/v1/query", params={"query": query, "time": at}, trust_env=False)
        return [(one["metric"], float(one["value"][1])) for one in answer.json()["data"]["result"]]

    buckets = {math.inf if one["le"] == "+Inf" else float(one["le"]): count for one, count in ask(increase)}
    assert buckets[math.inf] > 0
    for q in (0.5, 0.95, 0.99):
        ours = quantile(q, buckets)
        ((_, theirs),) = ask(f"histogram_quantile({q}, {increase})")
        assert ours == pytest.approx(theirs, rel=1e-9)


def test_both_sources_tell_the_same_of_the_same_regions(observed: Observed) -> None:
    """Two windows of ten seconds that end a moment apart see nearly, not exactly, the same requests."""
    observed.status(source="page")
    until(lambda: True, what="a window", within_s=1)
    page = {one["id"]: one for one in observed.status("--sample", "10", source="page")["regions"]}
    promql = {one["id"]: one for one in observed.status(source="prometheus")["regions"]}
    for region, (_, to_ms) in BUCKETS.items():
        ours, theirs = page[region]["vitals"], promql[region]["vitals"]
        assert (ours["source"], theirs["source"]) == ("page", "prometheus")
        assert ours["generation"] == theirs["generation"]
        assert _buckets_apart(ours["p50_ms"], theirs["p50_ms"], to_ms) <= 1
        assert _buckets_apart(ours["p95_ms"], theirs["p95_ms"], to_ms) <= 1
        assert ours["request_rate"] == pytest.approx(theirs["request_rate"], rel=0.5, abs=2)
        assert ours["memory_bytes"] == pytest.approx(theirs["memory_bytes"], rel=0.05)
        assert ours["started_at"][:16] == theirs["started_at"][:16]


def test_lag_comes_by_promql_and_a_lagging_replica_degrades_its_region(observed: Observed) -> None:
    eu_west = observed.status()["regions"][2]
    assert (eu_west["lag"]["source"], eu_west["level"]) == ("promql", "ok")
    assert 0 <= eu_west["lag"]["lag_s"] < 2
    observed.platform.fault("eu-west", "replica-lag")
    try:
        until(
            lambda: "replication lag" in observed.status()["regions"][2]["reason"], what="the lag is seen", within_s=60
        )
    finally:
        observed.platform.heal()


def test_an_unreachable_prometheus_gives_way_to_the_page_with_a_notice(observed: Observed) -> None:
    config = Path(observed.platform.config)
    text = config.read_text().replace("source: page", "source: prometheus").replace(observed.url, "http://127.0.0.1:9")
    other = config.with_name("unreachable.yaml")
    other.write_text(text)
    other.chmod(0o600)
    done = subprocess.run(
        [sys.executable, "-m", "npconsole", "--config", str(other), "status", "--json"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    body = json.loads(done.stdout)
    assert body["regions"][0]["vitals"]["source"] == "page"
    assert body["regions"][0]["vitals"]["p95_ms"] > 0
    assert any("Prometheus unreachable" in notice for notice in body["notices"])


def _buckets_apart(left_ms: float, right_ms: float, to_ms: float) -> int:
    """How many bucket bounds lie between two latencies: interpolation cannot tell them apart within one."""
    bounds = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5) if to_ms == 1000 else (10, 50, 100, 200, 400, 800, 1600)
    low, high = sorted((left_ms / to_ms, right_ms / to_ms))
    return sum(low < bound < high for bound in bounds)
