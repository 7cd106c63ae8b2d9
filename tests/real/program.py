"""Real programs as test benches: started on loopback, waited for, and ended whatever happens."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], bool], *, what: str, within_s: float, by: subprocess.Popen[bytes] | None = None) -> None:
    """Return as soon as `true()`; fail the test when it does not become so in time, or when the process `by` ends.

    An exception counts as not yet; the last one is the cause of the failure.
    """
    ends = time.monotonic() + within_s
    last: Exception | None = None
    while time.monotonic() < ends:
        try:
            if true():
                return
        except Exception as error:  # noqa: BLE001 - kept as the cause
            last = error
        if by is not None and by.poll() is not None:
            raise AssertionError(f"{what}: the program ended with {by.returncode}")
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {within_s:g} s") from last


@contextlib.contextmanager
def running(
    argv: Sequence[str], *, log: Path, user: str | None = None, stop: signal.Signals = signal.SIGTERM
) -> Iterator[subprocess.Popen[bytes]]:
    """The program in a session of its own, with its output in `log`; ended with its children, by force if need be."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(log.parent), "LC_ALL": "C.UTF-8"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=log.parent,
            user=user,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process, stop)


def _end(process: subprocess.Popen[bytes], stop: signal.Signals) -> None:
    for number in (stop, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
            return
