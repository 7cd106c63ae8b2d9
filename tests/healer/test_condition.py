"""What one look says."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from npconsole.errors import Failure
from npconsole.healer.condition import Sight, look, words
from npconsole.healer.rules import Rule
from npconsole.model.level import Level
from tests.healer.estate import ERRORS, FAILING, HEALTH, LATENCY, SICK, SLOW, well

REFUSED = {**SICK, "status": None, "failure": Failure.CONNECT}


@pytest.mark.parametrize(
    ("rule", "figures", "sight"),
    [
        (LATENCY, {}, Sight.GOOD),
        (LATENCY, SLOW, Sight.BREACH),
        (LATENCY, {"p95_ms": 400.0}, Sight.GOOD),
        (LATENCY, {"p95_ms": 400.1}, Sight.BREACH),
        (LATENCY, {"p95_ms": None}, Sight.UNKNOWN),
        (LATENCY, {**SLOW, "requests": 19.0}, Sight.DOUBTFUL),
        (LATENCY, {**SLOW, "requests": None}, Sight.DOUBTFUL),
        (LATENCY, {**SLOW, "figures_fresh": False}, Sight.DOUBTFUL),
        (LATENCY, {"requests": 19.0}, Sight.UNKNOWN),
        (LATENCY, {"figures_fresh": False}, Sight.UNKNOWN),
        (LATENCY, SICK, Sight.UNKNOWN),
        (ERRORS, {}, Sight.GOOD),
        (ERRORS, FAILING, Sight.BREACH),
        (ERRORS, {"error_ratio": None}, Sight.UNKNOWN),
        (HEALTH, {}, Sight.GOOD),
        (HEALTH, SLOW, Sight.GOOD),
        (HEALTH, SICK, Sight.BREACH),
        (HEALTH, {**SICK, "level": Level.OK}, Sight.UNKNOWN),
        (HEALTH, {**SICK, "level": Level.UNKNOWN}, Sight.UNKNOWN),
        (HEALTH, {**SICK, "probe_fresh": False}, Sight.DOUBTFUL),
        (HEALTH, {**SICK, "status": 404}, Sight.UNKNOWN),
        (HEALTH, {**SICK, "status": 200}, Sight.UNKNOWN),
        (HEALTH, {"probe_fresh": False}, Sight.UNKNOWN),
        (HEALTH, REFUSED, Sight.DOUBTFUL),
        (HEALTH, {**REFUSED, "level": Level.UNKNOWN}, Sight.UNKNOWN),
    ],
)
def test_look(rule: Rule, figures: Mapping[str, Any], sight: Sight) -> None:
    assert look(rule, replace(well("us-east"), **figures), 20) is sight


@pytest.mark.parametrize(
    ("rule", "figures", "said"),
    [
        (LATENCY, SLOW, "p95 900 ms, above 400 ms"),
        (ERRORS, FAILING, "errors 25 %, above 5 %"),
        (HEALTH, SICK, "health check answers 503"),
        (HEALTH, REFUSED, "health check gets no answer (connect)"),
    ],
)
def test_words(rule: Rule, figures: Mapping[str, Any], said: str) -> None:
    assert words(rule, replace(well("us-east"), **figures)) == said
