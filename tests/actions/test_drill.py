"""Drill rules from the configuration."""

from npconsole.actions.drill import DrillRules, to_drill_rules
from npconsole.config.schema import convert

SERVICE = {"name": "api", "regions": [{"name": "a", "origin": "https://a.example"}]}


def test_the_defaults_are_the_same_in_both_places() -> None:
    assert to_drill_rules(convert({"services": [SERVICE]})) == DrillRules()


def test_what_is_configured() -> None:
    probe = {"url": "https://e.example/drill", "interval": "200ms"}
    edge = {"url": "https://e.example", "write_probe": probe}
    rules = to_drill_rules(
        convert(
            {
                "services": [{**SERVICE, "edge": edge}],
                "drill": {
                    "hold": "1m",
                    "longest_hold": "2m",
                    "rto_target": "30s",
                    "rto_limit": "45s",
                    "most_load": "50%",
                },
                "actions": {"call_timeout": "5s"},
            }
        )
    )
    assert (rules.hold_s, rules.longest_hold_s, rules.rto_target_s, rules.rto_limit_s) == (60.0, 120.0, 30.0, 45.0)
    assert (rules.most_load, rules.write_interval_s, rules.call_s) == (0.5, 0.2, 5.0)
