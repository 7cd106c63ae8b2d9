"""kill -9 of a real runner at every point of its run, against a real platform: never twice, never left undone."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from npconsole.model.run import RunState
from tests.real.operations import Operations, kill, operations
from tests.real.program import until

BENCHES = 3
LEASE_S = 2.0
WITHIN_S = 60.0

RESTART: dict[str, tuple[int, frozenset[RunState]]] = {
    "planned": (0, frozenset({RunState.PLANNED})),
    "confirmed": (0, frozenset({RunState.CONFIRMED})),
    "intent": (0, frozenset({RunState.FAILED})),
    "intended": (0, frozenset({RunState.FAILED})),
    "sent": (0, frozenset({RunState.DEGRADED})),
    "called": (1, frozenset({RunState.SUCCEEDED, RunState.DEGRADED})),
    "applied": (1, frozenset({RunState.SUCCEEDED, RunState.DEGRADED})),
    "verifying": (1, frozenset({RunState.SUCCEEDED, RunState.DEGRADED})),
    "ended": (1, frozenset({RunState.SUCCEEDED, RunState.DEGRADED})),
}
"""How many restarts really happen when the runner dies there, and how the run may end."""

DRAINS = ("sent", "called", "applied", "holding", "reverting", "settling")
UNDRAINED = ("intent", "intended")


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sequence[Operations]]:
    """Several platforms, so that the waiting for leases is done side by side."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(operations(tmp_path_factory.mktemp(f"bench-{number}"), options=("--speed", "4")))
            for number in range(BENCHES)
        ]


def side_by_side(benches: Sequence[Operations], points: Sequence[str], case: str) -> None:
    """Each bench takes its share of the points; the first failure says which point it was."""
    check = {"restart": die_in_a_restart, "failover": die_in_a_drill}[case]

    def share(number: int) -> None:
        for point in points[number :: len(benches)]:
            try:
                check(benches[number], point)
            except AssertionError as error:
                raise AssertionError(f"{case} at {point}: {error}") from error

    with ThreadPoolExecutor(len(benches)) as pool:
        list(pool.map(share, range(len(benches))))


def die_in_a_restart(bench: Operations, point: str) -> None:
    since, host = bench.mark(), f"restart-{point}"
    run_id = bench.request("restart", "us-west", host)
    assert bench.start_runner(run_id, point, host=host).wait(WITHIN_S) == -signal.SIGKILL
    restarts, states = RESTART[point]
    time.sleep(LEASE_S)
    for _ in range(2):
        done = bench.run("recover", host=host)
        assert done.code in (0, 1, 7), done.err
    assert bench.state_of(run_id, host).state in states
    assert len(bench.entries("restart requested", since, subject="us-west")) == restarts
    assert bench.run("audit", "verify", host=host).code == 0
    until(lambda: bench.serving("us-west"), what="us-west back", within_s=WITHIN_S)


def die_in_a_drill(bench: Operations, point: str) -> None:
    since, host = bench.mark(), f"drill-{point}"
    run_id = bench.request("failover", "us-east", host, execute="yes", hold="1s")
    assert bench.start_runner(run_id, point, host=host).wait(WITHIN_S) == -signal.SIGKILL
    # The runner's own watchdog is not there: anybody's next start finds the run by its expired lease.
    time.sleep(LEASE_S)
    bench.run("recover", host=host)
    until(lambda: bench.state_of(run_id, host).state.is_final, what=f"an end of {point}", within_s=WITHIN_S)
    assert all(bench.pools().values())
    changes = bench.entries("pool changed", since, subject="us-east")
    drained = [each for each in changes if each["enabled"] is False]
    restored = [each for each in changes if each["enabled"] is True]
    assert (len(drained), len(restored)) == ((0, 0) if point in (*UNDRAINED, "sent") else (1, 1))
    expected = RunState.FAILED if point in UNDRAINED else RunState.REVERTED
    assert bench.state_of(run_id, host).state is expected


def test_a_restart_is_never_sent_twice(benches: Sequence[Operations]) -> None:
    side_by_side(benches, tuple(RESTART), "restart")


def test_a_drill_is_always_taken_back_once(benches: Sequence[Operations]) -> None:
    side_by_side(benches, (*UNDRAINED, *DRAINS), "failover")


@pytest.mark.parametrize("dead", ["runner", "asker", "both"])
def test_kill_in_the_hold_leaves_every_pool_on(benches: Sequence[Operations], dead: str) -> None:
    """Nobody starts anything afterwards: who is left sees to it, the asker or the runner's watchdog."""
    bench, host = benches[0], f"hold-{dead}"
    since = bench.mark()
    asker = bench.start(
        "run", "failover", "us-east", "--execute", "--confirm", "us-east", "--hold", "3s", "--json", host=host
    )
    until(lambda: bench.is_holding(host), what="the hold", within_s=WITHIN_S)
    run = bench.runs(host)[0]
    if dead in ("runner", "both"):
        kill(bench.runner_of(run, host))
    if dead in ("asker", "both"):
        kill(asker.pid)
    until(lambda: bench.state_of(run.id, host).state.is_final, what="the end", within_s=WITHIN_S)
    asker.communicate(timeout=WITHIN_S)
    assert bench.state_of(run.id, host).state is RunState.REVERTED
    assert all(bench.pools().values())
    assert len(bench.entries("drained", since, subject="us-east")) == 1
    assert len(bench.entries("restored", since, subject="us-east")) == 1


def test_a_runner_that_stood_still_sends_nothing_more(benches: Sequence[Operations]) -> None:
    bench, host = benches[1], "stopped"
    since = bench.mark()
    run_id = bench.request("failover", "us-east", host, execute="yes", hold="1s")
    runner = bench.start_runner(run_id, "holding", signal.SIGSTOP, host=host)
    try:
        until(lambda: bench.is_holding(host), what="the hold", within_s=WITHIN_S)
        time.sleep(LEASE_S + 0.5)
        assert bench.run("recover", host=host).code in (0, 1)
        assert bench.state_of(run_id, host).state is RunState.REVERTED
        writes = bench.record()["writes"]["cloudflare"]
        os.kill(runner.pid, signal.SIGCONT)
        runner.wait(WITHIN_S)
    finally:
        kill(runner.pid)
    assert bench.record()["writes"]["cloudflare"] == writes
    assert all(bench.pools().values())
    changes = bench.entries("pool changed", since, subject="us-east")
    assert [each["enabled"] for each in changes] == [False, True]
