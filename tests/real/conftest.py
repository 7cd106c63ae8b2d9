"""Benches made of real programs, one of each per session. A program that is missing skips its tests, by name."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.real.bugsink import Bugsink, environment
from tests.real.bugsink import bugsink as serve_bugsink
from tests.real.metrics_page import Page, Traffic, served
from tests.real.postgres import Replication, replication
from tests.real.program import free_port, running, until

POSTGRES = Path("/usr/lib/postgresql/15/bin")
PAGES = {
    "us-east": Page("v17.1", Traffic((5, 30, 30, 70, 70, 150, 150, 300, 700, 1500), errors=1, hits=9, misses=1)),
    "eu-west": Page(
        "v20.1", Traffic((0.003, 0.007, 0.03, 0.03, 0.07, 0.07, 0.3, 0.3, 0.7, 3), errors=0, hits=3, misses=1)
    ),
}


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prometheus that has scraped `PAGES` six times, and takes native histograms by remote write."""
    binary = shutil.which("prometheus")
    if binary is None:
        pytest.skip("no `prometheus` on PATH (Debian package prometheus)")
    home = tmp_path_factory.mktemp("prometheus")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    argv = [binary, f"--config.file={home}/prometheus.yml", f"--storage.tsdb.path={home}/data"]
    argv += [f"--web.listen-address=127.0.0.1:{port}", "--web.enable-remote-write-receiver"]
    argv += ["--enable-feature=native-histograms", "--log.level=warn"]
    with ExitStack() as stack:
        targets = {region: stack.enter_context(served(page)) for region, page in PAGES.items()}
        jobs = "".join(
            f"    - targets: ['{target}']\n      labels: {{region: {region}}}\n" for region, target in targets.items()
        )
        (home / "prometheus.yml").write_text(
            "global: {scrape_interval: 1s, scrape_timeout: 900ms}\n"
            f"scrape_configs:\n- job_name: api\n  static_configs:\n{jobs}"
        )
        process = stack.enter_context(running(argv, log=home / "log"))
        what = f"six scrapes of each page (log in {home}/log)"
        until(lambda: _ready_pages(url) == len(PAGES), what=what, within_s=30, by=process)
        yield url


@pytest.fixture(scope="session")
def postgres() -> Iterator[Replication]:
    """A PostgreSQL primary with a streaming replica."""
    if not (POSTGRES / "initdb").exists():
        pytest.skip(f"no PostgreSQL in {POSTGRES} (Debian package postgresql-15)")
    with replication(POSTGRES) as both:
        yield both


@pytest.fixture(scope="session")
def bugsink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bugsink]:
    """A Bugsink with one empty project."""
    if not (environment() / "bin" / "bugsink-manage").exists():
        pytest.skip(f"no Bugsink in {environment()} (python -m venv there, then pip install bugsink)")
    with serve_bugsink(tmp_path_factory.mktemp("bugsink")) as server:
        yield server


def _ready_pages(url: str) -> float:
    """How many pages were scraped at least six times."""
    query = "count(count_over_time(process_start_time_seconds[5m]) >= 6)"
    answer = httpx.get(f"{url}/api/v1/query", params={"query": query}, trust_env=False, timeout=2)
    return float(answer.json()["data"]["result"][0]["value"][1])
