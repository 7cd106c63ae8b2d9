import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.sim.estate import REGIONS
from npconsole.sim.fault import FaultBoard, Kind
from npconsole.sim.scenario import SCENARIOS, Scenario, Step

ALL = list(SCENARIOS.values())
PULSE = Scenario("pulse", "", (Step(20, "us-east", Kind.DOWN, 5), Step(30, "us-west", Kind.SLOW, 5)), 100)


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_every_scenario_is_valid_and_calm_for_twenty_seconds(scenario: Scenario) -> None:
    names = [plan.name for plan in REGIONS]
    faults = FaultBoard(names, [plan.name for plan in REGIONS if plan.has_replica], lambda *_: None)
    assert list(scenario.due(0.0, 19.9)) == []
    for step in scenario.due(0.0, 1000.0):
        faults.begin(step.target, step.kind, step.at_s, step.for_s)
    assert bool(faults.active) is (scenario.name != "calm")
    assert scenario.sentence.endswith(".")


def test_steps_come_again_every_round() -> None:
    assert [step.target for step in PULSE.due(0.0, 250.0)] == ["us-east", "us-west"] * 2 + ["us-east", "us-west"]
    assert [step.target for step in PULSE.due(20.0, 120.0)] == ["us-west", "us-east"]


@given(st.lists(st.floats(0.01, 40), max_size=60))
def test_no_step_is_lost_or_repeated_however_time_is_cut(gaps: list[float]) -> None:
    now_s, found = 0.0, 0
    for gap in gaps:
        found += len(list(PULSE.due(now_s, now_s + gap)))
        now_s += gap
    assert found == len(list(PULSE.due(0.0, now_s)))
