"""What a world is filled with follows from the configuration; what is rarely needed is not even imported."""

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from npconsole.config.schema import Config, convert
from npconsole.model.clock import SystemClock
from npconsole.net.http import Http
from npconsole.wiring.world import build_world

SERVICES = [{"name": "api", "regions": [{"name": "us-east", "origin": "http://127.0.0.1:1", "role": "primary"}]}]
TOKEN = {"env": "GRAFANA_TOKEN"}


def config(grafana: Mapping[str, Any]) -> Config:
    return convert({"services": SERVICES, "grafana": grafana})


@pytest.mark.parametrize(
    ("grafana", "marks"),
    [({}, False), ({"url": "https://grafana.test"}, False), ({"url": "https://grafana.test", "token": TOKEN}, True)],
)
def test_runs_are_marked_where_a_grafana_is_configured(grafana: Mapping[str, Any], marks: bool) -> None:
    world = build_world(
        config(grafana), environ={}, clock=SystemClock(), http=Http(now=SystemClock().now), past=lambda _: None
    )
    assert (world.annotations is not None) is marks
    assert world.load is not None
    assert world.benchmarking.host


def test_the_load_engine_is_not_imported_before_it_is_asked() -> None:
    code = "import sys, npconsole.wiring.world; sys.exit('npconsole.controls.k6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
