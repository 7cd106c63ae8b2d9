"""What is counted of runs for Prometheus, from the journal, while this process watches."""

from collections import Counter
from collections.abc import Iterable

from npconsole.exposition.exposed import DrillFigure, RunFigures
from npconsole.model.benchmark import Benchmark
from npconsole.model.run import Run

FAILOVER = "failover"
_MOST_KNOWN = 10_000


class Tally:
    """Counts each ended run and each benchmark once. What ended before `since_wall` (epoch seconds) is not counted."""

    def __init__(self, since_wall: float) -> None:
        self._since_wall = since_wall
        self._known: dict[str, None] = {}
        self._ended: Counter[tuple[str, str]] = Counter()
        self._benchmarks: Counter[str] = Counter()
        self._drills: dict[str, DrillFigure] = {}
        self._open = 0

    def see_runs(self, runs: Iterable[Run]) -> None:
        """The latest runs, and all that are open; the latest first."""
        runs = tuple(runs)
        self._open = sum(not run.state.is_final for run in runs)
        for run in reversed(runs):
            if run.state.is_final and run.changed_wall >= self._since_wall and self._is_new(run.id):
                self._ended[run.request.action, run.state.value] += 1
            self._see_drill(run)

    def see_benchmarks(self, benchmarks: Iterable[Benchmark]) -> None:
        for benchmark in benchmarks:
            if benchmark.wall >= self._since_wall and self._is_new(f"benchmark {benchmark.id}"):
                self._benchmarks[benchmark.status.value] += 1

    @property
    def figures(self) -> RunFigures:
        """All of it, now."""
        return RunFigures(dict(self._ended), self._open, dict(self._benchmarks), tuple(self._drills.values()))

    def _is_new(self, key: str) -> bool:
        if key in self._known:
            return False
        self._known[key] = None
        if len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return True

    def _see_drill(self, run: Run) -> None:
        measured = run.result.get("drill")
        if run.request.action != FAILOVER or not run.state.is_final or not isinstance(measured, dict):
            return
        took = measured.get("recovery_s")
        self._drills[run.request.target] = DrillFigure(
            run.request.target,
            run.changed_wall,
            float(took) if isinstance(took, int | float) else None,
            proven=measured.get("proven") is True,
        )
