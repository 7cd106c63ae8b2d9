"""A plan as text and the flag that confirms it."""

import pytest

from npconsole.cli.plan_report import as_text, flag
from npconsole.model.action import Danger, Direction, Effect
from npconsole.model.run import BlastRadius, GuardAnswer, LastRun, Plan, PlannedCall, RunState, Verdict

PLAN = Plan(
    action="restart",
    target="us-east",
    danger=Danger.CONFIRM,
    calls=(PlannedCall("railway", "deploymentRestart d1", "restart it", writes=True, undo="none"),),
    guards=(
        GuardAnswer("role", passed=True, reason="alice is operator"),
        GuardAnswer("cool-down", passed=False, reason="it cools down", overridable=True),
        GuardAnswer("frozen", passed=False, reason="frozen", overridable=True, overridden=True),
    ),
    blast=BlastRadius(0.25, (("us-west", 0.5), ("eu-west", None))),
    undo="a restart cannot be undone",
    effect=Effect("p95_ms", Direction.DOWN, 180.0, "p95 falls"),
    digest="d",
    notes=("commit abc",),
    last=LastRun("r0", 1000.0, RunState.SUCCEEDED, Verdict.HELPED, "it helped"),
)


def test_everything_a_person_needs_is_on_a_line_of_its_own() -> None:
    lines = as_text(PLAN, wall=1060.0).splitlines()
    assert lines[0] == "restart us-east"
    for wanted in (
        "call: railway: deploymentRestart d1 (restart it); undo: none",
        "share of live traffic: 25 %",
        "left to serve: us-west at 50 % of its capacity; eu-west, head-room not known",
        "undo: a restart cannot be undone",
        "expected: p95 falls",
        "note: commit abc",
        "last time: 60 s ago, succeeded: it helped",
        "ok   role: alice is operator",
        "STOP cool-down: it cools down",
        "over frozen: frozen",
    ):
        assert any(line.strip() == wanted for line in lines), (wanted, lines)


@pytest.mark.parametrize(
    ("danger", "typed", "simulated", "expected"),
    [
        (Danger.SAFE, "", False, ""),
        (Danger.CONFIRM, "", False, "--yes"),
        (Danger.TYPED, "", False, "--confirm us-east"),
        (Danger.TYPED, "purge everything", False, "--confirm 'purge everything'"),
        (Danger.TYPED, "", True, ""),
    ],
)
def test_the_flag_that_confirms_it(danger: Danger, typed: str, simulated: bool, expected: str) -> None:
    from dataclasses import replace

    assert flag(replace(PLAN, danger=danger, typed=typed, simulated=simulated)) == expected
