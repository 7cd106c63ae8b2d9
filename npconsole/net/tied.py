"""A program tied to this process: it lives no longer than we do, even when we are killed.

It writes into a pipe of ours. It has a session and process group of its own, no terminal, no input, and only the
environment that it is given. Linux.
"""

import contextlib
import fcntl
import os
import select
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from npconsole.errors import ProcessError
from npconsole.net import lifeline
from npconsole.net.text import clean

OUTPUT_PATH = f"/dev/fd/{lifeline.OUTPUT}"
"""The file that the program writes to, for `Tied.output` to read."""
PIPE_BYTES = 1 << 20
"""As much as Linux lets everybody have: a program that writes a lot seldom waits for us to be woken up."""


class Tied:
    """A running program. `output` and `stderr` are descriptors to read from; both end when the program has ended."""

    def __init__(self, pid: int, *, output: int, stderr: int, rope: int) -> None:
        self.pid = pid
        self.output = output
        self.stderr = stderr
        self._rope = rope
        self._code: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        for descriptor in (self.output, self.stderr, self._rope):
            os.close(descriptor)

    def interrupt(self) -> None:
        """Ask the program to end: SIGINT, once to all of its group."""
        self._signal(signal.SIGINT)

    def kill(self) -> int:
        """Kill what is left of its group, and wait. Returns the exit code."""
        # Also after the program itself has ended: children of it may be left. A group's number is not given to
        # another process while it has members, and the program's own while it has not been waited for.
        if self._code is None:
            self._signal(signal.SIGKILL)
            self._reap(0)
        return -signal.SIGKILL if self._code is None else self._code

    def wait(self, timeout_s: float) -> int | None:
        """The exit code, 128 and more for a signal; None when it has not ended within `timeout_s` seconds."""
        if self._code is None:
            watch = os.pidfd_open(self.pid)
            try:
                ended, _, _ = select.select([watch], [], [], max(0.0, timeout_s))
            finally:
                os.close(watch)
            if ended:
                self._signal(signal.SIGKILL)
                self._reap(os.WNOHANG)
        return self._code

    def _reap(self, options: int) -> None:
        pid, status = os.waitpid(self.pid, options)
        if pid:
            self._code = os.waitstatus_to_exitcode(status)

    def _signal(self, number: signal.Signals) -> None:
        if self._code is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)


def start_tied(argv: Sequence[str], *, env: Mapping[str, str], stdout_too: bool = False) -> Tied:
    """Start a program that ends when this process does; what it writes to `OUTPUT_PATH` is read from `output`.

    So is its stdout with `stdout_too`; else that is dropped. Raises ProcessError when it cannot be started.
    """
    with contextlib.ExitStack() as stack:
        try:
            (output, output_end), (stderr, stderr_end), (rope_end, rope) = (_pipe() for _ in range(3))
        except OSError as error:
            raise ProcessError(f"{clean(argv[0])} cannot be started: {clean(error.strerror)}") from None
        for descriptor in (output_end, stderr_end, rope_end):
            stack.callback(os.close, descriptor)
        nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        stack.callback(os.close, nothing)
        places = (
            (nothing, 0),
            (output_end if stdout_too else nothing, 1),
            (stderr_end, 2),
            (output_end, 3),
            (rope_end, 4),
        )
        command = [sys.executable, "-I", "-S", str(Path(lifeline.__file__)), *argv]
        try:
            pid = os.posix_spawn(
                sys.executable,
                command,
                dict(env),
                file_actions=[(os.POSIX_SPAWN_DUP2, descriptor, place) for descriptor, place in places],
                setsid=True,
            )
        except (OSError, ValueError) as error:
            for descriptor in (output, stderr, rope):
                os.close(descriptor)
            reason = error.strerror if isinstance(error, OSError) else "an argument cannot be passed on"
            raise ProcessError(f"{clean(argv[0])} cannot be started: {clean(reason)}") from None
    return Tied(pid, output=output, stderr=stderr, rope=rope)


def _pipe() -> tuple[int, int]:
    """Both ends, above the numbers that the program's own descriptors get."""
    ends = os.pipe()
    with contextlib.suppress(OSError):
        fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    moved = tuple(_lifted(end) for end in ends)
    return moved[0], moved[1]


def _lifted(descriptor: int) -> int:
    try:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    finally:
        os.close(descriptor)
