"""Lost writes, what the journal keeps of a step, when a failover was proven, and watching beside the work."""

import asyncio
from dataclasses import replace

import pytest

from npconsole.actions.beside import beside
from npconsole.actions.failover.outcome import KEY, Outcome, Targets, to_outcome
from npconsole.actions.failover.proof import proof_sentence
from npconsole.actions.failover.shift import Shift
from npconsole.actions.failover.trace import Setting, Undoing, receipt, revisions, to_undoing, touching
from npconsole.actions.failover.writes import Losses
from npconsole.errors import BadAnswerError, RefusedError
from npconsole.model.action import AccessRole
from npconsole.model.controls import Pool
from npconsole.model.run import Actor, Run, RunRequest, RunState, Step, StepState
from tests.actions.virtual import FakeClock, play

TARGETS = Targets(180.0, 300.0, 1.0)
PROVEN = Outcome("us-east", TARGETS, (100.0,), 1.0, Shift(1.0, 2.0, 1.5, 38.0, "us-west", 400, 4), 50.0, 3.0)
DAY_S = 86400.0


@pytest.mark.parametrize(
    ("acknowledged", "found", "rpo_s"),
    [
        ({}, 5, None),
        ({1: 10.0, 2: 10.5}, 2, 0.0),
        ({1: 10.0, 2: 10.5}, 3, 0.0),
        ({1: 10.0, 2: 10.5, 3: 11.0}, 1, 1.0),
        ({1: 10.0, 2: 10.5}, None, 0.5),
        ({5: 10.0, 6: 12.0}, 2, 2.0),
    ],
)
def test_losses(acknowledged: dict[int, float], found: int | None, rpo_s: float | None) -> None:
    losses = Losses()
    for number, at in acknowledged.items():
        losses.heard(number, at)
    losses.found(found)
    assert losses.rpo_s == rpo_s


def test_the_worst_loss_stays() -> None:
    losses = Losses()
    for number, at in {1: 1.0, 2: 3.0}.items():
        losses.heard(number, at)
    losses.found(1)
    losses.found(2)
    assert losses.rpo_s == 2.0


def step(number: int, state: StepState, remote: str, undo: str = "") -> Step:
    return Step(number, "call", state, undo, remote)


def test_revisions_are_known_only_when_every_call_was_answered() -> None:
    mine = receipt(Pool("p", "p", enabled=False, revision="r2"))
    done, other = step(1, StepState.APPLIED, mine), step(2, StepState.APPLIED, touching("q"))
    assert revisions([done, other, step(3, StepState.FAILED, touching("p"))], "p") == frozenset({"r2"})
    assert revisions([done, step(2, StepState.UNKNOWN, touching("p"))], "p") is None
    assert revisions([step(1, StepState.APPLIED, touching("p"))], "p") is None
    assert revisions([step(1, StepState.APPLIED, receipt(Pool("p", "p", enabled=False, revision="")))], "p") is None
    assert revisions([step(1, StepState.APPLIED, "not JSON")], "p") == frozenset()


def test_an_undo_survives_the_journal() -> None:
    undoing = Undoing("p", Setting(True, 0.0, 0.0), Setting(False, 0.0, 0.0))
    assert to_undoing(step(1, StepState.SENT, "", undoing.text())) == undoing


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"pool_id": 1}', '{"pool_id": 1, "before": 2, "after": 3}', "null"])
def test_an_undo_of_somebody_else(text: str) -> None:
    with pytest.raises(BadAnswerError):
        to_undoing(step(1, StepState.SENT, "", text))


def ended(days_ago: float, outcome: Outcome | None, *, sent: bool = True, state: RunState = RunState.REVERTED) -> Run:
    request = RunRequest("failover", "us-east", Actor("alice", AccessRole.ADMIN, "cli"))
    steps = (step(1, StepState.APPLIED, ""),) if sent else ()
    result = {} if outcome is None else {KEY: outcome.data()}
    wall = 100 * DAY_S - days_ago * DAY_S
    return Run(f"run-{days_ago}", request, state, wall, wall, steps=steps, result=result)


FAILED = replace(PROVEN, shift=Shift())
SLOW = replace(PROVEN, shift=replace(PROVEN.shift, moved_s=301.0))


@pytest.mark.parametrize(
    ("runs", "sentence"),
    [
        ([], "failover us-east never proven"),
        ([ended(12, PROVEN)], "failover us-east -> us-west last proven 12 d ago, 38.0 s"),
        ([ended(12, PROVEN), ended(40, PROVEN)], "failover us-east -> us-west last proven 12 d ago, 38.0 s"),
        (
            [ended(2, FAILED), ended(12, PROVEN)],
            "failover us-east -> us-west last proven 12 d ago, 38.0 s; not proven since in 1 later",
        ),
        ([ended(2, SLOW)], "failover us-east never proven; 1 drills did not prove it"),
        ([ended(1, None)], "failover us-east never proven; 1 drills did not prove it"),
        ([ended(1, None, sent=False)], "failover us-east never proven"),
        ([ended(1, PROVEN, state=RunState.HOLDING)], "failover us-east never proven"),
        (
            [replace(ended(1, PROVEN), result={KEY: {"region": 1}})],
            "failover us-east never proven; 1 drills did not prove it",
        ),
    ],
)
def test_proof(runs: list[Run], sentence: str) -> None:
    assert proof_sentence(runs, "us-east", 100 * DAY_S) == sentence


def test_an_outcome_survives_the_journal() -> None:
    assert to_outcome(PROVEN.data()) == PROVEN
    assert "took 38.0 s (target 3 min, limit 5 min)" in PROVEN.words
    assert "4 of 400 requests failed" in PROVEN.words


@pytest.mark.parametrize(
    ("outcome", "proven"),
    [
        (PROVEN, True),
        (SLOW, False),
        (FAILED, False),
        (replace(PROVEN, rpo_s=1.0), True),
        (replace(PROVEN, rpo_s=1.1), False),
    ],
)
def test_proven(outcome: Outcome, proven: bool) -> None:
    assert outcome.proven is proven


def test_an_error_comes_out_as_it_is_and_the_watchers_end() -> None:
    ended_at: list[float] = []
    clock = FakeClock()

    async def watcher() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            ended_at.append(clock.now())

    async def work() -> None:
        await asyncio.sleep(1)
        raise RefusedError("no")

    with pytest.raises(RefusedError):
        play(clock, beside(work(), watcher()))
    assert ended_at == [1001.0]
