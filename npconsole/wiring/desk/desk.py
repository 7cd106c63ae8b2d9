"""The desk of a console: plans on a thread of its own, requests into the journal, runs in processes of their own.

A journal that cannot be used is said in the state and tried again; the face goes on showing.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING

from npconsole.actions.registry import all_actions, find
from npconsole.actions.takeback import TakeBack
from npconsole.errors import NpconsoleError, StoreError, UsageError
from npconsole.model.action import AccessRole, ActionSpec, TargetKind
from npconsole.model.benchmark import Benchmark
from npconsole.model.desk import DeskState
from npconsole.model.heal import HEAL_ACK, HEAL_OFF
from npconsole.model.mute import Mute
from npconsole.model.run import Actor, Plan, Presence, RunRequest
from npconsole.net.http import Http
from npconsole.net.text import clean
from npconsole.wiring.desk.outlook import Outlook
from npconsole.wiring.desk.room import Room
from npconsole.wiring.desk.runners import Runners
from npconsole.wiring.desk.seat import Seat
from npconsole.wiring.launch import Launcher
from npconsole.wiring.memory import Stores, host_name, open_stores, state_folder

if TYPE_CHECKING:
    from npconsole.wiring.desk.planning import Planning

_BUSY_S, _IDLE_S, _AGAIN_S, _RESCUE_S = 0.3, 1.0, 5.0, 10.0


class LiveDesk:
    """Fulfils `npconsole.model.desk.Desk`. `start` returns at once; `stop` may be called from any thread."""

    def __init__(self, seat: Seat) -> None:
        config = seat.loaded.config
        launcher = Launcher(seat.loaded.path, seat.environ, state_folder(seat.environ), seat.flag_read_only)
        self._seat = seat
        self._actions = all_actions(config)
        self._me = token_hex(6)
        self._state = DeskState(me=self._me)
        self._listeners: list[Callable[[DeskState], None]] = []
        self._stores: Stores | None = None
        self._planning: Planning | None = None
        self._outlook = Outlook(self._actions, seat.clock, self._me)
        self._runners = Runners(launcher)
        self._unbeaten: tuple[Presence, tuple[str, ...]] | None = None
        self._rescued_at = float("-inf")
        self._http = Http(now=seat.clock.now)
        self._room = Room("npconsole-desk", self._watch, self._leave)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Without the undo of a run, which a face asks for by `undo`."""
        return tuple(action.spec for action in self._actions if action.spec.target is not TargetKind.RUN)

    @property
    def actor(self) -> Actor:
        return self._seat.actor

    @property
    def read_only(self) -> str:
        return self._seat.read_only

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
        self._room.open()

    def stop(self, within_s: float = 0.2) -> None:
        """Leave. Runs go on in their own processes."""
        self._room.close(within_s)

    def plan(self, request: RunRequest) -> Future[Plan]:
        return self._room.submit(self._planned(request))

    def submit(self, request: RunRequest) -> Future[str]:
        return self._room.submit(self._submitted(request))

    def undo(self, run_id: str, reason: str) -> Future[None]:
        return self._room.submit(self._undone(run_id, reason))

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
        self._room.call(lambda: self._beaten(presence, tuple(watching) if may_act else ()))

    def benchmarks(self, target: str, limit: int) -> Future[Sequence[Benchmark]]:
        async def read() -> Sequence[Benchmark]:
            return self._opened().benchmarks.recent(target=target, limit=limit)

        return self._room.submit(read())

    def baselines(self) -> Future[Sequence[tuple[str, str]]]:
        async def read() -> Sequence[tuple[str, str]]:
            return self._opened().benchmarks.baselines()

        return self._room.submit(read())

    def switch_heal(self, off_reason: str) -> Future[None]:
        return self._room.submit(self._switched(HEAL_OFF, off_reason))

    def acknowledge(self, reason: str) -> Future[None]:
        async def acknowledged() -> None:
            if not reason.strip():
                raise UsageError("an acknowledgement needs a reason", hint="say what you found: others will read it")
            await self._switched(HEAL_ACK, reason)

        return self._room.submit(acknowledged())

    def mute(self, target: str, for_s: float, reason: str) -> Future[Mute]:
        async def muted() -> Mute:
            self._seat.require(AccessRole.OPERATOR)
            made = self._opened().mutes.mute(target, for_s=for_s, reason=reason, actor=self.actor.name)
            self._changed()
            return made

        return self._room.submit(muted())

    def unmute(self, target: str) -> Future[None]:
        async def unmuted() -> None:
            self._seat.require(AccessRole.OPERATOR)
            self._opened().mutes.unmute(target, actor=self.actor.name)
            self._changed()

        return self._room.submit(unmuted())

    async def _watch(self) -> None:
        while True:
            pause_s = self._look()
            if self._stores is not None:
                self._attend(self._stores)
            await self._room.pause(pause_s)

    def _attend(self, stores: Stores) -> None:
        """Send the heartbeat that came before the journal was open; now and then look after the runs of the dead."""
        if self._unbeaten is not None:
            presence, self._unbeaten = self._unbeaten, None
            self._beaten(*presence)
        now = self._seat.clock.now()
        if now - self._rescued_at >= _RESCUE_S and not self.read_only:
            self._rescued_at = now
            self._runners.rescue(stores.journal)

    def _look(self) -> float:
        """Read the journal, publish, and say after how many seconds to do so again."""
        try:
            stores = self._opened()
            state = self._outlook.read(stores, keep=self._runners.run_ids)
            self._runners.reap(stores.journal, state.runs)
        except NpconsoleError as error:
            self._publish(replace(self._state, problem=_words(error)))
            return _AGAIN_S
        self._publish(state)
        return _BUSY_S if any(not each.run.state.is_final for each in state.runs) else _IDLE_S

    def _changed(self) -> None:
        """Something was written that those who look should see at once."""
        self._outlook.look_again()
        self._room.wake()

    def _opened(self) -> Stores:
        """The memory. Raises StoreError, SecretError or UsageError."""
        if self._stores is None:
            seat = self._seat
            self._stores = open_stores(seat.loaded.config, environ=seat.environ, clock=seat.clock)
        return self._stores

    def _publish(self, state: DeskState) -> None:
        if state == self._state:
            return
        self._state = state
        for listener in self._listeners:
            listener(state)

    async def _planned(self, request: RunRequest) -> Plan:
        return await self._plans().plan(request)

    async def _submitted(self, request: RunRequest) -> str:
        run = await self._plans().request(request)
        self._room.wake()
        self._runners.begin(self._opened().journal, run)
        return run.id

    def _plans(self) -> "Planning":
        from npconsole.wiring.desk.planning import Planning

        if self._planning is None:
            self._planning = Planning(self._seat, self._opened(), self._http)
        return self._planning

    async def _undone(self, run_id: str, reason: str) -> None:
        journal = self._opened().journal
        run = journal.run(run_id)
        if run is None:
            raise UsageError(f"there is no run {clean(run_id, limit=60)!r}")
        self._seat.require(find(run.request.action, self._actions).spec.role)
        self._room.wake()
        if not run.state.is_final:
            journal.ask_abort(run_id, actor=self.actor.name, reason=reason or "asked at the console")
            return
        request = RunRequest(TakeBack.spec.id, run_id, self.actor, reason=reason, confirmed=True)
        self._runners.begin(journal, journal.request(request))

    async def _switched(self, switch: str, reason: str) -> None:
        self._seat.require(AccessRole.OPERATOR)
        self._opened().journal.set_switch(switch, reason, actor=self.actor.name)
        self._changed()

    def _beaten(self, presence: Presence, watching: tuple[str, ...]) -> None:
        if self._stores is None:
            self._unbeaten = (presence, watching)
            return
        try:
            self._stores.journal.beat(presence, watching=watching)
        except StoreError as error:
            self._publish(replace(self._state, problem=_words(error)))

    async def _leave(self) -> None:
        await self._http.__aexit__(None, None, None)
        if self._stores is None:
            return
        try:
            self._stores.journal.leave(self._me)
            self._stores.close()
        except StoreError:
            return


def _words(error: NpconsoleError) -> str:
    return f"{error.message} ({error.hint})" if error.hint else error.message
