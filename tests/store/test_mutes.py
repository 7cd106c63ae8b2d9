"""A mute is obeyed where switches are, says who and why, and always ends."""

import math

import pytest

from npconsole.errors import UsageError
from npconsole.model.mute import MUTE
from npconsole.store.journal import StoredJournal
from npconsole.wiring.memory import Stores
from tests.store.bench import Bench


def reason(journal: StoredJournal, target: str = "us-east") -> str:
    """What a guard hears."""
    return journal.consult("", lambda ledger: ledger.switch(MUTE + target))


def test_a_mute_ends_by_itself(stores: Stores, bench: Bench) -> None:
    muted = stores.mutes.mute("us-east", for_s=60, reason="upgrade\x1b[2J\n", actor="alice")
    assert (muted.reason, muted.begun_wall, muted.until_wall) == (
        "upgrade␛[2J",
        bench.clock.wall(),
        bench.clock.wall() + 60,
    )
    assert stores.mutes.mutes() == [muted]
    assert reason(stores.journal) == muted.reason
    assert reason(stores.journal, "eu-west") == ""
    bench.clock.at += 59.9
    assert reason(stores.journal) == muted.reason
    bench.clock.at += 0.1
    assert reason(stores.journal) == ""
    assert stores.mutes.mutes() == []


def test_a_later_mute_replaces_an_earlier_and_the_first_to_end_is_first(stores: Stores, bench: Bench) -> None:
    stores.mutes.mute("us-east", for_s=600, reason="upgrade", actor="alice")
    stores.mutes.mute("edge", for_s=300, reason="move", actor="alice")
    bench.clock.at += 10
    stores.mutes.mute("us-east", for_s=60, reason="shorter", actor="bob")
    assert [(mute.target, mute.reason) for mute in stores.mutes.mutes()] == [("us-east", "shorter"), ("edge", "move")]
    assert bench.stores(environment="staging").mutes.mutes() == []


def test_ending_it_early_is_in_the_audit_once(stores: Stores, bench: Bench) -> None:
    stores.mutes.mute("us-east", for_s=60, reason="upgrade", actor="alice")
    for _ in range(2):
        stores.mutes.unmute("us-east", actor="bob")
    stores.mutes.mute("edge", for_s=1, reason="short", actor="alice")
    bench.clock.at += 2
    stores.mutes.unmute("edge", actor="bob")
    assert stores.mutes.mutes() == []
    lines = [(line.kind, line.actor, line.target) for line in stores.journal.audit_lines()[1:]]
    assert lines == [
        ("mute.set", "alice", "us-east"),
        ("mute.cleared", "bob", "us-east"),
        ("mute.set", "alice", "edge"),
    ]
    assert stores.journal.audit_lines()[1].data == {
        "reason": "upgrade",
        "for_s": 60.0,
        "until_wall": bench.clock.epoch_s + 1060,
    }


@pytest.mark.parametrize("for_s", [0, -1, math.nan, math.inf, 31 * 86400])
def test_a_mute_without_an_end_is_refused(stores: Stores, for_s: float) -> None:
    with pytest.raises(UsageError, match="at most 30 days"):
        stores.mutes.mute("us-east", for_s=for_s, reason="r", actor="a")
    assert stores.mutes.mutes() == []


@pytest.mark.parametrize(("target", "why"), [("", "r"), ("us-east", " \n")])
def test_a_mute_says_what_and_why(stores: Stores, target: str, why: str) -> None:
    with pytest.raises(UsageError, match="a target and a reason"):
        stores.mutes.mute(target, for_s=60, reason=why, actor="a")


def test_a_switch_is_no_way_around_the_end(stores: Stores) -> None:
    stores.mutes.mute("us-east", for_s=60, reason="upgrade", actor="alice")
    for why in ("for ever", ""):
        with pytest.raises(UsageError, match="a mute has an end"):
            stores.journal.set_switch("mute.us-east", why, actor="bob")
    assert [mute.reason for mute in stores.mutes.mutes()] == ["upgrade"]


@pytest.mark.parametrize(
    ("passed_s", "wrong_s", "lasts"),
    [(30, 0, True), (59, 0, True), (61, 0, False), (30, -1000, False), (30, 1000, False)],
)
def test_after_a_restart_of_the_host_wall_time_decides(
    stores: Stores, bench: Bench, passed_s: float, wrong_s: float, lasts: bool
) -> None:
    stores.mutes.mute("us-east", for_s=60, reason="upgrade", actor="alice")
    wall = bench.clock.wall()
    bench.clock.at = 3.0
    bench.clock.epoch_s = wall + passed_s + wrong_s - 3.0
    after = bench.stores(boot="boot-2")
    assert bool(reason(after.journal)) is lasts
    assert bool(after.mutes.mutes()) is lasts


def test_a_wall_clock_that_is_set_does_not_end_a_mute_of_this_boot(stores: Stores, bench: Bench) -> None:
    stores.mutes.mute("us-east", for_s=60, reason="upgrade", actor="alice")
    bench.clock.epoch_s += 9000
    assert reason(stores.journal) == "upgrade"
    bench.clock.at += 61
    bench.clock.epoch_s -= 18_000
    assert reason(stores.journal) == ""
