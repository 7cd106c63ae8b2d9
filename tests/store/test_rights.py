"""Leases, fences and what guards may ask."""

import pytest

from npconsole.errors import FencedError, UsageError
from npconsole.model.run import RunState, StepState
from npconsole.store.journal import StoredJournal
from tests.store.bench import Bench, begun, passing, wanted


def test_a_second_run_is_refused_and_the_holder_named(journal: StoredJournal, bench: Bench) -> None:
    run, lease = begun(journal, "us-east", "edge")
    bench.clock.at += 18
    other = journal.request(wanted("purge", "edge"))
    refused, none, answers = bench.open().begin(
        other.id, owner="runner-2", targets=["edge"], ttl_s=60, guards=passing, deadline_s=None
    )
    assert (refused.state, none) == (RunState.REFUSED, None)
    words = f"edge is held by runner-1 for run {run.id} (restart us-east of alice), 42 s left"
    assert answers[-1].guard == "lease"
    assert answers[-1].reason == words == refused.outcome
    assert journal.consult("", lambda ledger: ledger.lease_on("edge")) == lease


def test_an_open_run_without_an_owner_still_keeps_others_away(journal: StoredJournal, bench: Bench) -> None:
    begun(journal, ttl_s=10)
    bench.clock.at += 11
    assert journal.consult("", lambda ledger: ledger.lease_on("us-east")) is None
    other = journal.request(wanted())
    refused, _, _ = journal.begin(other.id, owner="o", targets=["us-east"], ttl_s=60, guards=passing, deadline_s=None)
    assert refused.state is RunState.REFUSED
    assert "npconsole recover" in refused.outcome


def test_environments_do_not_stand_in_each_others_way(bench: Bench) -> None:
    begun(bench.open())
    begun(bench.open(environment="staging"))


def test_after_the_end_the_target_is_free(journal: StoredJournal) -> None:
    run, lease = begun(journal)
    journal.advance(run.id, RunState.FAILED, "no", lease=lease)
    journal.release(lease)
    again, second = begun(journal)
    assert second.fence > lease.fence
    assert again.id != run.id


def test_a_lease_of_an_ended_run_ends_by_itself(journal: StoredJournal, bench: Bench) -> None:
    run, lease = begun(journal, ttl_s=10)
    journal.advance(run.id, RunState.FAILED, "no", lease=lease)
    bench.clock.at += 11
    begun(journal)


def test_check_wants_the_lease_to_last(journal: StoredJournal, bench: Bench) -> None:
    _, lease = begun(journal, ttl_s=60)
    journal.check(lease, 59)
    with pytest.raises(FencedError, match=r"lasts 60.0 s more and 60.0 s are needed"):
        journal.check(lease, 60)
    bench.clock.at += 60
    with pytest.raises(FencedError, match="has expired"):
        journal.check(lease, 0)


def test_renewing_lasts_from_now_on(journal: StoredJournal, bench: Bench) -> None:
    _, lease = begun(journal, ttl_s=60)
    bench.clock.at += 50
    renewed = journal.renew(lease, 60)
    bench.clock.at += 50
    journal.check(renewed, 9)
    journal.check(lease, 9)  # the fence counts, not the copy


def test_an_expired_lease_is_not_renewed_but_tells_what_happened(journal: StoredJournal, bench: Bench) -> None:
    run, lease = begun(journal, ttl_s=60)
    journal.intend(lease, call="c", undo="", remote="")
    bench.clock.at += 61
    with pytest.raises(FencedError):
        journal.renew(lease, 60)
    with pytest.raises(FencedError):
        journal.intend(lease, call="c", undo="", remote="")
    journal.mark(lease, 1, StepState.APPLIED)
    journal.advance(run.id, RunState.APPLIED, "it arrived late", lease=lease)


def test_the_living_are_not_taken_over(journal: StoredJournal, bench: Bench) -> None:
    run, lease = begun(journal, ttl_s=60)
    assert journal.take_over(run.id, owner="o", ttl_s=60) is None
    journal.advance(run.id, RunState.SUCCEEDED, "done", lease=lease)
    bench.clock.at += 61
    assert journal.take_over(run.id, owner="o", ttl_s=60) is None
    asked = journal.request(wanted(target="eu-west"))
    assert journal.take_over(asked.id, owner="o", ttl_s=60) is None


@pytest.mark.parametrize("death", ["expired", "rebooted", "released"])
def test_the_dead_are_taken_over_once_and_fenced_off_everywhere(
    journal: StoredJournal, bench: Bench, death: str
) -> None:
    run, lease = begun(journal, "us-east", "edge", ttl_s=60)
    journal.intend(lease, call="c", undo="{}", remote="")
    boot = "boot-2" if death == "rebooted" else "boot-1"
    if death == "expired":
        bench.clock.at += 60
    if death == "released":
        journal.release(lease)
    rescuer = bench.open(boot=boot)
    taken = rescuer.take_over(run.id, owner="rescuer", ttl_s=60)
    assert taken is not None
    found, mine = taken
    assert (mine.targets, mine.owner, found.fence) == (("edge", "us-east"), "rescuer", mine.fence)
    assert mine.fence > lease.fence
    assert rescuer.take_over(run.id, owner="third", ttl_s=60) is None
    events = len(rescuer.events(run.id))
    for write in (
        lambda: journal.check(lease, 0),
        lambda: journal.renew(lease, 60),
        lambda: journal.intend(lease, call="c", undo="", remote=""),
        lambda: journal.mark(lease, 1, StepState.SENT),
        lambda: journal.advance(run.id, RunState.FAILED, "no", lease=lease),
        lambda: journal.note(run.id, "no", lease=lease),
    ):
        with pytest.raises(FencedError, match="taken over"):
            write()
    journal.release(lease)
    assert len(rescuer.events(run.id)) == events
    rescuer.check(mine, 50)
    rescuer.mark(mine, 1, StepState.UNKNOWN)


def test_stealing_ends_a_lease_and_is_in_the_audit(journal: StoredJournal) -> None:
    run, lease = begun(journal, "us-east", "edge")
    with pytest.raises(UsageError, match="reason"):
        journal.steal("edge", actor="bob", reason=" ")
    assert journal.steal("edge", actor="bob", reason="runner hangs") == lease
    with pytest.raises(FencedError):
        journal.check(lease, 0)
    with pytest.raises(FencedError, match="taken over"):
        journal.advance(run.id, RunState.APPLIED, "no", lease=lease)
    line = journal.audit_lines()[-1]
    assert (line.kind, line.actor, line.target) == ("lease.stolen", "bob", "edge")
    assert line.data["reason"] == "runner hangs"
    assert line.data["run"] == run.id
    assert journal.steal("edge", actor="bob", reason="again") is None
    taken = journal.take_over(run.id, owner="bob", ttl_s=60)
    assert taken is not None
    assert taken[1].targets == ("edge", "us-east")


def test_intents_count_back_from_now(journal: StoredJournal, bench: Bench) -> None:
    for target in ("us-east", "eu-west"):
        begun(journal, target)
        bench.clock.at += 100
    asked = journal.request(wanted())
    ages = journal.consult(asked.id, lambda ledger: ledger.intents("restart", None, 3600))
    assert ages == [100, 200]
    assert journal.consult("", lambda ledger: ledger.intents("restart", "us-east", 3600)) == [200]
    assert journal.consult("", lambda ledger: ledger.intents("restart", None, 150)) == [100]
    assert journal.consult("", lambda ledger: ledger.intents("purge", None, 3600)) == []


def test_intents_survive_a_reboot(journal: StoredJournal, bench: Bench) -> None:
    begun(journal)
    after = bench.open(boot="boot-2")
    wall = bench.clock.wall()
    for at in (10.0, 90_000.0):
        bench.clock.at, bench.clock.epoch_s = at, wall + 1010 - at
        assert after.consult("", lambda ledger: ledger.intents("restart", None, 3600)) == [1010]
    bench.clock.epoch_s -= 9000
    assert after.consult("", lambda ledger: ledger.intents("restart", None, 3600)) == [0]


def test_a_ledger_leaves_out_the_run_that_asks(journal: StoredJournal) -> None:
    run, lease = begun(journal, "us-east", "edge")
    journal.request(wanted())
    for target in (None, "us-east", "edge"):
        assert [found.id for found in journal.consult("", lambda ledger, t=target: ledger.open_runs(t))] == [run.id]  # type: ignore[misc]  # a lambda's default
        assert journal.consult(run.id, lambda ledger, t=target: ledger.open_runs(t)) == []  # type: ignore[misc]  # a lambda's default
    assert journal.consult("", lambda ledger: ledger.open_runs("eu-west")) == []
    journal.advance(run.id, RunState.FAILED, "no", lease=lease)
    assert journal.consult("", lambda ledger: ledger.open_runs()) == []


def test_the_last_run_is_the_one_that_ended_last(journal: StoredJournal) -> None:
    assert journal.consult("", lambda ledger: ledger.last_run("restart", "us-east")) is None
    first, lease = begun(journal)
    journal.advance(first.id, RunState.SUCCEEDED, "done", lease=lease)
    journal.release(lease)
    refused = journal.request(wanted())
    journal.advance(refused.id, RunState.CANCELLED, "no", lease=None)
    begun(journal)
    last = journal.consult("", lambda ledger: ledger.last_run("restart", "us-east"))
    assert last is not None
    assert last.id == first.id


def test_a_switch_has_a_reason_and_an_audit_line(journal: StoredJournal) -> None:
    assert journal.consult("", lambda ledger: ledger.switch("heal.off")) == ""
    journal.set_switch("heal.off", "deploying\n", actor="alice")
    journal.set_switch("heal.off", "still deploying", actor="bob")
    assert journal.consult("", lambda ledger: ledger.switch("heal.off")) == "still deploying"
    journal.set_switch("heal.off", "", actor="bob")
    assert journal.consult("", lambda ledger: ledger.switch("heal.off")) == ""
    kinds = [line.kind for line in journal.audit_lines() if line.target == "heal.off"]
    assert kinds == ["switch.set", "switch.set", "switch.cleared"]
