"""The rules of a configuration."""

import pytest

from npconsole.actions.rules import Pace, Rules, to_rules
from npconsole.config.schema import convert

SERVICES = [{"name": "api", "regions": [{"name": "us-east", "origin": "https://us-east.example.com"}]}]


def test_the_defaults_of_the_file_are_the_defaults_of_the_code() -> None:
    assert to_rules(convert({"services": SERVICES})) == Rules()


def test_what_is_configured() -> None:
    actions = {"restarts_per_hour": 9, "cool_down": "0s", "settle": "2s", "call_timeout": "500ms", "reread": "100ms"}
    rules = to_rules(convert({"services": SERVICES, "actions": actions}))
    assert (rules.budget.per_hour, rules.budget.cool_down_s) == (9, 0.0)
    assert (rules.pace.quiet_s, rules.pace.call_timeout_s, rules.pace.reread_s) == (2.0, 0.5, 0.1)


@pytest.mark.parametrize(("flag", "file"), [(True, False), (False, True), (True, True)])
def test_read_only_can_only_be_added(flag: bool, file: bool) -> None:
    config = convert({"services": SERVICES, "actions": {"read_only": file}})
    assert to_rules(config, read_only=flag).read_only


def test_a_late_call_is_waited_for_twice_its_deadline_at_least() -> None:
    assert Pace(settle_s=5.0, call_timeout_s=15.0).quiet_s == 30.0
