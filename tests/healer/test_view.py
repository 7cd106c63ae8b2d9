"""What people see."""

from dataclasses import replace

from npconsole.healer.facts import OpenRun
from npconsole.healer.view import view
from npconsole.model.heal import HealMode, HealView
from npconsole.model.run import RunState, Verdict
from tests.healer.estate import HEALTH, LATENCY, MIN, RESTART, SICK, SLOW, Healer, rules


def shown(healer: Healer) -> HealView:
    return view(healer.state, healer.facts, healer.rules, healer.wall, leader="ops-1", problem="p", undelivered=["s"])


def standing(healer: Healer, rule: str) -> str:
    return next(each.standing for each in shown(healer).rules if each.name == rule)


def test_a_quiet_healer() -> None:
    healer = Healer()
    healer.check()
    found = shown(healer)
    assert (found.checked_wall, found.interval_s, found.mode, found.leader) == (
        healer.wall,
        60,
        HealMode.ENFORCE,
        "ops-1",
    )
    assert (found.off, found.latched, found.problem, found.undelivered) == ("", "", "p", ("s",))
    assert [each.condition for each in found.rules][2] == "p95 above 400 ms for 5 min"
    assert [(each.name, each.words, each.closed, each.left) for each in found.brakes] == [
        ("heals in all", "0 of 3 an hour", False, 3)
    ]


def test_how_far_a_rule_is() -> None:
    healer = Healer(runner=lambda *_: (RunState.SUCCEEDED, Verdict.UNKNOWN, ""))
    healer.put("us-east", SLOW)
    healer.checks(2)
    assert standing(healer, "high-latency") == "us-east 2 of 6 checks"
    healer.checks(4)
    assert standing(healer, "high-latency") == "us-east restart, under way"
    healer.check()
    assert standing(healer, "high-latency") == "us-east restart, settles"
    brakes = {each.name: each for each in shown(healer).brakes}
    assert (brakes["one at a time"].words, brakes["one at a time"].closed) == ("restart us-east settles", True)
    assert brakes["restart us-east"].words == "1 of 2 an hour, 1 of 4 a day"
    assert (brakes["restart us-east"].left, brakes["heals in all"].left) == (1, 2)
    assert brakes["restart us-east cools down"].words == "for another 9 min"
    healer.cure("us-east")
    healer.check()
    assert standing(healer, "high-latency") == "us-east restart, settles"


def test_recovering_and_held() -> None:
    healer = Healer()
    healer.put("us-east", SLOW)
    healer.checks(2)
    healer.cure("us-east")
    healer.check()
    assert standing(healer, "high-latency") == "us-east recovering, 1 of 2 good checks"
    for name in healer.targets:
        healer.put(name, SLOW)
    healer.checks(8)
    assert standing(healer, "high-latency").startswith("us-east held by common cause; us-west held by common cause")


def test_hands_of_others_and_what_settles_after_them() -> None:
    healer = Healer(off="migration")
    healer.runs = (OpenRun("r1", "benchmark", "us-east", ("us-east",), "alice", "k"),)
    healer.check()
    found = shown(healer)
    assert found.off == "migration"
    assert ("one at a time", "benchmark us-east of alice (run r1)") in [
        (each.name, each.words) for each in found.brakes
    ]
    healer.runs = ()
    healer.check()
    assert "us-east settles" in [each.name for each in shown(healer).brakes]
    healer.checks(6)
    assert "us-east settles" not in [each.name for each in shown(healer).brakes]


def test_a_latch_a_barred_rule_and_many_ill_regions() -> None:
    barred = replace(LATENCY, steps=(), barred="heal.restart is false")
    healer = Healer(rules=rules(replace(HEALTH, steps=(RESTART,)), barred, heals_per_hour=1, common_share=1.0))
    for name in ("us-east", "us-west"):
        healer.put(name, SICK)
        healer.checks(12)
    found = shown(healer)
    assert "1 of 1 heals an hour in all are spent" in found.latched
    assert found.rules[1].standing == "no step may be taken: heal.restart is false"
    assert found.rules[0].escalation == ("restart",)
    assert found.rules[0].card.acted == 1
    assert healer.wall > 20 * MIN
