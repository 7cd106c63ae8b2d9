"""Who is there, and who watches a run."""

import math

from npconsole.model.run import Presence
from npconsole.store.journal import StoredJournal
from tests.store.bench import Bench, begun


def there(identity: str, *, actor: str = "alice", doing: str = "") -> Presence:
    """A console."""
    return Presence(identity, actor, "host-a", 4711, "console", 0.0, doing)


def test_those_seen_lately_are_present(journal: StoredJournal, bench: Bench) -> None:
    journal.beat(there("a"))
    bench.clock.at += 20
    journal.beat(there("b", actor="bob\x1b[2J", doing="restart us-east"))
    assert [found.id for found in journal.present(30)] == ["a", "b"]
    only = journal.present(10)
    assert [(found.actor, found.doing, found.seen_wall) for found in only] == [
        ("bob␛[2J", "restart us-east", bench.clock.wall())
    ]
    journal.beat(there("a"))
    assert len(journal.present(10)) == 2
    journal.leave("b")
    assert [found.id for found in journal.present(math.inf)] == ["a"]


def test_consoles_of_an_earlier_boot_are_gone(journal: StoredJournal, bench: Bench) -> None:
    journal.beat(there("a"))
    assert bench.open(boot="boot-2").present(math.inf) == []


def test_a_run_knows_when_it_was_last_watched(journal: StoredJournal, bench: Bench) -> None:
    run, _ = begun(journal)
    assert journal.operator_seen_s(run.id) is None
    journal.beat(there("a"))
    assert journal.operator_seen_s(run.id) is None
    journal.beat(there("a"), watching=[run.id])
    bench.clock.at += 30
    journal.beat(there("b"), watching=[run.id, "another"])
    bench.clock.at += 5
    journal.beat(there("a"))
    assert journal.operator_seen_s(run.id) == 5
    journal.leave("b")
    assert journal.operator_seen_s(run.id) == 5
    assert bench.open(boot="boot-2").operator_seen_s(run.id) == math.inf
