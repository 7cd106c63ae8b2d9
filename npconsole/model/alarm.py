"""The port to the host's own timers: they go off although the process that armed them is gone."""

from typing import Protocol


class Alarm(Protocol):
    """Has a run finished or undone later by a process of its own (`npconsole recover --run ID`).

    That process does nothing when the run has ended or its owner lives, so an alarm may go off too often.
    """

    async def arm(self, run_id: str, after_s: float) -> str:
        """Arm it; what was armed, in words. Raises ProcessError when this host has no such timers, or refuses."""
        ...

    async def disarm(self, run_id: str) -> None:
        """Take it back; no error when it went off, or never was armed. Raises ProcessError."""
        ...
