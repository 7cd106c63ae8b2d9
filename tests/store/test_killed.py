"""Real processes at the same outbox and the same leadership, some of them killed: nothing twice, nothing in part."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from npconsole.model.clock import SystemClock
from npconsole.store.opening import open_journal
from npconsole.wiring.memory import Stores, stores_over
from tests.real.program import until
from tests.store.bench import Bench
from tests.store.leading import TURN
from tests.store.samples import notice


@contextmanager
def process(module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A process of this folder, ended afterwards."""
    started = subprocess.Popen(
        [sys.executable, "-m", f"tests.store.{module}", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate(timeout=20)


def now_stores(bench: Bench) -> Stores:
    """By the clock that the processes go by."""
    journal = open_journal(
        bench.location, clock=SystemClock(), environment="prod", host="here", syslog=False, busy_timeout_s=20
    )
    bench.opened.append(journal)
    return stores_over(journal)


def line(started: subprocess.Popen[str]) -> str:
    assert started.stdout is not None
    return started.stdout.readline().strip()


def go(started: subprocess.Popen[str]) -> None:
    assert started.stdin is not None
    started.stdin.write("go\n")


def test_many_drainers_tell_everything_and_one_that_dies_keeps_nothing(bench: Bench) -> None:
    stores = now_stores(bench)
    total = 60
    stores.outbox.put([notice(f"n{number}", key=f"k{number % 40}") for number in range(total)])
    with process("drainer", bench.location, "killed", "hold") as killed, ExitStack() as stack:
        drainers = [stack.enter_context(process("drainer", bench.location, name)) for name in ("left", "right")]
        assert [line(each) for each in (killed, *drainers)] == ["ready"] * 3
        go(killed)
        held = line(killed).split()
        killed.kill()
        for each in drainers:
            go(each)
        told = Counter(word for each in drainers for word in each.communicate(timeout=60)[0].split())
    assert held == [f"n{number}" for number in range(7)]

    def drained() -> bool:
        for posting in stores.outbox.claim("slack", owner="last", for_s=60, limit=50):
            told[posting.notice.id] += 1
            stores.outbox.delivered(posting.notice.id)
        return len(told) == total

    until(drained, what="what the killed one held is given to another", within_s=20)
    assert told == Counter(f"n{number}" for number in range(total))
    assert stores.outbox.counts() == {("slack", "delivered"): total}


def test_a_leader_killed_in_the_middle_leaves_whole_commits(bench: Bench) -> None:
    stores = now_stores(bench)
    with process("committer", bench.location) as leader:
        told = [int(line(leader)) for _ in range(5)]
    kept = int(stores.heal.state("heal"))
    assert kept >= told[-1] == 5, "what was said to be kept is kept"
    assert {each.id for each in stores.heal.decisions(limit=10_000)} == {f"d{number + 1}" for number in range(kept)}
    wanted = {f"n{number + 1}-{part}" for number in range(kept) for part in range(20)}
    assert {each.notice.id for each in stores.outbox.postings(limit=10_000)} == wanted
    assert stores.heal.lead(owner="next", ttl_s=60) is None, "its lease has not passed yet"
    until(lambda: stores.heal.lead(owner="next", ttl_s=60) is not None, what="the lease of the dead ends", within_s=20)
    assert stores.heal.leader() == "next"
    assert stores.journal.audit_problem() == ""


def test_two_daemons_never_lead_at_a_time(bench: Bench) -> None:
    """They take turns; one stands still in its turn until the other has led, and goes on in its old faith."""
    stores, commits = now_stores(bench), 35
    words = (bench.location, "left", "1", str(commits), "still")
    with process("leading", *words) as left, process("leading", bench.location, "right", "1", str(commits)) as right:
        assert [line(each) for each in (left, right)] == ["ready", "ready"]
        go(left)
        assert line(left) == "still"
        go(right)
        until(lambda: len(_log(stores)) >= 3 + TURN, what="the other leads within a lease", within_s=20)
        left.send_signal(signal.SIGCONT)
        told = {name: json.loads(line(each)) for name, each in (("left", left), ("right", right))}
    log = _log(stores)
    assert Counter(name for name, _ in log) == {name: each["kept"] for name, each in told.items()}, "nothing is lost"
    assert all(each["kept"] >= commits for each in told.values())
    assert sorted(fence for _, fence in log) == [fence for _, fence in log], "who led once never writes again"
    assert not set(told["left"]["fences"]) & set(told["right"]["fences"])
    assert {tuple(each) for each in log} <= {(name, fence) for name, each in told.items() for fence in each["fences"]}
    assert (told["left"]["late"], told["right"]["late"]) == (1, 0), "the commit that it stood still before"
    assert len(stores.heal.decisions(limit=10_000)) == len(stores.outbox.postings(limit=10_000)) == len(log)
    assert stores.journal.audit_problem() == ""


def _log(stores: Stores) -> list[tuple[str, int]]:
    return [(name, fence) for name, fence in json.loads(stores.heal.state("log") or "[]")]
