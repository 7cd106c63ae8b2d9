"""Freeze, mute, lease, open runs, budget and cool-down."""

import pytest
from hypothesis import given as having
from hypothesis import strategies as st

from npconsole.actions.facts import Facts
from npconsole.actions.guard import Guard
from npconsole.actions.guards import ledger
from npconsole.actions.rules import Budget, Rules
from npconsole.model.action import AccessRole
from npconsole.model.run import Actor, Lease, Run, RunState
from tests.actions.guards.known import GOOD, REQUEST, FakeLedger, facts

MIN, HOUR = 60.0, 3600.0
HEALING = facts(request={"actor": Actor("healer", AccessRole.OPERATOR, "heal")})
LEASE = Lease(("us-east",), "bob@host", "r1", 7, 60.0, "restart us-east")
OPEN = Run("r1", REQUEST, RunState.UNKNOWN, 0, 0, fence=3)


@pytest.mark.parametrize(
    ("guard", "given", "says", "passed", "reason"),
    [
        (ledger.NOT_FROZEN, GOOD, FakeLedger(), True, "actions are not frozen"),
        (
            ledger.NOT_FROZEN,
            GOOD,
            FakeLedger(switches={"actions.frozen": "release day"}),
            False,
            "actions are frozen: release day",
        ),
        (ledger.NOT_MUTED, HEALING, FakeLedger(), True, "the target is not muted"),
        (
            ledger.NOT_MUTED,
            HEALING,
            FakeLedger(switches={"mute.us-east": "upgrade until 14:00"}),
            False,
            "muted, us-east: upgrade until 14:00",
        ),
        (
            ledger.NOT_MUTED,
            HEALING,
            FakeLedger(switches={"mute.api": "release"}),
            False,
            "muted, api: release",
        ),
        (
            ledger.NOT_MUTED,
            HEALING,
            FakeLedger(switches={"mute.neuropilot": "maintenance", "mute.us-west": "x"}),
            False,
            "muted, neuropilot: maintenance",
        ),
        (
            ledger.NOT_MUTED,
            GOOD,
            FakeLedger(switches={"mute.us-east": "upgrade until 14:00"}),
            True,
            "muted, us-east: upgrade until 14:00; a person may act",
        ),
        (ledger.FREE, GOOD, FakeLedger(), True, "us-east is free"),
        (
            ledger.FREE,
            GOOD,
            FakeLedger(lease=LEASE),
            False,
            "us-east is in the hands of bob@host for restart us-east (run r1)",
        ),
        (ledger.NO_OPEN_RUN, GOOD, FakeLedger(), True, "no other run is open on the target"),
        (
            ledger.NO_OPEN_RUN,
            GOOD,
            FakeLedger(open=[OPEN]),
            False,
            "restart of alice (run r1) on us-east has not ended: it is unknown",
        ),
        (
            ledger.IN_BUDGET,
            GOOD,
            FakeLedger(ages=[50 * MIN, 5 * HOUR]),
            True,
            "1 of 2 restarts an hour and 2 of 4 a day are spent",
        ),
        (
            ledger.IN_BUDGET,
            GOOD,
            FakeLedger(ages=[20 * MIN, 50 * MIN]),
            False,
            "2 of 2 restarts an hour are spent: restarting does not cure it",
        ),
        (
            ledger.IN_BUDGET,
            GOOD,
            FakeLedger(ages=[2 * HOUR, 5 * HOUR, 9 * HOUR, 20 * HOUR]),
            False,
            "4 of 4 restarts a day are spent: restarting does not cure it",
        ),
        (ledger.COOLED_DOWN, GOOD, FakeLedger(), True, "not restarted in the last day"),
        (
            ledger.COOLED_DOWN,
            GOOD,
            FakeLedger(ages=[9 * MIN]),
            False,
            "restarted 9 min ago: it cools down for another 60 s",
        ),
        (
            ledger.COOLED_DOWN,
            GOOD,
            FakeLedger(ages=[10 * MIN]),
            True,
            "last restarted 10 min ago, the pause of 10 min is over",
        ),
        (
            ledger.COOLED_DOWN,
            GOOD,
            FakeLedger(ages=[12 * MIN, 30 * MIN]),
            False,
            "restarted 12 min ago: it cools down for another 8 min",
        ),
        (
            ledger.COOLED_DOWN,
            GOOD,
            FakeLedger(ages=[12 * MIN, 90 * MIN]),
            True,
            "last restarted 12 min ago, the pause of 10 min is over",
        ),
        (
            ledger.COOLED_DOWN,
            facts(rules=Rules(budget=Budget(cool_down_cap_s=15 * MIN))),
            FakeLedger(ages=[12 * MIN, 13 * MIN, 14 * MIN]),
            False,
            "restarted 12 min ago: it cools down for another 3 min",
        ),
    ],
)
def test_answers(guard: Guard, given: Facts, says: FakeLedger, passed: bool, reason: str) -> None:
    assert guard.ask(given, says) == (passed, reason)


@pytest.mark.parametrize(
    "guard",
    [
        ledger.NOT_FROZEN,
        ledger.NOT_MUTED,
        ledger.FREE,
        ledger.NO_OPEN_RUN,
        ledger.IN_BUDGET,
        ledger.COOLED_DOWN,
    ],
)
def test_without_a_memory_they_refuse(guard: Guard) -> None:
    assert guard.ask(GOOD, None) == (False, "the memory of past runs cannot be read")


def test_which_may_be_overridden() -> None:
    free = {ledger.NOT_FROZEN.name, ledger.IN_BUDGET.name, ledger.COOLED_DOWN.name}
    every = (ledger.NOT_FROZEN, ledger.NOT_MUTED, ledger.FREE, ledger.NO_OPEN_RUN, ledger.IN_BUDGET, ledger.COOLED_DOWN)
    assert {guard.name for guard in every if guard.overridable} == free


@having(st.lists(st.floats(1.0, 600.0), min_size=1, max_size=200))
def test_the_day_of_a_flapping_service(waits_min: list[float]) -> None:
    """Whoever asks whenever: never more than 2 in an hour and 4 in a day, and never two within ten minutes."""
    now, done = 0.0, list[float]()
    for wait_min in waits_min:
        now += wait_min * MIN
        says = FakeLedger(ages=[now - at for at in reversed(done) if now - at <= 24 * HOUR])
        if all(guard.ask(GOOD, says).passed for guard in (ledger.IN_BUDGET, ledger.COOLED_DOWN)):
            assert not done or now - done[-1] >= 10 * MIN
            done.append(now)
        assert sum(now - at <= HOUR for at in done) <= 2
        assert sum(now - at <= 24 * HOUR for at in done) <= 4
