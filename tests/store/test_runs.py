"""A run from its request to its end: what is kept, what is refused, what is told."""

import dataclasses
from collections.abc import Sequence

import pytest

from npconsole.errors import FencedError, RefusedError, StoreError, UsageError
from npconsole.model.journal import Ledger
from npconsole.model.run import GuardAnswer, RunState, StepState, Verdict
from npconsole.store.journal import StoredJournal
from tests.store.bench import Bench, begun, passing, wanted


def test_a_request_is_kept_to_the_letter(journal: StoredJournal) -> None:
    asked = journal.request(wanted(key="ci-1"))
    assert asked.state is RunState.REQUESTED
    assert asked.fence == 0
    assert journal.run(asked.id) == asked
    assert asked.request == wanted(key="ci-1")
    assert journal.run("nobody") is None


def test_the_same_key_is_the_same_run(journal: StoredJournal) -> None:
    first = journal.request(wanted(key="ci-1"))
    journal.advance(first.id, RunState.CANCELLED, "never mind", lease=None)
    again = journal.request(wanted(key="ci-1", reason="another reason"))
    assert (again.id, again.state, again.request.reason) == (first.id, RunState.CANCELLED, "slow")
    assert len(journal.runs()) == 1


def test_without_a_key_each_request_is_a_run_of_its_own(journal: StoredJournal) -> None:
    assert journal.request(wanted()).id != journal.request(wanted()).id


def test_a_key_that_was_used_for_something_else_is_said(journal: StoredJournal) -> None:
    journal.request(wanted(key="ci-1"))
    with pytest.raises(UsageError, match="used for restart us-east"):
        journal.request(wanted(target="eu-west", key="ci-1"))


def test_a_key_of_another_environment_is_another_key(bench: Bench) -> None:
    production, staging = bench.open(), bench.open(environment="staging")
    assert production.request(wanted(key="k")).id != staging.request(wanted(key="k")).id
    assert len(production.runs()) == 1


def test_ten_thousand_urls_come_back_in_order(journal: StoredJournal) -> None:
    urls = tuple(f"https://cdn.example.com/assets/{number}.js" for number in range(10_000))
    asked = journal.request(dataclasses.replace(wanted("purge"), parameters={"url": urls}))
    found = journal.run(asked.id)
    assert found is not None
    assert found.request.parameters["url"] == urls


@pytest.mark.parametrize("value", ["a\0b", "\ud83d", "x" * 9000])
def test_a_parameter_that_cannot_be_kept_is_refused(journal: StoredJournal, value: str) -> None:
    with pytest.raises(UsageError, match="parameter url"):
        journal.request(dataclasses.replace(wanted("purge"), parameters={"url": (value,)}))
    assert journal.runs() == []


def test_a_hostile_reason_is_one_clean_line(journal: StoredJournal) -> None:
    hostile = 'x\n{"ev": "forged"}\x1b]52;c;aGk=\x07\ud83d\0' + "y" * 100_000
    asked = journal.request(wanted(reason=hostile))
    assert len(asked.request.reason) <= 500
    assert asked.request.reason.isprintable()
    kept = [line.data["reason"] for line in journal.audit_lines() if line.kind == "run.requested"]
    assert kept == [asked.request.reason]
    assert journal.audit_problem() == ""


def test_begin_writes_intent_lease_and_deadline(journal: StoredJournal, bench: Bench) -> None:
    run, lease = begun(journal, "us-east", "edge", deadline_s=300)
    assert run.state is RunState.INTENT
    assert (lease.targets, lease.owner, lease.fence) == (("edge", "us-east"), "runner-1", run.fence)
    assert run.remaining_s == 300
    assert run.deadline_wall == bench.clock.wall() + 300
    bench.clock.at += 299
    assert (found := journal.run(run.id)) is not None
    assert found.remaining_s == 1
    bench.clock.at += 2
    assert (found := journal.run(run.id)) is not None
    assert found.remaining_s == 0


def test_a_deadline_has_passed_after_a_reboot(journal: StoredJournal, bench: Bench) -> None:
    run, _ = begun(journal, deadline_s=300)
    found = bench.open(boot="boot-2").run(run.id)
    assert found is not None
    assert found.remaining_s == 0


def test_a_guard_that_stops_makes_the_run_refused(journal: StoredJournal) -> None:
    asked = journal.request(wanted())
    stop = GuardAnswer("healthy", passed=False, reason="us-east is the last healthy region")
    run, lease, answers = journal.begin(
        asked.id, owner="o", targets=["us-east"], ttl_s=60, guards=lambda _: (stop,), deadline_s=None
    )
    assert (run.state, lease, run.outcome) == (RunState.REFUSED, None, stop.reason)
    assert stop in answers
    assert journal.events(run.id)[-1].text == f"refused: {stop.reason}"


def test_an_overridden_guard_does_not_stop(journal: StoredJournal) -> None:
    asked = journal.request(wanted())
    answer = GuardAnswer("cooldown", passed=False, reason="too soon", overridable=True, overridden=True)
    _, lease, _ = journal.begin(
        asked.id, owner="o", targets=["us-east"], ttl_s=60, guards=lambda _: (answer,), deadline_s=None
    )
    assert lease is not None


def test_a_guard_that_fails_leaves_nothing_behind(journal: StoredJournal) -> None:
    asked, lines = journal.request(wanted()), len(journal.audit_lines())

    def broken(_: Ledger) -> Sequence[GuardAnswer]:
        raise ValueError("no figures")

    with pytest.raises(ValueError, match="no figures"):
        journal.begin(asked.id, owner="o", targets=["us-east"], ttl_s=60, guards=broken, deadline_s=None)
    assert journal.run(asked.id) == asked
    assert len(journal.audit_lines()) == lines
    assert journal.consult("", lambda ledger: ledger.lease_on("us-east")) is None


def test_a_run_is_begun_once(journal: StoredJournal) -> None:
    run, _ = begun(journal)
    with pytest.raises(FencedError, match="carried out already"):
        journal.begin(run.id, owner="o", targets=["us-east"], ttl_s=60, guards=passing, deadline_s=None)


def test_nonsense_is_refused(journal: StoredJournal) -> None:
    asked, nan, inf = journal.request(wanted()), float("nan"), float("inf")
    cases: list[tuple[list[str], float, float | None]] = [([], 60, None), ([""], 60, None)]
    cases += [(["a"], ttl_s, None) for ttl_s in (0, -1, nan, inf, 1e9)]
    cases += [(["a"], 60, deadline_s) for deadline_s in (0, -1, nan, inf)]
    for targets, ttl_s, deadline_s in cases:
        with pytest.raises(UsageError):
            journal.begin(asked.id, owner="o", targets=targets, ttl_s=ttl_s, guards=passing, deadline_s=deadline_s)


def test_steps_keep_their_undo_to_the_letter(journal: StoredJournal) -> None:
    run, lease = begun(journal)
    undo = '{"pool":"p1","enabled":true,"note":"a\\nb"}'
    step = journal.intend(lease, call="disable pool p1", undo=undo, remote="p1")
    assert (step.number, step.state, step.undo, step.sent_at) == (1, StepState.INTENT, undo, None)
    journal.mark(lease, 1, StepState.SENT)
    journal.mark(lease, 1, StepState.UNKNOWN, detail="time-out after 10 s\x1b[31m", remote="p1/rev2")
    journal.intend(lease, call="second", undo="", remote="")
    found = journal.run(run.id)
    assert found is not None
    first, second = found.steps
    assert (first.undo, first.state, first.remote) == (undo, StepState.UNKNOWN, "p1/rev2")
    assert first.sent_at is not None
    assert "\x1b" not in first.detail
    assert second.number == 2
    kinds = [line.kind for line in journal.audit_lines()]
    assert kinds[-4:] == ["step.intent", "step.sent", "step.unknown", "step.intent"]


def test_an_undo_that_does_not_fit_is_refused_before_anything_is_sent(journal: StoredJournal) -> None:
    run, lease = begun(journal)
    with pytest.raises(UsageError, match="the undo of step 1 is too long"):
        journal.intend(lease, call="c", undo="x" * 70_000, remote="")
    found = journal.run(run.id)
    assert found is not None
    assert found.steps == ()


def test_a_step_that_is_not_there_is_said(journal: StoredJournal) -> None:
    _, lease = begun(journal)
    with pytest.raises(StoreError, match="has no step 7"):
        journal.mark(lease, 7, StepState.SENT)


def test_the_end_is_the_end(journal: StoredJournal) -> None:
    run, lease = begun(journal)
    ended = journal.advance(
        run.id,
        RunState.SUCCEEDED,
        "p95 fell from 480 ms to 110 ms",
        lease=lease,
        verdict=Verdict.HELPED,
        outcome="p95 110 ms",
        result={"p95_ms": 110.0, "nan": float("nan"), "huge": 10**5000},
    )
    assert (ended.verdict, ended.outcome) == (Verdict.HELPED, "p95 110 ms")
    assert ended.result == {"p95_ms": 110.0, "nan": None, "huge": "<int>"}
    with pytest.raises(FencedError, match="has ended already"):
        journal.advance(run.id, RunState.FAILED, "no", lease=lease)
    with pytest.raises(RefusedError, match="has ended already"):
        journal.ask_abort(run.id, actor="bob", reason="")


def test_without_a_lease_a_begun_run_does_not_move(journal: StoredJournal) -> None:
    run, _ = begun(journal)
    with pytest.raises(FencedError, match="carried out already"):
        journal.advance(run.id, RunState.CANCELLED, "no", lease=None)


def test_a_lease_moves_only_its_own_run(journal: StoredJournal) -> None:
    _, lease = begun(journal)
    other = journal.request(wanted(target="eu-west"))
    with pytest.raises(UsageError, match="does not move run"):
        journal.advance(other.id, RunState.PLANNED, "no", lease=lease)


def test_events_are_numbered_and_can_be_followed(journal: StoredJournal) -> None:
    run, lease = begun(journal)
    journal.note(run.id, "holding, 10 s", {"left_s": 10})
    journal.note(run.id, "holding, 5 s", lease=lease)
    events = journal.events(run.id)
    assert [event.sequence for event in events] == [1, 2, 3, 4]
    assert [event.text for event in journal.events(run.id, after=2)] == ["holding, 10 s", "holding, 5 s"]
    assert events[2].data == {"left_s": 10}
    assert journal.events(run.id, after=10**30) == []
    assert journal.events("nobody") == []


def test_the_first_reason_to_stop_stays(journal: StoredJournal) -> None:
    run, _ = begun(journal)
    journal.ask_abort(run.id, actor="bob", reason="wrong region")
    journal.ask_abort(run.id, actor="carol", reason="me too")
    found = journal.run(run.id)
    assert found is not None
    assert found.abort == "bob: wrong region"
    assert [line.actor for line in journal.audit_lines() if line.kind == "run.abort"] == ["bob", "carol"]


def test_runs_are_found_by_target_action_and_openness(journal: StoredJournal) -> None:
    first, lease = begun(journal, "us-east", "edge")
    journal.advance(first.id, RunState.FAILED, "no", lease=lease)
    journal.release(lease)
    second, _ = begun(journal, "us-east", "edge", action="purge")
    third = journal.request(wanted(target="eu-west"))
    ids = {run.id: run for run in journal.runs()}
    assert list(ids) == [third.id, second.id, first.id]
    assert [run.id for run in journal.runs(target="us-east")] == [second.id, first.id]
    assert [run.id for run in journal.runs(target="edge")] == [second.id]
    assert [run.id for run in journal.runs(action="restart")] == [third.id, first.id]
    assert [run.id for run in journal.runs(open_only=True)] == [third.id, second.id]
    assert [run.id for run in journal.runs(limit=1)] == [third.id]
    assert len(journal.runs(limit=-(10**30))) == 1
