"""The desk of a console: plans on a thread of its own, requests into the journal, runs in processes of their own.

A journal that cannot be used is said in the state and tried again; the face goes on showing.
"""

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import TYPE_CHECKING, Any, TypeVar

from npconsole.actions.registry import all_actions, find
from npconsole.actions.request import require_confirmation
from npconsole.actions.stage import Stage
from npconsole.actions.takeback import TakeBack, undoable
from npconsole.config.loading import Loaded
from npconsole.errors import NpconsoleError, ProcessError, RefusedError, StoreError, UsageError
from npconsole.model.action import AccessRole, ActionSpec, TargetKind, Undo
from npconsole.model.clock import Clock
from npconsole.model.desk import DeskState, WatchedRun
from npconsole.model.journal import Journal
from npconsole.model.run import Actor, Plan, Presence, Run, RunEvent, RunRequest, RunState
from npconsole.net.http import Http
from npconsole.net.process import Detached
from npconsole.net.text import clean
from npconsole.wiring.launch import Launcher
from npconsole.wiring.memory import host_name, open_memory, state_folder
from npconsole.wiring.recovery import close_unbegun, start_recovery

if TYPE_CHECKING:
    from npconsole.actions.planner import Prepared

T = TypeVar("T")

_FIRST_S = 1.5
"""Opening a journal costs 0.2 s of imports; the first live picture comes before."""
_BUSY_S, _IDLE_S, _AGAIN_S, _RESCUE_S = 0.3, 1.0, 5.0, 10.0
_PRESENT_S = 20.0
_LATELY_S = 900.0
_MOST_RUNS = 20
_UNDOABLE = frozenset({RunState.SUCCEEDED, RunState.DEGRADED, RunState.CANCELLED})
_TAKING_BACK = frozenset({RunState.REVERTING, RunState.SETTLING, RunState.REVERT_FAILED})


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits there and by which configuration. `read_only` is the flag of the command."""

    loaded: Loaded
    environ: Mapping[str, str]
    clock: Clock
    actor: Actor
    read_only: bool


class LiveDesk:
    """Fulfils `npconsole.model.desk.Desk`. `start` returns at once; `stop` may be called from any thread."""

    def __init__(self, seat: Seat) -> None:
        config = seat.loaded.config
        self._seat = seat
        self._actions = all_actions(config)
        self._launcher = Launcher(seat.loaded.path, seat.environ, state_folder(seat.environ), seat.read_only)
        self._me = token_hex(6)
        self._state = DeskState(me=self._me)
        self._listeners: list[Callable[[DeskState], None]] = []
        self._journal: Journal | None = None
        self._stage: Stage | None = None
        self._plans: dict[str, Plan] = {}
        self._events: dict[str, tuple[RunEvent, ...]] = {}
        self._runners: dict[str, Detached] = {}
        self._rescuers: list[Detached] = []
        self._unbeaten: tuple[Presence, tuple[str, ...]] | None = None
        self._http = Http(now=seat.clock.now)
        self._loop = asyncio.new_event_loop()
        self._wake = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="npconsole-desk", daemon=True)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Without the undo of a run, which a face asks for by `undo`."""
        return tuple(action.spec for action in self._actions if action.spec.target is not TargetKind.RUN)

    @property
    def actor(self) -> Actor:
        return self._seat.actor

    @property
    def read_only(self) -> str:
        if self._seat.read_only or self._seat.loaded.config.actions.read_only:
            return "this console is read-only"
        if not self.actor.role.allows(AccessRole.OPERATOR):
            return f"{self.actor.name} is {self.actor.role.value}"
        return ""

    @property
    def state(self) -> DeskState:
        return self._state

    def subscribe(self, listener: Callable[[DeskState], None]) -> Callable[[], None]:
        self._listeners = [*self._listeners, listener]

        def end() -> None:
            self._listeners = [other for other in self._listeners if other is not listener]

        return end

    def start(self) -> None:
        """Begin to look at the journal and to publish."""
        self._thread.start()

    def stop(self, within_s: float = 0.2) -> None:
        """Leave. Runs go on in their own processes."""
        if not self._thread.is_alive():
            self._loop.close()
            return
        self._call(self._loop.stop)
        self._thread.join(within_s)

    def plan(self, request: RunRequest) -> Future[Plan]:
        return self._submit(self._planned(request))

    def submit(self, request: RunRequest) -> Future[str]:
        return self._submit(self._submitted(request))

    def undo(self, run_id: str, reason: str) -> Future[None]:
        return self._submit(self._undone(run_id, reason))

    def beat(self, doing: str, watching: Sequence[str]) -> None:
        presence = Presence(
            id=self._me,
            actor=self.actor.name,
            host=host_name(),
            pid=os.getpid(),
            via=self.actor.via,
            seen_wall=self._seat.clock.wall(),
            doing=doing,
        )
        may_act = not self.read_only
        self._call(lambda: self._beaten(presence, tuple(watching) if may_act else ()))

    def _call(self, function: Callable[[], object]) -> None:
        """Have it called on the desk's thread; not at all when that has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function)

    def _submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        watching = self._loop.create_task(self._watch())
        try:
            self._loop.run_forever()
            tasks = asyncio.all_tasks(self._loop) | {watching}
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._http.__aexit__(None, None, None))
        finally:
            self._leave()
            self._loop.close()

    async def _watch(self) -> None:
        rescued_at = float("-inf")
        await self._pause(_FIRST_S)
        while True:
            pause_s = self._look()
            if self._journal is not None and self._unbeaten is not None:
                self._beaten(*self._unbeaten)
                self._unbeaten = None
            if self._journal is not None and self._seat.clock.now() - rescued_at >= _RESCUE_S:
                rescued_at = self._seat.clock.now()
                if not self.read_only:
                    self._rescuers += start_recovery(self._journal, self._launcher)
                self._rescuers = [each for each in self._rescuers if each.code() is None]
            await self._pause(pause_s)

    async def _pause(self, seconds: float) -> None:
        """Wait, less long when something was asked for."""
        self._wake.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    def _look(self) -> float:
        """Read the journal, publish, and say after how many seconds to do so again."""
        try:
            state = self._read(self._opened())
        except NpconsoleError as error:
            self._publish(replace(self._state, problem=_words(error)))
            return _AGAIN_S
        self._publish(state)
        return _BUSY_S if any(not each.run.state.is_final for each in state.runs) else _IDLE_S

    def _opened(self) -> Journal:
        """The journal. Raises StoreError, SecretError or UsageError."""
        if self._journal is None:
            seat = self._seat
            self._journal = open_memory(seat.loaded.config, environ=seat.environ, clock=seat.clock)
        return self._journal

    def _read(self, journal: Journal) -> DeskState:
        since = self._seat.clock.wall() - _LATELY_S
        runs = [
            run
            for run in journal.runs(limit=_MOST_RUNS)
            if not run.state.is_final or run.changed_wall >= since or run.id in self._runners
        ]
        undone = frozenset(
            run.request.target
            for run in runs
            if run.request.action == TakeBack.spec.id and run.state is not RunState.FAILED
        )
        watched = tuple(WatchedRun(run, self._heard(journal, run), self._way_back(run, undone)) for run in runs)
        self._events = {each.run.id: each.events for each in watched}
        self._reap(journal, watched)
        return DeskState(watched, tuple(journal.present(_PRESENT_S)), self._me)

    def _heard(self, journal: Journal, run: Run) -> tuple[RunEvent, ...]:
        """All events of a run; only those that are new are read."""
        known = self._events.get(run.id, ())
        if known and known[-1].state.is_final:
            return known
        return (*known, *journal.events(run.id, known[-1].sequence if known else 0))

    def _way_back(self, run: Run, undone: frozenset[str]) -> str:
        """What asking for the undo would do now."""
        undo = next((action.spec.undo for action in self._actions if action.spec.id == run.request.action), Undo.NONE)
        if run.state.is_final:
            ended = run.state in _UNDOABLE and run.id not in undone and undo is Undo.ON_REQUEST
            steps = undoable(run) if ended else ()
            return f"puts back what it changed: {'; '.join(step.call for step in steps)}" if steps else ""
        if run.abort or run.state in _TAKING_BACK:
            return ""
        if undo is Undo.NONE:
            return "" if run.fence else "calls it off: nothing was sent yet"
        return "ends it now and takes back what it changed"

    def _reap(self, journal: Journal, watched: Sequence[WatchedRun]) -> None:
        """Keep no zombies, and close a request whose runner ended without beginning it."""
        runs = {each.run.id: each.run for each in watched}
        for run_id, runner in tuple(self._runners.items()):
            if (code := runner.code()) is None:
                continue
            del self._runners[run_id]
            if (run := runs.get(run_id)) is not None and not run.fence and not run.state.is_final:
                close_unbegun(journal, run, f"its runner ended with {code}: see {self._launcher.log}")

    def _publish(self, state: DeskState) -> None:
        if state == self._state:
            return
        self._state = state
        for listener in self._listeners:
            listener(state)

    async def _planned(self, request: RunRequest) -> Plan:
        plan = (await self._prepared(request)).plan
        self._plans[plan.digest] = plan
        return plan

    async def _prepared(self, request: RunRequest) -> "Prepared":
        from npconsole.actions.planner import Planner
        from npconsole.wiring.stage import build_stage

        seat, journal = self._seat, self._opened()
        if self._stage is None:
            self._stage = build_stage(
                seat.loaded.config,
                environ=seat.environ,
                clock=seat.clock,
                journal=journal,
                http=self._http,
                read_only=seat.read_only,
            )
        return await Planner(self._stage).prepare(request)

    async def _submitted(self, request: RunRequest) -> str:
        journal = self._opened()
        plan = self._plans.get(request.plan_digest) or await self._planned(request)
        if plan.simulated:
            raise UsageError("there is nothing to run: this was only reckoned")
        require_confirmation(plan, confirmed=request.confirmed, typed=request.typed)
        run = journal.request(request)
        self._begin(journal, run)
        return run.id

    def _begin(self, journal: Journal, run: Run) -> None:
        """Start the runner of a request; one that cannot be started is closed again. Raises ProcessError."""
        self._wake.set()
        if run.fence or run.state.is_final:
            return
        try:
            self._runners[run.id] = self._launcher.run(run.id)
        except ProcessError as error:
            close_unbegun(journal, run, error.message)
            raise

    async def _undone(self, run_id: str, reason: str) -> None:
        journal = self._opened()
        run = journal.run(run_id)
        if run is None:
            raise UsageError(f"there is no run {clean(run_id, limit=60)!r}")
        if self.read_only:
            raise RefusedError(self.read_only)
        action = find(run.request.action, self._actions)
        if not self.actor.role.allows(action.spec.role):
            raise RefusedError(
                f"that needs the role {action.spec.role.value}, and {self.actor.name} is {self.actor.role.value}"
            )
        if not run.state.is_final:
            journal.ask_abort(run_id, actor=self.actor.name, reason=reason or "asked at the console")
            self._wake.set()
            return
        request = RunRequest(TakeBack.spec.id, run_id, self.actor, reason=reason, confirmed=True)
        self._begin(journal, journal.request(request))

    def _beaten(self, presence: Presence, watching: tuple[str, ...]) -> None:
        if self._journal is None:
            self._unbeaten = (presence, watching)
            return
        try:
            self._journal.beat(presence, watching=watching)
        except StoreError as error:
            self._publish(replace(self._state, problem=_words(error)))

    def _leave(self) -> None:
        if self._journal is None:
            return
        try:
            self._journal.leave(self._me)
            self._journal.close()
        except StoreError:
            return


def _words(error: NpconsoleError) -> str:
    return f"{error.message} ({error.hint})" if error.hint else error.message
