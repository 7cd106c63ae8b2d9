"""24 simulated hours of flapping, in every rhythm: never above the budget, latched, one page."""

import pytest

from npconsole.model.heal import Choice, Decision, HealMode
from npconsole.model.run import RunState, Verdict
from tests.healer.estate import DAY_CHECKS, FAILING, HOUR, MIN, SICK, SLOW, Healer, rules

RHYTHMS = [(7, 5), (25, 10), (3, 3), (6, 30)]


def gone_by_itself(_: Healer, __: Decision) -> tuple[RunState, Verdict | None, str]:
    return RunState.SUCCEEDED, Verdict.HELPED, "p95 900 ms before, 110 ms now"


@pytest.mark.parametrize("trouble", [SLOW, FAILING, SICK], ids=["slow", "failing", "sick"])
@pytest.mark.parametrize(("ill_min", "well_min"), RHYTHMS)
def test_a_day_of_flapping(trouble: dict[str, object], ill_min: int, well_min: int) -> None:
    healer = Healer(runner=gone_by_itself)
    for minute in range(DAY_CHECKS):
        if minute % (ill_min + well_min) < ill_min:
            healer.put("us-east", trouble)
        else:
            healer.cure("us-east")
        healer.check()
        if minute % 97 == 0:
            healer.reload()
    acts = healer.of(Choice.ACT)
    for each in acts:
        before = [other for other in acts if other.wall <= each.wall]
        hour = [other for other in before if each.wall - other.wall < HOUR]
        assert len(hour) <= 3
        for action in ("restart", "purge"):
            assert sum(other.action == action for other in hour) <= 2
            assert sum(other.action == action for other in before) <= 4
        assert all(each is other or each.wall - other.wall >= 5 * MIN for other in before)
    pages = [each for each in healer.of(Choice.LATCHED) if not each.words.startswith("high-")]
    assert len(pages) <= 1


def test_flapping_that_heals_do_not_end_latches_and_calls_once() -> None:
    healer = Healer(runner=gone_by_itself)
    for minute in range(DAY_CHECKS):
        if minute % 12 < 7:
            healer.put("us-east", SLOW)
        else:
            healer.cure("us-east")
        healer.check()
    [page] = healer.of(Choice.LATCHED)
    assert page.words == (
        "us-east, flapping: 5 times ill within an hour, 5 are flapping; "
        "nothing heals until a person has looked (npconsole heal ack)"
    )
    assert len(healer.of(Choice.ACT)) == 2
    assert healer.state.latch is not None


def test_a_day_in_shadow_changes_nothing_and_calls_nobody() -> None:
    healer = Healer(rules=rules(mode=HealMode.SHADOW))
    for minute in range(DAY_CHECKS):
        if minute % 24 < 9:
            healer.put("us-east", SLOW)
        else:
            healer.cure("us-east")
        healer.check()
    assert healer.of(Choice.ACT, Choice.LATCHED) == []
    assert (healer.state.heals, healer.state.spent, healer.state.latch) == ((), {}, None)
    card = healer.state.cards["high-latency"]
    assert card.would_have_acted == card.recovered_alone == 60


def test_a_day_of_trouble_that_nothing_cures() -> None:
    """Two restarts an hour, four a day; then a person."""
    healer = Healer(runner=lambda _, __: (RunState.DEGRADED, Verdict.UNKNOWN, "it could not be measured"))
    healer.put("us-east", SICK)
    for minute in range(DAY_CHECKS):
        healer.check()
        if minute % 120 == 60:
            healer.put("us-east", {"probe_fresh": False})
        elif minute % 120 == 90:
            healer.put("us-east", {"probe_fresh": True})
    assert sum(each.action == "restart" for each in healer.of(Choice.ACT)) in (3, 4)
    assert len(healer.of(Choice.HELD, Choice.LATCHED)) < 20, "held is said once, not every minute"
