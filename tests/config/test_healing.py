"""Rules of the healer that are refused at load, each at its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from npconsole.config.loading import load
from npconsole.errors import ConfigError

Writer = Callable[[str | bytes], Path]

ESTATE = """\
services:
  - name: api
    regions:
      - {name: us-east, origin: https://a.example.com, pool_id: p1}
      - {name: us-west, origin: https://b.example.com, pool_id: p2}
    edge: {url: https://api.example.com}
  - name: jobs
    regions:
      - {name: us-east, origin: https://c.example.com}
"""
SLOW = "{name: slow, when: p95, after: 5m, escalation: [{action: restart}]}"
ERRORS = "{name: errors, when: error_ratio, escalation: [{action: purge, parameters: {everything: [yes]}}]}"
OWN = "custom_actions:\n  - {id: drain, title: Drain, do: {argv: [drain, '{target}']}}\n"


def healing(*rules: str, more: str = "") -> str:
    lines = "".join(f"    - {rule}\n" for rule in rules)
    return f"{ESTATE}heal:\n{more}  rules:\n{lines}"


def rule(name: str = "slow", *, when: str = "p95", steps: str = "[{action: restart}]", more: str = "") -> str:
    return f"{{name: {name}, when: {when}, escalation: {steps}{', ' if more else ''}{more}}}"


FAIL_OVER = "[{action: restart}, {action: failover, parameters: {execute: [yes], keep: [yes]}}]"


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        (healing(SLOW, SLOW), 13, "rules[1].name", "is the same name as heal.rules[0].name"),
        (healing(rule(steps="[{action: benchmark}]")), 12, "rules[0].escalation[0].action", "does not heal: one of"),
        (healing(rule(steps="[{action: restrat}]")), 12, "rules[0].escalation[0].action", "did you mean `restart`?"),
        (healing(rule(more="targets: [us-east]")), 12, "rules[0].targets[0]", "is no region or service"),
        (healing(rule(more="targets: [api/us-eats]")), 12, "rules[0].targets[0]", "did you mean `api/us-east`?"),
        (healing(rule(more="after: 30s")), 12, "rules[0].after", "is shorter than heal.check_interval (1m)"),
        (healing(rule(more="error_ratio_above: 3%")), 12, "rules[0].error_ratio_above", "the rule is about p95"),
        (healing(rule(when="health_5xx", more="p95_above: 1s")), 12, "rules[0].p95_above", "about health_5xx"),
        (
            healing(rule(steps="[{action: purge, parameters: {everything: [yes]}}]")),
            12,
            "rules[0].escalation[0].action",
            "the rule would set itself off again",
        ),
        (
            healing(rule(when="error_ratio", steps="[{action: purge}]")),
            12,
            "rules[0].escalation[0].parameters",
            "must say what to purge",
        ),
        (
            healing(
                rule(when="error_ratio", steps="[{action: purge, parameters: {tag: [a]}}]", more="targets: [jobs]")
            ),
            12,
            "rules[0].escalation[0].action",
            "none of its services has an edge",
        ),
        (
            healing(rule(steps=FAIL_OVER), more="  failover: true\n"),
            13,
            "rules[0].escalation[1].action",
            "cannot be done: jobs has no edge",
        ),
        (
            healing(rule(steps="[{action: failover}, {action: restart}]")),
            12,
            "rules[0].escalation[0].action",
            "must be the last step",
        ),
        (
            healing(rule(more="mode: enforce"), rule("late", steps="[{action: failover}]", more="mode: enforce")),
            13,
            "rules[1].name",
            "contradicts slow: on api/us-east, api/us-west, jobs/us-east",
        ),
        (
            healing(
                rule(),
                rule("late", more="targets: [jobs], p95_above: 400ms"),
                rule("own", steps="[{action: drain}]"),
                more="  mode: enforce\n",
            )
            + OWN,
            15,
            "rules[2].name",
            "contradicts slow",
        ),
    ],
)
def test_problem(written: Writer, text: str, line: int, key: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(text), environ={})
    found = caught.value.problems[0]
    assert (found.line, found.key) == (line, f"heal.{key}")
    assert words in found.message


@pytest.mark.parametrize(
    "text",
    [
        ESTATE,
        ESTATE + "heal: {check_interval: 10m}\n",
        healing(SLOW, ERRORS),
        healing(rule(steps=FAIL_OVER)),
        healing(rule(steps=FAIL_OVER, more="targets: [api]"), more="  failover: true\n"),
        healing(rule(steps="[{action: drain}]")) + OWN,
        healing(rule(more="mode: enforce"), rule("own", steps="[{action: drain}]")) + OWN,
        healing(rule(more="mode: enforce"), rule("own", steps="[{action: drain}]", more="mode: enforce, p95_above: 1s"))
        + OWN,
        healing(
            rule(more="mode: enforce, targets: [jobs]"),
            rule("own", steps="[{action: drain}]", more="mode: enforce, targets: [api]"),
        )
        + OWN,
        healing(
            rule(steps="[{action: purge, parameters: {url: ['https://api.example.com/a']}}]", more="targets: [api]")
        ),
        ESTATE + "heal: {rules: []}\n",
    ],
)
def test_nothing_to_say(written: Writer, text: str) -> None:
    assert load(written(text), environ={}).warnings == ()


def test_the_rules_that_come_with_it_are_refused_where_a_failover_cannot_be_done(written: Writer) -> None:
    """Nothing of them was written, so the line is that of the switch."""
    with pytest.raises(ConfigError) as caught:
        load(written(ESTATE + "heal:\n  failover: true\n"), environ={})
    assert {(found.line, found.message) for found in caught.value.problems} == {
        (11, "cannot be done: jobs has no edge")
    }


def test_a_check_interval_from_outside_is_told_there(written: Writer) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(healing(rule(more="after: 5m"))), environ={"CHECK_INTERVAL": "600"})
    [found] = caught.value.problems
    assert (found.line, found.key) == (12, "heal.rules[0].after")
    assert "is shorter than heal.check_interval (10m)" in found.message


def test_bad_values_are_told_once_and_stop_no_rule(written: Writer) -> None:
    bad = rule("Slow One", when="p96", steps="[{action: 'Re start'}]", more="targets: ['']")
    with pytest.raises(ConfigError) as caught:
        load(written(healing(bad, more="  mode: maybe\n")), environ={})
    assert [found.key for found in caught.value.problems] == [
        "heal.mode",
        "heal.rules[0].name",
        "heal.rules[0].when",
        "heal.rules[0].escalation[0].action",
        "heal.rules[0].targets[0]",
    ]
