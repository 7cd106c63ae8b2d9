"""Watching a run to its end: events out, Ctrl-C in, and an eye on the runner. Nothing is executed here.

The first Ctrl-C asks the runner to stop and undo; the second says what to do by hand and leaves. The run goes on, or
back, in its own process either way.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from secrets import token_hex

from npconsole.actions.request import watch
from npconsole.cli.acting import Acting
from npconsole.errors import ExitCode, NpconsoleError, StoreError
from npconsole.model.action import AccessRole
from npconsole.model.run import Presence, Run, RunEvent
from npconsole.net.process import Detached
from npconsole.wiring.memory import host_name
from npconsole.wiring.recovery import close_unbegun

_LOOK_S = 0.25


class LeftError(NpconsoleError):
    """The second Ctrl-C: the person has gone, the run has not."""

    exit_code = ExitCode.SIGINT


class Follower:
    """Follows one run. `tell` says something to the person beside the events."""

    def __init__(
        self, hold: Acting, run: Run, *, on_event: Callable[[RunEvent], None], tell: Callable[[str], None]
    ) -> None:
        self._hold = hold
        self._run = run
        self._on_event = on_event
        self._tell = tell
        self._asked = 0
        self._presence_id = token_hex(6)

    def follow(self, runner: Detached | None, *, timeout_s: float | None) -> Run:
        """The run as it ended, or as it stood after `timeout_s`. Raises LeftError."""
        try:
            return asyncio.run(self._follow(runner, timeout_s))
        finally:
            self._leave()

    async def _follow(self, runner: Detached | None, timeout_s: float | None) -> Run:
        left: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self._interrupted, left)
        try:
            async with asyncio.TaskGroup() as group:
                tending = group.create_task(self._tend(runner, left))
                try:
                    return await watch(
                        self._hold.journal,
                        self._run.id,
                        clock=self._hold.clock,
                        on_event=self._on_event,
                        presence=self._presence if self._may_act else None,
                        timeout_s=timeout_s,
                    )
                finally:
                    tending.cancel()
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _tend(self, runner: Detached | None, left: asyncio.Future[None]) -> None:
        """Raise when the person leaves; see to a run whose runner has ended before it."""
        rescued = False
        while True:
            await asyncio.wait((left,), timeout=_LOOK_S)
            if left.done():
                raise LeftError(f"left run {self._run.id}: it goes on in its own process", hint=self._follow_up())
            if runner is None or rescued or (code := runner.code()) is None:
                continue
            run = self._hold.journal.run(self._run.id)
            if run is None or run.state.is_final:
                return
            rescued = True
            if not run.fence:
                close_unbegun(self._hold.journal, run, f"its runner ended with {code}: see {self._hold.launcher.log}")
                continue
            self._tell("its runner has died; another process finishes the run as soon as its lease has expired")
            self._hold.launcher.recover(run.id)

    def _interrupted(self, left: asyncio.Future[None]) -> None:
        self._asked += 1
        if self._asked > 1 or not self._may_act:
            if not left.done():
                self._tell(self._by_hand())
                left.set_result(None)
            return
        try:
            self._hold.journal.ask_abort(self._run.id, actor=self._hold.actor.name, reason="Ctrl-C")
            self._tell("asked to stop and undo; Ctrl-C once more leaves it alone")
        except NpconsoleError as error:
            self._tell(error.message)

    @property
    def _may_act(self) -> bool:
        """Whether this person counts as the run's operator, and may stop it."""
        return not self._hold.read_only and self._hold.actor.role.allows(AccessRole.OPERATOR)

    def _by_hand(self) -> str:
        """The manual commands, and the way back of every call that the plan named."""
        plan = next((event.data["plan"] for event in self._events() if "plan" in event.data), None)
        calls = plan.get("calls", ()) if isinstance(plan, dict) else ()
        undos = [f"  {call['vendor']}: {call['undo']}" for call in calls if isinstance(call, dict) and call.get("undo")]
        more = ["when nothing else helps, at the vendor:", *undos] if undos else []
        return "\n".join([*self._commands(), *more])

    def _commands(self) -> list[str]:
        return [
            f"npconsole runs watch {self._run.id}    follows it again",
            f"npconsole runs abort {self._run.id}    asks it to stop and undo",
            f"npconsole recover --run {self._run.id}    finishes or undoes it, should its runner be dead",
        ]

    def _follow_up(self) -> str:
        return f"npconsole runs watch {self._run.id}"

    def _events(self) -> list[RunEvent]:
        try:
            return list(self._hold.journal.events(self._run.id))
        except StoreError:
            return []

    def _presence(self) -> Presence:
        request = self._run.request
        return Presence(
            id=self._presence_id,
            actor=self._hold.actor.name,
            host=host_name(),
            pid=os.getpid(),
            via=self._hold.actor.via,
            seen_wall=self._hold.clock.wall(),
            doing=f"{request.action} {request.target}",
        )

    def _leave(self) -> None:
        try:
            self._hold.journal.leave(self._presence_id)
        except StoreError:
            return
