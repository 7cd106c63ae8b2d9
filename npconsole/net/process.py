"""The one runner of programs: no shell, no inherited secrets, no terminal, a session of their own, always an end.

Everything here blocks; on an event loop call it through `npconsole.net.offload`.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from npconsole.errors import ProcessError
from npconsole.net.text import clean

KEPT = frozenset(
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "LANG",
        "LANGUAGE",
        "TZ",
        "TMPDIR",
        "GNUPGHOME",
        "PASSWORD_STORE_DIR",
        "SSH_AUTH_SOCK",
        "DBUS_SESSION_BUS_ADDRESS",
        "XDG_RUNTIME_DIR",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
    ]
)
"""Variables that a child gets: what programs need to find their files and password stores, never a token."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that has ended. `code` is negative for a signal. Output is as it was written: not cleaned."""

    code: int
    stdout: bytes
    stderr: bytes


def child_environ(environ: Mapping[str, str], extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables of `environ` that a child may see, and `extra` ones."""
    kept = {name: value for name, value in environ.items() if name in KEPT or name.startswith("LC_")}
    return kept | dict(extra or {})


def run(argv: Sequence[str], *, timeout_s: float, env: Mapping[str, str], most_bytes: int = 1_000_000) -> Finished:
    """Run a program to its end. `env` is all of its environment; see `child_environ`.

    Raises ProcessError when it cannot be started, has not ended after `timeout_s` seconds or writes more than
    `most_bytes` to stdout or stderr; its whole process group is killed then.
    """
    process = _popen(argv, env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        try:
            return _attend(process, clean(argv[0]), time.monotonic() + timeout_s, timeout_s, most_bytes)
        except BaseException:
            _signal_group(process, signal.SIGKILL)
            raise


def _attend(process: subprocess.Popen[bytes], name: str, end: float, timeout_s: float, most_bytes: int) -> Finished:
    """Read both streams until they close, then wait."""
    streams = [stream for stream in (process.stdout, process.stderr) if stream is not None]
    output = {stream: bytearray() for stream in streams}
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(max(0.0, end - time.monotonic()))
            if not ready:
                raise ProcessError(f"{name} did not end within {timeout_s:g} s and was killed")
            for key, _ in ready:
                chunk = os.read(key.fd, 65536)
                stream = next(stream for stream in streams if stream is key.fileobj)
                output[stream] += chunk
                if not chunk:
                    selector.unregister(stream)
                if len(output[stream]) > most_bytes:
                    raise ProcessError(f"{name} wrote more than {most_bytes} bytes and was killed")
    try:
        code = process.wait(max(0.0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise ProcessError(f"{name} did not end within {timeout_s:g} s and was killed") from None
    stdout, stderr = (bytes(output[stream]) for stream in streams)
    return Finished(code, stdout, stderr)


class Running:
    """A program that runs beside this one; as a context manager it is stopped at the end.

    Only its first lines are meant to be read: a program that goes on writing to stdout will block.
    """

    def __init__(self, process: subprocess.Popen[bytes], name: str) -> None:
        self._process = process
        self._name = name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Its process id, which is also that of its group."""
        return self._process.pid

    def code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._process.poll()

    def read_line(self, *, timeout_s: float, most_bytes: int = 65536) -> str:
        """The next line of its stdout without the line end, not cleaned.

        Raises ProcessError when none is complete within `timeout_s` seconds or the program ends first.
        """
        stdout, line = self._process.stdout, bytearray()
        if stdout is None:
            raise ProcessError(f"{self._name}: its output is not read here")
        end = time.monotonic() + timeout_s
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while not line.endswith(b"\n"):
                if not selector.select(max(0.0, end - time.monotonic())):
                    raise ProcessError(f"{self._name} said nothing within {timeout_s:g} s")
                byte = os.read(stdout.fileno(), 1)
                line += byte
                if not byte or len(line) > most_bytes:
                    raise ProcessError(
                        f"{self._name} ended before it said that it is ready"
                        if not byte
                        else f"{self._name} wrote a line of more than {most_bytes} bytes"
                    )
        return line[:-1].decode("utf-8", "replace")

    def stop(self, *, grace_s: float = 5.0) -> int:
        """End the program's whole group: SIGTERM, after `grace_s` seconds SIGKILL. Returns the exit code."""
        _signal_group(self._process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(grace_s)
        _signal_group(self._process, signal.SIGKILL)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return self._process.wait()


def start(argv: Sequence[str], *, env: Mapping[str, str], log: Path | None = None) -> Running:
    """Start a program and leave it running. Its stderr is appended to `log` (mode 0600), or dropped.

    Raises ProcessError when it cannot be started.
    """
    with contextlib.ExitStack() as stack:
        stderr: int | IO[bytes] = subprocess.DEVNULL
        if log is not None:
            stderr = stack.enter_context(open(log, "ab", opener=_private))
        process = _popen(argv, env, stdout=subprocess.PIPE, stderr=stderr)
    return Running(process, clean(argv[0]))


class Detached:
    """A program that goes on whatever becomes of this one. Ask for its code now and then: else it stays a zombie."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        if self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code


def detach(argv: Sequence[str], *, env: Mapping[str, str], log: Path) -> Detached:
    """Start a program in a session of its own, without terminal, its output appended to `log` (mode 0600).

    Raises ProcessError when it cannot be started, or the log cannot be written.
    """
    try:
        with open(log, "ab", opener=_private) as output, Path(os.devnull).open("rb") as nothing:
            streams = ((nothing, 0), (output, 1), (output, 2))
            actions = [(os.POSIX_SPAWN_DUP2, stream.fileno(), number) for stream, number in streams]
            return Detached(os.posix_spawnp(argv[0], list(argv), dict(env), file_actions=actions, setsid=True))
    except FileNotFoundError:
        raise ProcessError(f"{clean(argv[0])} is not installed") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "an argument cannot be passed on"
        raise ProcessError(
            f"{clean(argv[0])} cannot be started, or {clean(log)} not written: {clean(reason)}"
        ) from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _popen(
    argv: Sequence[str], env: Mapping[str, str], *, stdout: int | IO[bytes], stderr: int | IO[bytes]
) -> subprocess.Popen[bytes]:
    name = clean(argv[0])
    try:
        return subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env=dict(env),
            bufsize=0,
            start_new_session=True,
        )
    except FileNotFoundError:
        raise ProcessError(f"{name} is not installed", hint=f"install {name} or put it on PATH") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "an argument cannot be passed on"
        raise ProcessError(f"{name} cannot be started: {clean(reason)}") from None


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal the program's whole group, which may outlive the program itself."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
