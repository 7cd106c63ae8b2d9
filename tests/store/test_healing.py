"""One leader at a time, and what it commits is whole: states, decisions and notices, or nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from npconsole.errors import FencedError, StoreError, UsageError
from npconsole.model.heal import Choice, Decision
from npconsole.model.run import Verdict
from npconsole.store import decisions
from npconsole.store.tables import decisions as table
from npconsole.wiring.memory import Stores
from tests.store.bench import Bench, begun
from tests.store.samples import decision, notice


def led(stores: Stores, owner: str = "daemon-a", ttl_s: float = 60) -> int:
    """The fence of a leader."""
    fence = stores.heal.lead(owner=owner, ttl_s=ttl_s)
    assert fence is not None
    return fence


def test_one_leads_until_its_time_has_passed(stores: Stores, bench: Bench) -> None:
    other = bench.stores()
    assert stores.heal.leader() == ""
    fence = led(stores)
    assert other.heal.lead(owner="daemon-b", ttl_s=60) is None
    bench.clock.at += 50
    assert led(stores) == fence, "it stays the same leader"
    bench.clock.at += 50
    assert other.heal.leader() == "daemon-a"
    bench.clock.at += 10
    assert other.heal.leader() == ""
    assert led(other, "daemon-b") > fence
    assert stores.heal.lead(owner="daemon-a", ttl_s=60) is None
    kinds = [(line.kind, line.actor) for line in stores.journal.audit_lines()[1:]]
    assert kinds == [("heal.leader", "daemon-a"), ("heal.leader", "daemon-b")]


def test_a_leader_whose_time_passed_gets_another_fence(stores: Stores, bench: Bench) -> None:
    fence = led(stores)
    bench.clock.at += 60
    assert led(stores) > fence


def test_fences_of_leaders_and_runs_are_one_row_of_numbers(stores: Stores) -> None:
    first = led(stores)
    _, lease = begun(stores.journal)
    stores.heal.resign(first)
    assert first < lease.fence < led(stores, "daemon-b")


def test_who_resigns_lets_another_lead_at_once(stores: Stores) -> None:
    fence = led(stores)
    stores.heal.resign(fence + 1)
    assert stores.heal.leader() == "daemon-a"
    stores.heal.resign(fence)
    assert stores.heal.leader() == ""
    next_fence = led(stores, "daemon-b")
    stores.heal.resign(fence)
    assert stores.heal.leader() == "daemon-b", "an old fence ends nothing"
    assert next_fence > fence


def test_after_a_restart_of_the_host_nobody_leads(stores: Stores, bench: Bench) -> None:
    fence = led(stores)
    after = bench.stores(boot="boot-2")
    assert after.heal.leader() == ""
    with pytest.raises(FencedError):
        after.heal.commit(fence, states={"heal": "x"})


@pytest.mark.parametrize(("owner", "ttl_s"), [("", 60), ("a", 0), ("a", float("nan")), ("a", 1e9)])
def test_a_leader_has_a_name_and_an_end(stores: Stores, owner: str, ttl_s: float) -> None:
    with pytest.raises(UsageError):
        stores.heal.lead(owner=owner, ttl_s=ttl_s)


def test_environments_have_leaders_of_their_own(stores: Stores, bench: Bench) -> None:
    led(stores)
    staging = bench.stores(environment="staging")
    fence = led(staging, "daemon-b")
    staging.heal.commit(fence, states={"heal": "staging"}, decisions=[decision("d1")])
    assert stores.heal.state("heal") == ""
    assert stores.heal.decisions() == []


def test_what_is_committed_is_found_again(stores: Stores, bench: Bench) -> None:
    fence = led(stores)
    text = '{"streak": {"us-east": 3}, "words": "größer\\n"}'
    stores.heal.commit(fence, states={"heal": text, "view": "1"}, decisions=[decision("d1")], notices=[notice("n1")])
    stores.heal.commit(fence, states={"view": "2"})
    after = bench.stores()
    assert (after.heal.state("heal"), after.heal.state("view"), after.heal.state("alerts")) == (text, "2", "")
    assert after.heal.decisions() == [decision("d1")]
    assert [posting.notice for posting in after.outbox.postings()] == [notice("n1")]


@pytest.mark.parametrize("end", ["passed", "resigned", "taken", "never"])
def test_an_old_leader_changes_nothing(stores: Stores, bench: Bench, end: str) -> None:
    fence = led(stores)
    stores.heal.commit(fence, states={"heal": "1"})
    if end in ("passed", "taken"):
        bench.clock.at += 60
    if end == "taken":
        led(bench.stores(), "daemon-b")
    if end == "resigned":
        stores.heal.resign(fence)
    with pytest.raises(FencedError, match="does not lead any more") as raised:
        stores.heal.commit(
            99 if end == "never" else fence,
            states={"heal": "2"},
            decisions=[decision("d1")],
            notices=[notice("n1")],
        )
    assert ("daemon-b does" in raised.value.message) is (end == "taken")
    assert stores.heal.state("heal") == "1"
    assert stores.heal.decisions() == []
    assert stores.outbox.postings() == []


def test_a_part_that_cannot_be_kept_leaves_the_rest_out_too(stores: Stores) -> None:
    fence = led(stores)
    wrong = replace(decision("d2"), wall=float("nan"))
    for states, made in (({"heal": "a\0b"}, [decision("d1")]), ({"heal": "2"}, [decision("d1"), wrong])):
        with pytest.raises(UsageError):
            stores.heal.commit(fence, states=states, decisions=made, notices=[notice("n1")])
    assert stores.heal.state("heal") == ""
    assert stores.heal.decisions() == []
    assert stores.outbox.postings() == []


def test_a_later_decision_of_the_same_id_takes_the_place_of_the_earlier(stores: Stores) -> None:
    fence = led(stores)
    acted = replace(decision("d1"), choice=Choice.ACT, run_id="run-7", evidence=())
    stores.heal.commit(fence, states={}, decisions=[acted, decision("d2")])
    ended = replace(acted, verdict=Verdict.HELPED, outcome="p95 900 ms -> 140 ms")
    stores.heal.commit(fence, states={}, decisions=[ended])
    assert stores.heal.decisions() == [decision("d2"), ended]


def test_decisions_are_found_by_rule_and_target_latest_first(stores: Stores) -> None:
    fence = led(stores)
    made = [
        decision("d1", rule="latency", target="us-east", wall=1_800_001_000),
        decision("d2", rule="errors", target="us-east", wall=1_800_001_002),
        decision("d3", rule="latency", target="eu-west", wall=1_800_001_001),
        decision("d4", rule="latency", target="us-east", wall=1_800_001_001),
    ]
    stores.heal.commit(fence, states={}, decisions=made)

    def found(**which: str) -> list[str]:
        return [each.id for each in stores.heal.decisions(**which)]  # type: ignore[arg-type]  # rule and target only

    assert found() == ["d2", "d4", "d3", "d1"]
    assert found(rule="latency") == ["d4", "d3", "d1"]
    assert found(rule="latency", target="us-east") == ["d4", "d1"]
    assert found(target="nowhere") == []
    assert [each.id for each in stores.heal.decisions(limit=1)] == ["d2"]


def test_hostile_words_are_cleaned(stores: Stores) -> None:
    stores.heal.commit(
        led(stores), states={}, decisions=[decision("d1", words="\x1b]52;c;aGk=\x07\ud83d" + "y" * 9000)]
    )
    (found,) = stores.heal.decisions()
    assert found.words.startswith("␛]52;c;aGk=␇\ufffdyyy")
    assert len(found.words) == 500


def test_old_decisions_are_forgotten(stores: Stores, bench: Bench) -> None:
    fence = led(stores)
    now = bench.clock.wall()
    ages_s = {"old": decisions.KEPT_S + 1, "kept": decisions.KEPT_S - 1, "new": 0.0}
    made: list[Decision] = [decision(name, wall=now - age_s) for name, age_s in ages_s.items()]
    stores.heal.commit(fence, states={}, decisions=made)
    assert [each.id for each in stores.heal.decisions()] == ["new", "kept"]


def test_decisions_beyond_the_bound_are_forgotten_from_the_oldest(stores: Stores, bench: Bench) -> None:
    fence, now = led(stores), bench.clock.wall()
    common = {"environment": "prod", "rule": "latency", "target": "us-east", "choice": "held"}
    rows = [common | {"id": f"d{number}", "wall": now - 10_002 + number} for number in range(decisions.KEPT + 2)]
    stores.journal.memory.write(lambda transaction: transaction.connection.execute(insert(table), rows))
    stores.heal.commit(fence, states={}, decisions=[decision("latest", wall=now)])
    kept = stores.heal.decisions(limit=decisions.KEPT + 10)
    assert (len(kept), kept[0].id, kept[-1].id) == (decisions.KEPT, "latest", "d3")


def test_a_damaged_decision_is_named(stores: Stores, bench: Bench) -> None:
    stores.heal.commit(led(stores), states={}, decisions=[decision("d1")])
    bench.edit("UPDATE decisions SET evidence = '{'")
    with pytest.raises(StoreError, match="decision d1 in the memory is damaged"):
        stores.heal.decisions()
