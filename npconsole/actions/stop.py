"""Why a run is asked to stop before its end. A stop is heeded between calls, never in the middle of one."""

from dataclasses import dataclass
from enum import StrEnum

from npconsole.errors import ExitCode, NpconsoleError


class StopCause(StrEnum):
    """Who or what wants the run to stop."""

    ASKED = "asked"
    OPERATOR_LOST = "operator lost"
    TERMINATED = "terminated"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Stop:
    """The cause, and a whole phrase for people."""

    cause: StopCause
    words: str


class StoppedError(NpconsoleError):
    """A stop was heeded: whatever can be undone is undone next."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.words)
        self.stop = stop
        self.exit_code = ExitCode.UNREACHABLE if stop.cause is StopCause.DEADLINE else ExitCode.CANCELLED
