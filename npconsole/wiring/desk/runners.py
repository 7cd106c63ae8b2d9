"""The processes that a desk has started: runners of runs, and those who finish the runs of the dead."""

from collections.abc import Collection, Sequence

from npconsole.errors import ProcessError
from npconsole.model.desk import WatchedRun
from npconsole.model.journal import Journal
from npconsole.model.run import Run
from npconsole.net.process import Detached
from npconsole.wiring.launch import Launcher
from npconsole.wiring.recovery import close_unbegun, start_recovery


class Runners:
    """Keeps no zombies."""

    def __init__(self, launcher: Launcher) -> None:
        self._launcher = launcher
        self._running: dict[str, Detached] = {}
        self._rescuers: list[Detached] = []

    @property
    def run_ids(self) -> Collection[str]:
        """The runs whose runners have not been seen to end."""
        return self._running.keys()

    def begin(self, journal: Journal, run: Run) -> None:
        """Start the runner of a request; one that cannot be started is closed again. Raises ProcessError."""
        if run.fence or run.state.is_final:
            return
        try:
            self._running[run.id] = self._launcher.run(run.id)
        except ProcessError as error:
            close_unbegun(journal, run, error.message)
            raise

    def reap(self, journal: Journal, watched: Sequence[WatchedRun]) -> None:
        """Close a request whose runner ended without beginning it. Raises StoreError."""
        runs = {each.run.id: each.run for each in watched}
        for run_id, runner in tuple(self._running.items()):
            if (code := runner.code()) is None:
                continue
            del self._running[run_id]
            if (run := runs.get(run_id)) is not None and not run.fence and not run.state.is_final:
                close_unbegun(journal, run, f"its runner ended with {code}: see {self._launcher.log}")
        self._rescuers = [each for each in self._rescuers if each.code() is None]

    def rescue(self, journal: Journal) -> None:
        """Have the runs of dead owners finished."""
        self._rescuers += start_recovery(journal, self._launcher)
