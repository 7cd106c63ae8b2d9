"""What is counted: each end once, from when this process began to watch."""

from npconsole.exposition.exposed import DrillFigure
from npconsole.model.run import Run, RunState
from npconsole.wiring.daemon.tally import Tally
from tests.wiring.daemon.runs import run

SINCE = 50.0


def counted(*looks: tuple[Run, ...]) -> Tally:
    tally = Tally(SINCE)
    for look in looks:
        tally.see_runs(look)
    return tally


def test_each_end_is_counted_once_however_often_it_is_seen() -> None:
    one = run("1")
    figures = counted((one,), (one,), (run("2"), one)).figures
    assert figures.ended == {("restart", "succeeded"): 2}


def test_what_ended_before_is_history() -> None:
    assert counted((run("1", wall=SINCE - 1),)).figures.ended == {}


def test_open_ones_are_a_state_and_no_count() -> None:
    tally = counted((run("1", RunState.VERIFYING), run("2")), (run("1"), run("2")))
    assert (tally.figures.open, tally.figures.ended) == (0, {("restart", "succeeded"): 2})


def test_the_latest_drill_of_a_region_is_kept_also_an_old_one() -> None:
    def drill(run_id: str, wall: float, recovery_s: float | None, *, proven: bool) -> Run:
        measured = {"drill": {"recovery_s": recovery_s, "proven": proven}}
        return run(run_id, RunState.REVERTED, action="failover", wall=wall, result=measured)

    tally = counted((drill("2", 20.0, None, proven=False), drill("1", 10.0, 38.0, proven=True)))
    assert tally.figures.drills == (DrillFigure("us-east", 20.0, None, proven=False),)
