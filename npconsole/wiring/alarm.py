"""The host's timers: a process of our own that sleeps, and systemd's where it runs. Both outlive whoever arms them."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from npconsole.errors import ProcessError
from npconsole.net.offload import offload
from npconsole.net.process import Finished, child_environ, run
from npconsole.wiring.launch import Launcher

_SYSTEMD = Path("/run/systemd/system")
_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class HostAlarm:
    """Fulfils `npconsole.model.alarm.Alarm`. `systemd` is there when systemd manages this host."""

    launcher: Launcher
    systemd: Path = _SYSTEMD

    async def arm(self, run_id: str, after_s: float) -> str:
        """A sleeping process, which also wakes when this one ends, and a timer of systemd where it manages the host."""
        watchdog = self.launcher.watchdog(run_id, after_s)
        words = f"process {watchdog.pid} that wakes in {after_s:.0f} s, or when this runner ends"
        if self.systemd.is_dir():
            done = await self._systemd_run(run_id, after_s)
            if done is not None and done.code == 0:
                words += f"; systemd timer {_unit(run_id)}"
        return words

    async def disarm(self, run_id: str) -> None:
        """A sleeping process finds the run ended when it wakes, and ends."""
        if self.systemd.is_dir():
            await self._systemctl("stop", f"{_unit(run_id)}.timer")

    async def _systemd_run(self, run_id: str, after_s: float) -> Finished | None:
        argv = ["systemd-run", *self._scope, f"--on-active={after_s:.0f}", f"--unit={_unit(run_id)}", "--collect"]
        variables = [f"--setenv={name}={value}" for name, value in child_environ(self.launcher.environ).items()]
        return await self._finished([*argv, *variables, *self.launcher.recovery_argv(run_id)])

    async def _systemctl(self, *words: str) -> None:
        await self._finished(["systemctl", *self._scope, *words])

    async def _finished(self, argv: Sequence[str]) -> Finished | None:
        env = child_environ(self.launcher.environ)
        try:
            return await asyncio.shield(offload(lambda: run(argv, timeout_s=_TIMEOUT_S, env=env), name=argv[0]))
        except ProcessError:
            return None

    @property
    def _scope(self) -> tuple[str, ...]:
        return () if os.geteuid() == 0 else ("--user",)


def _unit(run_id: str) -> str:
    return f"npconsole-{run_id}"
