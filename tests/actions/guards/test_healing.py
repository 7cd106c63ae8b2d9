"""The switch and the budget of heals, asked with the intent."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from npconsole.actions.facts import Facts
from npconsole.actions.guard import Guard
from npconsole.actions.guards import healing
from npconsole.actions.rules import Budget, Rules, to_rules
from npconsole.config.schema import convert
from npconsole.model.action import AccessRole
from npconsole.model.run import Actor
from tests.actions.guards.known import GOOD, FakeLedger, facts

HEALING = facts(request={"actor": Actor("healer@host", AccessRole.ADMIN, "heal")})
NONE = facts(
    request={"actor": Actor("healer@host", AccessRole.ADMIN, "heal")}, rules=Rules(budget=Budget(heals_per_hour=0))
)
MIN = 60.0


@dataclass
class Counted(FakeLedger):
    """Ages by action."""

    by_action: dict[str, Sequence[float]] = field(default_factory=dict)

    def intents(self, action: str, target: str | None, within_s: float) -> Sequence[float]:
        assert target is None
        return [age for age in self.by_action.get(action, ()) if age <= within_s]


OFF = FakeLedger(switches={"heal.off": "migration"})
SPENT = Counted(by_action={"restart": [5 * MIN, 20 * MIN], "failover": [50 * MIN], "purge": [1.0, 2.0, 3.0]})
LEFT = Counted(by_action={"restart": [5 * MIN, 61 * MIN], "failover": [50 * MIN], "purge": [1.0, 2.0, 3.0]})


@pytest.mark.parametrize(
    ("guard", "given", "says", "passed", "reason"),
    [
        (healing.SWITCHED_ON, HEALING, FakeLedger(), True, "healing is switched on"),
        (healing.SWITCHED_ON, HEALING, OFF, False, "healing is switched off: migration"),
        (healing.SWITCHED_ON, GOOD, OFF, True, "not asked by the healer"),
        (
            healing.IN_HEAL_BUDGET,
            HEALING,
            SPENT,
            False,
            "3 restarts and failovers in the last hour, people's among them, 3 at most for a heal",
        ),
        (
            healing.IN_HEAL_BUDGET,
            HEALING,
            LEFT,
            True,
            "2 restarts and failovers in the last hour, people's among them, 3 at most for a heal",
        ),
        (healing.IN_HEAL_BUDGET, GOOD, SPENT, True, "not asked by the healer"),
        (
            healing.IN_HEAL_BUDGET,
            NONE,
            Counted(),
            False,
            "0 restarts and failovers in the last hour, people's among them, 0 at most for a heal",
        ),
    ],
)
def test_answers(guard: Guard, given: Facts, says: FakeLedger, passed: bool, reason: str) -> None:
    assert guard.ask(given, says) == (passed, reason)


@pytest.mark.parametrize("guard", [healing.SWITCHED_ON, healing.IN_HEAL_BUDGET])
def test_without_a_memory_they_refuse_and_nobody_overrides_them(guard: Guard) -> None:
    assert guard.ask(HEALING, None) == (False, "the memory of past runs cannot be read")
    assert not guard.overridable


def test_the_budget_is_the_healers_own() -> None:
    services = [{"name": "api", "regions": [{"name": "a", "origin": "https://a.example.com"}]}]
    config = convert({"services": services, "heal": {"brakes": {"heals_per_hour": 5}}})
    assert to_rules(config).budget.heals_per_hour == 5
