"""One run from the decision to act to its end: asked for under the decision's id, done by a process of its own.

The same decision never makes a second run, whoever asks again: the id is the idempotency key, and a run is begun once.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from npconsole.errors import NpconsoleError, ProcessError, StoreError
from npconsole.model.clock import Clock
from npconsole.model.journal import Journal
from npconsole.model.run import Run, RunRequest
from npconsole.net.offload import offload
from npconsole.net.process import Detached
from npconsole.wiring.daemon.log import Log
from npconsole.wiring.launch import Launcher
from npconsole.wiring.recovery import close_unbegun

_LOOK_S = 0.5
_AGAIN_S = 5.0


@dataclass(slots=True)
class Errands:
    """Makes the runs of one leader. `runners` outlive a leader's time, so that none becomes a zombie."""

    journal: Journal
    launcher: Launcher
    clock: Clock
    log: Log
    runners: dict[str, Detached] = field(default_factory=dict)

    def start(self, request: RunRequest, *, too_late: bool) -> Run:
        """Ask for the run, and have it begun unless it is `too_late` for that: then it is closed, and never sent.

        Blocks. Raises StoreError, UsageError.
        """
        run = self.journal.request(request)
        if run.fence or run.state.is_final or run.id in self.runners:
            return run
        if too_late:
            return close_unbegun(self.journal, run, "who decided it died before it was sent, and now it is too late")
        try:
            self.runners[run.id] = self.launcher.run(run.id)
        except ProcessError as error:
            return close_unbegun(self.journal, run, error.message)
        key = request.idempotency_key
        self.log.write("run.started", run=run.id, action=request.action, target=request.target, decision=key)
        return run

    async def follow(self, run: Run) -> Run:
        """The run as it ended, however long that takes; a memory that cannot be read is asked again."""
        run_id = run.id
        while not run.state.is_final:
            await asyncio.sleep(_LOOK_S)
            run = await self._asked(lambda: self.look(run_id)) or run
        return run

    def look(self, run_id: str) -> Run | None:
        """The run now; one whose runner ended without beginning it is closed. Blocks. Raises StoreError."""
        run, runner = self.journal.run(run_id), self.runners.get(run_id)
        if run is None or runner is None or (code := runner.code()) is None:
            return run
        del self.runners[run_id]
        run = self.journal.run(run_id) or run
        if run.fence or run.state.is_final:
            return run
        return close_unbegun(self.journal, run, f"its runner ended with {code}: see {self.launcher.log}")

    def reap(self) -> None:
        """Keep no zombies of runs that nobody follows any more."""
        for run_id in [each for each, runner in self.runners.items() if runner.code() is not None]:
            del self.runners[run_id]

    async def _asked(self, question: Callable[[], Run | None]) -> Run | None:
        try:
            return await offload(question, name="errand")
        except StoreError as error:
            self.log.write("memory.failed", "error", error=error.message)
            await asyncio.sleep(_AGAIN_S)
            return None


def words(error: NpconsoleError) -> str:
    """An error with what to do about it."""
    return f"{error.message} ({error.hint})" if error.hint else error.message
