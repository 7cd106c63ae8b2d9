"""What two benchmarks must have in common."""

from dataclasses import replace

import pytest

from npconsole.model.benchmark import Fingerprint
from npconsole.model.load import Load, LoadPlan
from npconsole.reports.benchmark.fingerprint import fingerprint, incomparable
from tests.reports.benchmark.made import LOAD, PRINT

PLAN = LoadPlan("k6 v1.1.0", "built in", "ab" * 32, "k6 run")


@pytest.mark.parametrize(
    ("load", "words"),
    [
        (LOAD, "closed 20 users 10s"),
        (replace(LOAD, users=100, duration_s=60.0), "closed 100 users 1m"),
        (replace(LOAD, rate=50.0, duration_s=90.0), "open 50/s 20 users 90s"),
        (replace(LOAD, asset="https://x.example/app.js"), "closed 20 users 10s, asset https://x.example/app.js"),
        (replace(LOAD, cloud=True), "closed 20 users 10s, from the cloud"),
        (replace(LOAD, tag="run-1", thresholds=()), "closed 20 users 10s"),
    ],
)
def test_the_load_in_words(load: Load, words: str) -> None:
    assert fingerprint(load, PLAN, host="ops-1").load == words


def test_the_parts() -> None:
    assert fingerprint(LOAD, PLAN, host="ops-1") == Fingerprint(
        "ab" * 32, "us-east", "https://us-east.example", "closed 20 users 10s", "k6 v1.1", "ops-1"
    )
    patched = fingerprint(LOAD, replace(PLAN, tool="k6 v1.1.7-rc1"), host="ops-1")
    assert patched.tool == "k6 v1.1"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (PRINT, ""),
        (replace(PRINT, host="ops-2"), "the host that sends differs: ops-1 and ops-2"),
        (replace(PRINT, tool=""), "the load engine differs: k6 v1.1 and none"),
        (replace(PRINT, script="e" * 64), "the script differs: dddddddddddd… and eeeeeeeeeeee…"),
        (
            replace(PRINT, target="eu-west", load="open 50/s 20 users 10s"),
            "the target differs: us-east and eu-west; the load differs: closed 20 users 10s and open 50/s 20 users 10s",
        ),
    ],
)
def test_why_not(other: Fingerprint, why: str) -> None:
    assert incomparable(PRINT, other) == why
