"""Time between checks, what is usual, verdicts, the memory's text, the run that is asked for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.healer.conclusion import concluded, requested
from npconsole.healer.habit import Habit, learn
from npconsole.healer.judgement import may_go_on, own_word, verdict
from npconsole.healer.passage import elapsed_s, is_early, is_gap
from npconsole.healer.request import request_of
from npconsole.healer.rules import Step
from npconsole.healer.state import Ended, HealState, Pending, of_text, to_text
from npconsole.model.heal import Choice, Decision
from npconsole.model.run import RunState, Verdict
from tests.healer.estate import FAILING, SLOW, Healer, well

PENDING = Pending(
    Decision("heal-1-1", 1.0, "slow", "us-east", Choice.ACT, "restart us-east: p95 900 ms", "restart"),
    target="us-east",
    regions=("us-east",),
    parameters=(),
    step=0,
    asked_at=0.0,
)


@pytest.mark.parametrize(
    ("before", "now", "wall", "passed"),
    [
        (None, 5.0, 5.0, 0.0),
        ((100.0, 1000.0), 160.0, 1060.0, 60.0),
        ((100.0, 1000.0), 160.0, 90_000.0, 60.0),
        ((100.0, 1000.0), 160.0, 10.0, 60.0),
        ((100.0, 1000.0), 3.0, 1300.0, 300.0),
        ((100.0, 1000.0), 99_999.0, 1300.0, 300.0),
        ((100.0, 1000.0), 3.0, 10.0, 0.0),
    ],
)
def test_the_shorter_of_two_clocks_counts(
    before: tuple[float, float] | None, now: float, wall: float, passed: float
) -> None:
    assert elapsed_s(before, now, wall) == passed


@pytest.mark.parametrize(("since_s", "gap", "early"), [(None, 0, 0), (29, 0, 1), (31, 0, 0), (180, 0, 0), (181, 1, 0)])
def test_gaps_and_haste(since_s: float | None, gap: bool, early: bool) -> None:
    assert (is_gap(since_s, 60), is_early(since_s, 60)) == (bool(gap), bool(early))


def test_what_is_usual_is_learnt_while_all_is_well() -> None:
    habit, region = Habit(), well("us-east")
    for number in range(9):
        habit = learn(habit, region, number * 60.0, well=True)
    assert habit.usual_rate is None
    habit = learn(habit, region, 540.0, well=True)
    assert habit.usual_rate == pytest.approx(15.0)
    peak = learn(habit, replace(region, request_rate=150.0), 600.0, well=False)
    assert peak.usual_rate == pytest.approx(15.0)
    for number in range(20):
        habit = learn(habit, region, 600.0 + number * 60.0, well=True)
    assert learn(habit, replace(region, request_rate=25.0), 1800.0, well=True).usual_rate == pytest.approx(15.5)


def test_a_new_version_is_noticed_and_a_missing_one_is_not_new() -> None:
    habit = learn(Habit(), well("us-east"), 0.0, well=True)
    assert (habit.version, habit.changed_at) == ("v17.1", None)
    gone = learn(habit, replace(well("us-east"), version=""), 60.0, well=True)
    assert gone.changed_at is None
    new = learn(gone, replace(well("us-east"), version="v17.2"), 120.0, well=True)
    assert (new.version, new.changed_at) == ("v17.2", 120.0)


@pytest.mark.parametrize(
    ("state", "measured", "cleared", "found"),
    [
        (RunState.SUCCEEDED, Verdict.HELPED, True, Verdict.HELPED),
        (RunState.DEGRADED, Verdict.NO_EFFECT, True, Verdict.HELPED),
        (RunState.DEGRADED, Verdict.UNKNOWN, True, Verdict.HELPED),
        (RunState.DEGRADED, Verdict.WORSE, True, Verdict.UNKNOWN),
        (RunState.SUCCEEDED, Verdict.HELPED, False, Verdict.NO_EFFECT),
        (RunState.DEGRADED, Verdict.WORSE, False, Verdict.WORSE),
        (RunState.SUCCEEDED, Verdict.HELPED, None, Verdict.UNKNOWN),
        (RunState.DEGRADED, Verdict.WORSE, None, Verdict.WORSE),
        (RunState.FAILED, None, True, Verdict.UNKNOWN),
        (RunState.CANCELLED, None, False, Verdict.UNKNOWN),
    ],
)
def test_verdicts(state: RunState, measured: Verdict | None, cleared: bool | None, found: Verdict) -> None:
    assert verdict(Ended(state, measured, "words"), cleared)[0] is found


def test_a_failover_is_judged_by_its_run() -> None:
    assert own_word(Ended(RunState.SUCCEEDED, Verdict.HELPED, "served by us-west")) == (
        Verdict.HELPED,
        "served by us-west",
    )
    assert own_word(Ended(RunState.FAILED, None, "")) == (Verdict.UNKNOWN, "failed")


@pytest.mark.parametrize("state", [RunState.CANCELLED, RunState.CONFLICT, RunState.FAILED, RunState.SUCCEEDED])
def test_what_a_person_took_over_is_theirs(state: RunState) -> None:
    assert may_go_on(Ended(state, None, "")) is (state not in (RunState.CANCELLED, RunState.CONFLICT))


def test_the_end_of_a_run_is_taken_once_and_only_of_what_is_pending() -> None:
    state = HealState(pending=PENDING)
    assert concluded(state, "heal-0-0", RunState.SUCCEEDED, None, "") == (state, ())
    ended, made = concluded(state, "heal-1-1", RunState.SUCCEEDED, Verdict.HELPED, "p95 fell")
    assert ended.pending is not None
    assert ended.pending.ended == Ended(RunState.SUCCEEDED, Verdict.HELPED, "p95 fell")
    assert made == ()
    assert concluded(ended, "heal-1-1", RunState.REFUSED, None, "late") == (ended, ())


def test_the_run_of_a_decision_is_noted_once() -> None:
    state, made = requested(HealState(pending=PENDING), "heal-1-1", "r1")
    assert [each.run_id for each in made] == ["r1"]
    assert requested(state, "heal-1-1", "r1") == (state, ())
    assert requested(HealState(), "heal-1-1", "r1") == (HealState(), ())


def test_a_refusal_is_a_decision_that_was_held() -> None:
    state, [held] = concluded(HealState(pending=PENDING), "heal-1-1", RunState.REFUSED, None, "lease: taken by bob")
    assert (held.id, held.choice, held.words) == ("heal-1-1", Choice.HELD, "refused: lease: taken by bob")
    assert (state.pending, state.cards["slow"].held) == (None, 1)


def test_the_request_names_the_decision_and_overrides_nothing() -> None:
    request = request_of(PENDING, name="healer@host")
    assert (request.action, request.target, request.idempotency_key) == ("restart", "us-east", "heal-1-1")
    assert (request.actor.name, request.actor.via, request.overrides) == ("healer@host", "heal", ())
    assert request.confirmed
    assert request.reason == "rule slow: restart us-east: p95 900 ms"


@pytest.mark.parametrize(
    ("step", "target", "typed"),
    [
        (Step("purge", (("everything", ("yes",)),)), "edge", "purge everything"),
        (Step("purge", (("tag", ("a", "b")),)), "edge", "edge"),
        (Step("failover", (("execute", ("yes",)),)), "us-east", "us-east"),
    ],
)
def test_what_would_have_to_be_typed_is_there(step: Step, target: str, typed: str) -> None:
    decision = replace(PENDING.decision, action=step.action)
    request = request_of(replace(PENDING, decision=decision, target=target, parameters=step.parameters), name="h")
    assert request.typed == typed
    assert dict(request.parameters) == dict(step.parameters)


def test_the_memory_comes_back_as_it_was() -> None:
    healer = Healer()
    healer.put("us-east", SLOW)
    healer.put("us-west", FAILING)
    for _ in range(40):
        healer.check()
        assert of_text(to_text(healer.state)) == healer.state
    assert healer.state.sequence > 2


def test_no_memory_is_a_beginning() -> None:
    assert of_text("") == HealState()


@given(st.text() | st.sampled_from(["null", "[]", '{"form": 2}', '{"at": "x"}', '{"courses": {"a": 1}}', "[" * 5000]))
def test_a_memory_that_is_none_latches_and_never_raises(text: str) -> None:
    state = of_text(text)
    if text and state != HealState():
        assert state.latch is not None
        assert not state.latch.told


def test_a_memory_cut_short_latches() -> None:
    healer = Healer()
    healer.put("us-east", SLOW)
    healer.checks(8)
    text = to_text(healer.state)
    for length in range(1, len(text)):
        assert of_text(text[:length]).latch is not None
