"""The exception tree and the exit codes; every layer raises these and `cli` alone turns them into an exit.

NpconsoleError
├── UsageError            what was asked makes no sense
├── ConfigError           the configuration has problems (all of them, at once)
├── SecretError           a secret could not be read; never holds its value
├── TerminalError         a screen was asked for without a terminal
├── RefusedError          a guard refused, or nobody confirmed
└── SourceError           the world could not be read
    ├── UnreachableError  our side: DNS, connect, TLS, time-out, reset (counted apart, never acts)
    ├── BadAnswerError    an answer that is not what the interface promises
    │   └── DeclinedError the other side understood and said no: nothing was done
    ├── UnauthorisedError 401 or 403: names the setting to look at
    ├── LimitedError      429: knows when to come back
    └── ServerError       5xx
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """What a command says to the shell that called it."""

    OK = 0
    FAILED = 1
    USAGE = 2
    UNAUTHORISED = 3
    PARTIAL = 4
    CANCELLED = 5
    REFUSED = 6
    UNVERIFIED = 7
    UNREACHABLE = 8
    NOT_OK = 9
    THRESHOLDS = 99
    SIGINT = 130


class NpconsoleError(Exception):
    """An error a person can act on: `message` says what and where, `hint` the next command or setting."""

    exit_code: ExitCode = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(NpconsoleError):
    """What was asked makes no sense; `hint` names the nearest thing that does."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a configuration. `key` is dotted (`services[0].regions[1].origin`); line 1 is first."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.key}: {self.message}" if self.key else f"{where}: {self.message}"


class ConfigError(NpconsoleError):
    """Every problem of a configuration at once."""

    exit_code = ExitCode.USAGE

    def __init__(self, problems: tuple[Problem, ...], *, hint: str = "") -> None:
        super().__init__("\n".join(map(str, problems)), hint=hint)
        self.problems = problems


class SecretError(NpconsoleError):
    """A secret could not be read. Says from where and why, never what."""

    exit_code = ExitCode.UNAUTHORISED


class ProcessError(NpconsoleError):
    """A program could not be started, took too long or wrote too much. Says which program, never its arguments."""


class TerminalError(NpconsoleError):
    """A screen was asked for and there is no terminal to draw it on."""

    exit_code = ExitCode.USAGE


class RefusedError(NpconsoleError):
    """A guard refused, or nobody confirmed."""

    exit_code = ExitCode.REFUSED


class StoreError(NpconsoleError):
    """The memory cannot be read or written. No journal, no action: it is a refusal."""

    exit_code = ExitCode.REFUSED


class BusyError(StoreError):
    """Another process holds the memory; the message names it."""


class FencedError(NpconsoleError):
    """The lease of a run is no longer in force: whoever gets this sends nothing more."""

    exit_code = ExitCode.UNVERIFIED


class ControlError(NpconsoleError):
    """A call that changes the world did not go through."""


class NotAppliedError(ControlError):
    """The call certainly had no effect: it was not sent, or it was refused. The exit code is that of the reason."""

    def __init__(self, message: str, *, hint: str = "", exit_code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(message, hint=hint)
        self.exit_code = exit_code


class UnknownOutcomeError(ControlError):
    """The call may or may not have had an effect: time-out, reset or 5xx after it was sent.

    Never sent again blindly.
    """

    exit_code = ExitCode.UNVERIFIED


class SourceError(NpconsoleError):
    """The world could not be read."""

    exit_code = ExitCode.UNREACHABLE


class Failure(StrEnum):
    """How our own side of a call failed. Such failures say nothing certain about the other side."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"


class UnreachableError(SourceError):
    """No answer came. `sent` is False when the request certainly never went out, not even in part."""

    def __init__(self, message: str, failure: Failure, *, hint: str = "", sent: bool = True) -> None:
        super().__init__(message, hint=hint)
        self.failure = failure
        self.sent = sent


class BadAnswerError(SourceError):
    """An answer that is not what the interface promises: too large, not JSON, another shape, a 4xx."""

    exit_code = ExitCode.FAILED


class DeclinedError(BadAnswerError):
    """The other side understood the request and said no, in the words of its own interface: nothing was done."""


class UnauthorisedError(SourceError):
    """401 or 403. The message names the setting that holds the credential."""

    exit_code = ExitCode.UNAUTHORISED


class LimitedError(SourceError):
    """429. `retry_after_s` is already clamped to 1 s to 15 min; None when the answer did not say."""

    def __init__(self, message: str, retry_after_s: float | None, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class ServerError(SourceError):
    """5xx. `retry_after_s` as in LimitedError, when the answer said so (503)."""

    def __init__(self, message: str, status: int, *, retry_after_s: float | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.retry_after_s = retry_after_s
