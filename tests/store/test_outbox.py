"""What is put is told: in the order of its key, to one drainer at a time, again when that one went silent."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import insert

from npconsole.errors import StoreError, UsageError
from npconsole.model.notice import NoticeKind, Posting, PostingState
from npconsole.store import retention
from npconsole.store.tables import postings
from npconsole.store.transaction import Transaction
from npconsole.wiring.memory import Stores
from tests.store.bench import Bench
from tests.store.samples import notice

TRIGGER, UPDATE, RESOLVE = NoticeKind.TRIGGER, NoticeKind.UPDATE, NoticeKind.RESOLVE


def claimed(stores: Stores, *, channel: str = "slack", limit: int = 10, for_s: float = 30) -> list[str]:
    """The ids of those that are given out."""
    return ids(stores.outbox.claim(channel, owner="drainer-1", for_s=for_s, limit=limit))


def ids(found: Sequence[Posting]) -> list[str]:
    return [posting.notice.id for posting in found]


def test_a_notice_comes_back_to_the_letter(stores: Stores, bench: Bench) -> None:
    stores.outbox.put([notice("n1")])
    assert stores.outbox.postings() == [Posting(notice("n1"), next_wall=bench.clock.wall())]
    assert stores.outbox.claim("slack", owner="d", for_s=30, limit=10) == stores.outbox.postings()


def test_the_same_id_is_put_once(stores: Stores) -> None:
    stores.outbox.put([notice("n1"), replace(notice("n1"), summary="twice")])
    stores.outbox.put([notice("n2"), replace(notice("n1"), summary="again")])
    stores.outbox.delivered("n1")
    stores.outbox.put([notice("n1")])
    assert [(found.notice.id, found.notice.summary) for found in stores.outbox.postings()] == [
        ("n2", "us-east is slow"),
        ("n1", "us-east is slow"),
    ]
    assert claimed(stores) == ["n2"]


def test_of_each_key_only_the_first_is_given_out(stores: Stores) -> None:
    stores.outbox.put(
        [
            notice("a1", key="a"),
            notice("a2", UPDATE, key="a"),
            notice("b1", key="b"),
            notice("a3", RESOLVE, key="a"),
            notice("p1", key="a", channel="pagerduty"),
        ]
    )
    assert claimed(stores) == ["a1", "b1"]
    assert claimed(stores) == [], "what is claimed keeps what is behind it"
    stores.outbox.delivered("a1")
    assert claimed(stores) == ["a2"]
    stores.outbox.postpone("a2", after_s=0, detail="503")
    assert claimed(stores) == ["a2"], "it keeps its place"
    stores.outbox.give_up("a2", detail="404")
    assert claimed(stores) == ["a3"]
    assert claimed(stores, channel="pagerduty") == ["p1"]


def test_notices_without_a_key_wait_for_nobody(stores: Stores) -> None:
    stores.outbox.put([notice(f"t{number}", NoticeKind.TEST, key="") for number in range(3)])
    assert claimed(stores, limit=2) == ["t0", "t1"]
    assert claimed(stores) == ["t2"]


def test_a_claim_that_passed_is_given_out_again(stores: Stores, bench: Bench) -> None:
    stores.outbox.put([notice("n1")])
    assert claimed(stores, for_s=30) == ["n1"]
    bench.clock.at += 29
    assert claimed(bench.stores()) == []
    bench.clock.at += 1
    assert claimed(bench.stores()) == ["n1"]


def test_after_a_restart_of_the_host_everything_is_due(stores: Stores, bench: Bench) -> None:
    stores.outbox.put([notice("n1", key="a"), notice("n2", key="b"), notice("n3", key="c")])
    assert claimed(stores, limit=1, for_s=3600) == ["n1"]
    stores.outbox.postpone("n2", after_s=3600, detail="503")
    assert claimed(bench.stores(boot="boot-2")) == ["n1", "n2", "n3"]


def test_what_is_postponed_waits(stores: Stores, bench: Bench) -> None:
    stores.outbox.put([notice("n1")])
    claimed(stores)
    stores.outbox.postpone("n1", after_s=60, detail="429 Too Many Requests\x1b[2J")
    (found,) = stores.outbox.postings(pending_only=True)
    assert (found.attempts, found.detail) == (1, "429 Too Many Requests␛[2J")
    assert found.next_wall == bench.clock.wall() + 60
    bench.clock.at += 59
    assert claimed(stores) == []
    bench.clock.at += 1
    assert claimed(stores) == ["n1"]
    stores.outbox.postpone("n1", after_s=60, detail="again")
    assert stores.outbox.postings()[0].attempts == 2


def test_what_was_put_away_stays_as_it_is(stores: Stores) -> None:
    stores.outbox.put([notice("n1"), notice("n2", key="b")])
    stores.outbox.delivered("n1", reference="ts-1", detail="ok")
    stores.outbox.give_up("n2", detail="404")
    before = stores.outbox.postings()
    lines = len(stores.journal.audit_lines())
    for identity in ("n1", "n2"):
        stores.outbox.delivered(identity, reference="ts-2")
        stores.outbox.postpone(identity, after_s=5, detail="late")
        stores.outbox.give_up(identity, detail="late")
    assert stores.outbox.postings() == before
    assert len(stores.journal.audit_lines()) == lines
    assert [(found.state, found.detail, found.reference) for found in before] == [
        (PostingState.GIVEN_UP, "404", ""),
        (PostingState.DELIVERED, "ok", "ts-1"),
    ]
    assert stores.outbox.postings(pending_only=True) == []


def test_giving_up_is_in_the_audit(stores: Stores) -> None:
    stores.outbox.put([notice("n1")])
    stores.outbox.give_up("n1", detail="404 channel_not_found")
    line = stores.journal.audit_lines()[-1]
    assert (line.kind, line.target) == ("notice.given_up", "prod/us-east/latency")
    assert (line.data["notice"], line.data["channel"]) == ("n1", "slack")
    assert line.data["detail"] == "404 channel_not_found"


def test_a_notice_of_another_memory_is_said(stores: Stores, bench: Bench) -> None:
    bench.stores(environment="staging").outbox.put([notice("n1")])
    with pytest.raises(StoreError, match="no notice n1 in environment prod"):
        stores.outbox.delivered("n1")
    with pytest.raises(StoreError, match="no notice n1 in environment prod"):
        stores.outbox.postpone("n1", after_s=1, detail="")
    with pytest.raises(StoreError, match="no notice n1 in environment prod"):
        stores.outbox.give_up("n1", detail="")
    assert claimed(stores) == []


def test_an_incident_is_told_in_one_thread_until_it_is_resolved(stores: Stores) -> None:
    def tell(identity: str, kind: NoticeKind, reference: str, key: str = "a") -> str:
        stores.outbox.put([notice(identity, kind, key=key)])
        stores.outbox.delivered(identity, reference=reference)
        return stores.outbox.reference("slack", "a")

    assert stores.outbox.reference("slack", "a") == ""
    assert tell("n1", TRIGGER, "ts-1") == "ts-1"
    assert tell("n2", UPDATE, "ts-2") == "ts-1"
    assert tell("n3", TRIGGER, "ts-3", key="b") == "ts-1"
    assert stores.outbox.reference("pagerduty", "a") == ""
    assert tell("n4", RESOLVE, "ts-4") == ""
    assert stores.outbox.reference("slack", "b") == "ts-3"
    assert tell("n5", TRIGGER, "ts-5") == "ts-5"
    assert tell("n6", TRIGGER, "") == "", "an answer without a name must not lead to the incident before"


def test_a_resolve_that_is_given_up_ends_the_thread_too(stores: Stores) -> None:
    stores.outbox.put([notice("n1"), notice("n2", RESOLVE)])
    stores.outbox.delivered("n1", reference="ts-1")
    stores.outbox.give_up("n2", detail="410")
    assert stores.outbox.reference("slack", "prod/us-east/latency") == ""


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf"), 1e6])
def test_claims_and_pauses_end(stores: Stores, wrong: float) -> None:
    stores.outbox.put([notice("n1")])
    with pytest.raises(UsageError, match="a claim lasts"):
        stores.outbox.claim("slack", owner="d", for_s=wrong, limit=1)
    if wrong != 0:
        with pytest.raises(UsageError, match="is put off"):
            stores.outbox.postpone("n1", after_s=wrong, detail="")
    assert claimed(stores) == ["n1"]


def test_hostile_notices_are_cleaned(stores: Stores) -> None:
    hostile = replace(
        notice("n\x1b1", key="k\n1"),
        summary="<!channel>\x1b[2J" + "y" * 9000,
        facts=tuple((f"f{number}\x07", "\ud83d") for number in range(80)),
        began_wall=float("nan"),
    )
    stores.outbox.put([hostile])
    (found,) = stores.outbox.claim("slack", owner="\x1b", for_s=30, limit=1)
    assert (found.notice.id, found.notice.key) == ("n␛1", "k ⏎ 1")
    assert found.notice.summary.startswith("<!channel>␛[2J")
    assert len(found.notice.summary) == 2000
    assert found.notice.facts[0] == ("f0␇", "\ufffd")
    assert len(found.notice.facts) == 50
    assert found.notice.began_wall is None
    stores.outbox.put([hostile])
    stores.outbox.delivered("n\x1b1")
    assert len(stores.outbox.postings()) == 1
    with pytest.raises(UsageError, match="the time of a notice"):
        stores.outbox.put([replace(notice("n2"), wall=float("inf"))])


def test_a_thousand_are_drained_in_batches(stores: Stores) -> None:
    stores.outbox.put([notice(f"n{number}", key=f"k{number}") for number in range(1000)])
    batches = [claimed(stores, limit=250) for _ in range(5)]
    assert [len(batch) for batch in batches] == [250, 250, 250, 250, 0]
    assert [identity for batch in batches for identity in batch] == [f"n{number}" for number in range(1000)]


def test_what_was_told_is_forgotten_in_time_and_counted_still(stores: Stores, bench: Bench) -> None:
    stores.outbox.put([notice("old", key="a"), notice("gone", key="b"), notice("waits", key="c")])
    stores.outbox.delivered("old", reference="ts-1")
    stores.outbox.give_up("gone", detail="404")
    bench.clock.at += retention.KEPT_S + 1
    stores.outbox.put([notice("new", key="d"), notice("p", channel="pagerduty")])
    stores.outbox.delivered("new")
    assert set(ids(stores.outbox.postings())) == {"waits", "new", "p"}
    for _ in range(2):
        assert stores.outbox.counts() == {
            ("slack", "delivered"): 2,
            ("slack", "given up"): 1,
            ("slack", "pending"): 1,
            ("pagerduty", "pending"): 1,
        }
        bench.clock.at += retention.KEPT_S + 1
        stores.outbox.put([])
    assert stores.outbox.reference("slack", "a") == "ts-1", "the incident is open still"


def test_no_more_than_the_bound_are_kept(stores: Stores) -> None:
    told_before(stores, retention.KEPT + 2)
    stores.outbox.put([notice("pending")])
    kept = stores.outbox.postings(limit=retention.KEPT)
    assert (kept[0].notice.id, kept[-1].notice.id) == ("pending", "n3")
    assert stores.outbox.counts() == {("slack", "delivered"): retention.KEPT + 2, ("slack", "pending"): 1}


def told_before(stores: Stores, count: int) -> None:
    """Notices that were delivered one after another in the last hours."""
    common = {"environment": "prod", "channel": "slack", "kind": "trigger", "key": "a", "severity": "info"}
    common |= {"state": "delivered", "epoch": "boot-1"}

    def work(transaction: Transaction) -> None:
        now = transaction.now
        when = {"wall": now.wall, "next_wall": now.wall, "due_at": now.at}
        rows = [
            common | when | {"id": f"n{number}", "ended_wall": now.wall - count + number} for number in range(count)
        ]
        transaction.connection.execute(insert(postings), rows)

    stores.journal.memory.write(work)


def test_a_damaged_notice_is_given_up_and_keeps_nobody(stores: Stores, bench: Bench) -> None:
    stores.outbox.put([notice("n1"), notice("n2", key="b")])
    bench.edit("UPDATE postings SET severity = 'dire' WHERE id = 'n1'")
    assert claimed(stores) == ["n2"]
    line = stores.journal.audit_lines()[-1]
    assert (line.kind, line.data["notice"]) == ("notice.given_up", "n1")
    assert "damaged" in str(line.data["detail"])
    with pytest.raises(StoreError, match="notice n1 in the memory is damaged"):
        stores.outbox.postings()
