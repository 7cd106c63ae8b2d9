"""Two real processes want the same target at the same moment: one gets it, the other is told by whom."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.store.bench import Bench

_NAMES = ("left", "right")


@contextmanager
def racer(location: str, name: str) -> Iterator[subprocess.Popen[str]]:
    """A process of `tests.store.racer`, ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.racer", location, name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    try:
        with process:
            yield process
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=20)
    finally:
        process.kill()


def test_one_of_two_processes_gets_the_target(bench: Bench) -> None:
    rounds = 25 if bench.is_server else 200
    bench.open()
    with racer(bench.location, "left") as left, racer(bench.location, "right") as right:
        both = (left, right)
        assert [_line(process) for process in both] == ["ready", "ready"]
        won = [_round(both, number) for number in range(rounds)]
    journal = bench.open()
    assert len(won) == rounds
    assert len(journal.consult("", lambda ledger: ledger.open_runs())) == rounds
    fences = [run.fence for run in journal.runs(limit=1000) if run.fence]
    assert sorted(fences) == list(range(1, rounds + 1))
    assert journal.audit_problem() == ""


def _round(both: tuple[subprocess.Popen[str], subprocess.Popen[str]], number: int) -> str:
    """Both are told at once; the name of the winner."""
    same_run = number % 2 == 1
    for process in both:
        assert process.stdin is not None
        process.stdin.write(f"target-{number}{f' key-{number}' if same_run else ''}\n")
    answers = [_line(process).split(" ", 2) for process in both]
    states = [answer[1] for answer in answers]
    assert sorted(states) == (["fenced", "intent"] if same_run else ["intent", "refused"])
    assert (answers[0][0] == answers[1][0]) is same_run
    winner = _NAMES[states.index("intent")]
    if not same_run:
        assert f"held by {winner}" in answers[states.index("refused")][2]
    return winner


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"the racer ended with {process.wait(timeout=5)}"
    return line.strip()
