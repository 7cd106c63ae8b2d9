"""From configuration to rules."""

from collections.abc import Mapping
from typing import Any

import pytest

from npconsole.config.schema import Config, convert
from npconsole.healer.rules import Brakes, Metric, to_heal_rules
from npconsole.model.heal import HealMode


def config(heal: Mapping[str, Any] | None = None, **more: Any) -> Config:
    """A platform of two regions with an edge."""
    regions = [{"name": name, "origin": f"https://{name}.example.com", "pool_id": name} for name in ("a", "b")]
    services = [{"name": "api", "regions": regions, "edge": {"url": "https://example.com"}}]
    return convert({"services": services, "heal": heal or {}, **more})


def test_the_platforms_rules() -> None:
    found = to_heal_rules(config())
    assert [(rule.name, rule.condition, [step.action for step in rule.steps]) for rule in found.rules] == [
        ("health-5xx", "health check answers 5xx", ["restart"] * 3),
        ("high-error-rate", "errors above 5 % for 2 min", ["purge", "restart", "restart", "restart"]),
        ("high-latency", "p95 above 400 ms for 5 min", ["restart"] * 3),
    ]
    assert {rule.mode for rule in found.rules} == {HealMode.SHADOW}
    assert {rule.barred for rule in found.rules} == {"heal.failover is false"}
    assert found.brakes == Brakes()
    assert (found.environment, found.edge_of("api"), found.edge_of("jobs")) == ("neuropilot", "edge", "")


def test_a_failover_is_the_last_step_where_it_is_allowed() -> None:
    for rule in to_heal_rules(config({"failover": True})).rules:
        assert rule.steps[-1].action == "failover"
        assert dict(rule.steps[-1].parameters) == {"execute": ("yes",), "keep": ("yes",)}


@pytest.mark.parametrize(
    ("switches", "rule", "steps", "barred"),
    [
        ({"purge": False}, "high-error-rate", ["restart"] * 3, "heal.purge is false, heal.failover is false"),
        ({"restart": False}, "high-latency", [], "heal.restart is false, heal.failover is false"),
        ({"restart": False, "failover": True}, "high-latency", [], "heal.restart is false"),
        ({"restart": False, "failover": True}, "high-error-rate", ["purge", "failover"], "heal.restart is false"),
    ],
)
def test_switches_take_steps_out_and_never_make_a_failover_the_first(
    switches: dict[str, bool], rule: str, steps: list[str], barred: str
) -> None:
    [found] = [each for each in to_heal_rules(config(switches)).rules if each.name == rule]
    assert [step.action for step in found.steps] == steps
    assert found.barred == barred


@pytest.mark.parametrize(
    ("role", "steps", "barred"),
    [
        ("admin", ["restart"] * 3 + ["failover"], ""),
        ("operator", ["restart"] * 3, "failover needs the role admin, and actions.role is operator"),
        (
            "viewer",
            [],
            (
                "restart needs the role operator, and actions.role is viewer, "
                "failover needs the role admin, and actions.role is viewer"
            ),
        ),
    ],
)
def test_it_may_do_no_more_than_anybody_on_its_host(role: str, steps: list[str], barred: str) -> None:
    found = to_heal_rules(config({"failover": True}, actions={"role": role})).rules[0]
    assert [step.action for step in found.steps] == steps
    assert found.barred == barred


def own(mode: str | None) -> dict[str, Any]:
    rule = {"name": "slow", "when": "p95", "escalation": [{"action": "restart"}]}
    return rule if mode is None else {**rule, "mode": mode}


@pytest.mark.parametrize(
    ("default", "of_rule", "flag", "is_"),
    [
        ("shadow", None, None, "shadow"),
        ("enforce", None, None, "enforce"),
        ("enforce", "shadow", None, "shadow"),
        ("shadow", "enforce", None, "enforce"),
        ("off", None, None, "off"),
        ("enforce", "enforce", "shadow", "shadow"),
        ("shadow", None, "enforce", "enforce"),
        ("shadow", "shadow", "enforce", "shadow"),
        ("shadow", "off", "shadow", "off"),
        ("enforce", "enforce", "off", "off"),
    ],
)
def test_modes(default: str, of_rule: str | None, flag: str | None, is_: str) -> None:
    given = config({"mode": default, "rules": [own(of_rule)]})
    [rule] = to_heal_rules(given, HealMode(flag) if flag else None).rules
    assert rule.mode is HealMode(is_)


def test_bounds_are_the_thresholds_unless_the_rule_has_its_own() -> None:
    mine = {**own(None), "name": "mine", "p95_above": "1.5s", "targets": ["a"]}
    errors = {"name": "errors", "when": "error_ratio", "escalation": [{"action": "restart"}]}
    found = to_heal_rules(
        config(
            {"rules": [own(None), mine, errors, {**errors, "name": "few", "error_ratio_above": "1%"}]},
            thresholds={"p95_warn": "250ms", "error_ratio_critical": "7%"},
        )
    )
    assert {rule.name: rule.bound for rule in found.rules} == {
        "slow": 250.0,
        "mine": 1500.0,
        "errors": 0.07,
        "few": 0.01,
    }
    assert [rule.metric for rule in found.rules] == [Metric.ERRORS, Metric.ERRORS, Metric.P95, Metric.P95]
    mine_found = found.rules[-1]
    assert mine_found.covers("a", "api")
    assert not mine_found.covers("b", "api")


def test_brakes_come_from_where_people_see_the_same_number() -> None:
    found = to_heal_rules(
        config(
            {"check_interval": "30s", "brakes": {"settle": "2m", "heals_per_hour": 1}},
            actions={"restarts_per_hour": 1, "restarts_per_day": 3, "cool_down": "5m", "cool_down_cap": "1h"},
            judging={"min_requests": 50},
        )
    ).brakes
    assert (found.interval_s, found.settle_s, found.heals_per_hour) == (30, 120, 1)
    assert (found.per_hour, found.per_day, found.cool_down_s, found.cool_down_cap_s) == (1, 3, 300, 3600)
    assert found.min_requests == 50
