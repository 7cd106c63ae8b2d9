"""What a leader judges and writes down, over a real memory: all at once or not at all, and the next leader goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from npconsole.errors import FencedError
from npconsole.healer.request import request_of
from npconsole.healer.state import of_text
from npconsole.model.heal import HEAL_ACK, HEAL_OFF, Choice
from npconsole.model.notice import NoticeKind
from npconsole.model.run import Run, RunState, Verdict
from npconsole.wiring.daemon.helm import News
from npconsole.wiring.daemon.overview import VIEW, decode_view
from tests.engine.estates import FINE, SLOW
from tests.wiring.daemon.bench import Bench, bench


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made


def ended(place: Bench, decision_id: str, verdict: Verdict = Verdict.HELPED) -> News:
    """The run of a decision, asked for and done."""

    pending = of_text(place.stores.heal.state("heal")).pending
    assert pending is not None
    assert pending.decision.id == decision_id
    journal = place.stores.journal
    run: Run = journal.request(request_of(pending, name="healer@here"))
    begun, lease, _ = journal.begin(
        run.id, owner="runner", targets=("us-east",), ttl_s=60, guards=lambda _: (), deadline_s=None
    )
    assert lease is not None
    done = journal.advance(begun.id, RunState.SUCCEEDED, "done", lease=lease, verdict=verdict, outcome="it helped")
    journal.release(lease)
    return News(decision_id, done)


def test_a_calm_estate_is_checked_and_nothing_is_said(place: Bench) -> None:
    helm = place.leads()
    ticked = place.check(helm)
    assert (ticked.decisions, ticked.told) == ((), 0)
    view = decode_view(place.stores.heal.state(VIEW))
    assert view is not None
    assert view.leader == "one"
    assert view.checked_wall == pytest.approx(place.clock.wall())


def test_a_decision_is_on_disk_before_anybody_can_ask_for_its_run(place: Bench) -> None:
    helm = place.leads()
    place.check(helm)
    place.world.vitals["us-east"] = SLOW
    [acted] = place.until_it_acts(helm).decisions
    assert helm.pending is not None
    assert helm.pending.decision == acted
    assert [each.id for each in place.stores.heal.decisions()] == [acted.id]
    assert acted.evidence


def test_the_whole_story_has_one_action_one_trigger_and_one_resolve(place: Bench) -> None:
    helm = place.leads()
    place.check(helm)
    place.world.vitals["us-east"] = SLOW
    [acted] = place.until_it_acts(helm).decisions
    place.world.vitals["us-east"] = FINE
    place.check(helm, ended(place, acted.id))
    for _ in range(15):
        place.check(helm)
    [decision] = place.stores.heal.decisions()
    assert (decision.choice, decision.verdict) == (Choice.ACT, Verdict.HELPED)
    assert decision.run_id
    kinds = [notice.kind for notice in place.notices()]
    assert (kinds.count(NoticeKind.TRIGGER), kinds.count(NoticeKind.RESOLVE), kinds[-1]) == (1, 1, NoticeKind.RESOLVE)
    assert len({notice.key for notice in place.notices()}) == 1


def test_the_next_leader_finds_what_is_pending_and_tells_nothing_twice(place: Bench) -> None:
    first = place.leads("one")
    place.check(first)
    place.world.vitals["us-east"] = SLOW
    [acted] = place.until_it_acts(first).decisions
    told = place.notices()
    place.stores.heal.resign(first.fence)
    second = place.leads("two")
    assert second.pending is not None
    assert second.pending.decision.id == acted.id
    place.check(second)
    assert second.pending is not None
    assert place.notices() == told


def test_who_does_not_lead_any_more_writes_nothing(place: Bench) -> None:
    first = place.leads("one")
    place.check(first)
    place.stores.heal.resign(first.fence)
    second = place.leads("two")
    place.check(second)
    written = place.stores.heal.state("heal")
    with pytest.raises(FencedError):
        place.check(first)
    assert place.stores.heal.state("heal") == written


def test_a_tick_between_checks_follows_alerts_and_decides_nothing(place: Bench) -> None:
    helm = place.leads()
    checked = place.check(helm)
    place.world.vitals["us-east"] = SLOW
    for _ in range(12):
        ticked = place.check(helm, check=False)
        assert ticked.decisions == ()
        assert ticked.view.checked_wall == checked.view.checked_wall
    assert [notice.kind for notice in place.notices()] == [NoticeKind.TRIGGER]


def test_switched_off_it_says_why_and_does_nothing(place: Bench) -> None:
    helm = place.leads()
    place.check(helm)
    place.stores.journal.set_switch(HEAL_OFF, "migration", actor="alice")
    place.world.vitals["us-east"] = SLOW
    decisions = [each for _ in range(12) for each in place.check(helm).decisions]
    assert {each.choice for each in decisions} == {Choice.HELD}
    assert place.check(helm).view.off == "migration"
    assert helm.pending is None


def test_while_a_vendor_tells_of_grave_trouble_nothing_is_healed_and_the_reason_is_kept(place: Bench) -> None:
    helm = place.leads()
    place.check(helm)
    place.world.vitals["us-east"] = SLOW
    decisions = [each for _ in range(12) for each in place.check(helm, provider="railway: Major Outage").decisions]
    assert {(each.choice, each.words) for each in decisions} == {(Choice.HELD, "provider: railway: Major Outage")}
    assert [each.choice for _ in range(8) for each in place.check(helm).decisions][:1] == [Choice.ACT]


def test_a_muted_region_is_left_alone_and_told_of_when_the_mute_ends(place: Bench) -> None:
    helm = place.leads()
    place.check(helm)
    place.stores.mutes.mute("us-east", for_s=900, reason="maintenance", actor="alice")
    place.world.vitals["us-east"] = SLOW
    for _ in range(12):
        place.check(helm)
    assert (helm.pending, place.notices()) == (None, [])
    for _ in range(10):
        place.check(helm)
    assert NoticeKind.TRIGGER in [notice.kind for notice in place.notices()]


def test_a_memory_of_another_form_latches_pages_once_and_waits_for_a_person(place: Bench) -> None:
    fence = place.stores.heal.lead(owner="one", ttl_s=80_000)
    assert fence is not None
    place.stores.heal.commit(fence, states={"heal": '{"form": 99}'})
    helm = place.leads()
    for _ in range(8):
        latched = place.check(helm).view.latched
        assert "form 99" in latched
    assert [notice.kind for notice in place.notices()] == [NoticeKind.TRIGGER]
    place.stores.journal.set_switch(HEAL_ACK, "looked at it", actor="alice")
    assert place.check(helm).view.latched == ""
    assert place.stores.journal.consult("", lambda ledger: ledger.switch(HEAL_ACK)) == ""
    for _ in range(4):
        place.check(helm)
    assert [notice.kind for notice in place.notices()] == [NoticeKind.TRIGGER, NoticeKind.RESOLVE]


def test_a_problem_is_in_what_people_see(place: Bench) -> None:
    assert place.check(place.leads(), problem="a bad file").view.problem == "a bad file"


def test_a_rehearsal_keeps_its_own_time_and_shows_that_of_people(place: Bench) -> None:
    """Ten seconds between two looks are a minute."""
    helm = place.leads(speed=6.0)
    helm.tick(place.world.round(), check=True, news=(), undelivered=(), problem="")
    place.world.vitals["us-east"] = SLOW
    began = place.clock.wall()
    decisions = [
        each
        for _ in range(8)
        for each in helm.tick(place.world.round(), check=True, news=(), undelivered=(), problem="").decisions
    ]
    [acted] = [each for each in decisions if each.choice is Choice.ACT]
    assert began < acted.wall <= place.clock.wall()
    [told] = [notice for notice in place.notices() if notice.kind is NoticeKind.TRIGGER]
    assert began < told.wall <= place.clock.wall()
    again = place.leads(speed=6.0)
    assert (again.tempo, again.heal) == (helm.tempo, helm.heal)
    anew = place.leads(speed=1.0)
    assert (anew.pending, len(anew.troubles)) == (None, 1)
    assert anew.alerts.audit_after == helm.alerts.audit_after
