"""How a screen begins and ends on a real terminal: signals, hang-up, crash, no terminal."""

import os
import pty
import select
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

LEFT = b"\x1b[?1049l"


class Session:
    """A console under a pseudo terminal of its own."""

    def __init__(self, directory: Path, before: Callable[[], object] | None = None) -> None:
        self.output = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            if before:
                before()
            os.environ["TERM"] = "xterm-256color"
            os.execv(  # noqa: S606 - the child of a pty.fork
                sys.executable, [sys.executable, "-m", "tests.views.console.run_console", str(directory)]
            )

    def read_until(self, wanted: bytes, timeout_s: float = 15.0) -> None:
        end = time.monotonic() + timeout_s
        while wanted not in self.output:
            left = end - time.monotonic()
            assert left > 0, self.output[-2000:]
            if select.select([self.fd], [], [], left)[0]:
                try:
                    self.output += os.read(self.fd, 65536)
                except OSError:
                    return

    def exit_code(self, timeout_s: float = 6.0) -> int:
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            if self.fd >= 0 and select.select([self.fd], [], [], 0.02)[0]:
                try:
                    self.output += os.read(self.fd, 65536)
                except OSError:
                    time.sleep(0.02)
        raise AssertionError("the console did not end")


@contextmanager
def session(directory: Path, before: Callable[[], object] | None = None) -> Iterator[Session]:
    """A running console; whatever happens, it is gone afterwards."""
    running = Session(directory, before)
    try:
        running.read_until(b"Activity")
        yield running
    finally:
        if running.pid:
            os.kill(running.pid, signal.SIGKILL)
            os.waitpid(running.pid, 0)
        if running.fd >= 0:
            os.close(running.fd)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)])
def test_a_signal_ends_it_in_order(tmp_path: Path, number: int, code: int) -> None:
    with session(tmp_path) as running:
        os.kill(running.pid, number)
        assert running.exit_code() == code
        assert LEFT in running.output


def test_quitting_is_zero_and_leaves_the_screen(tmp_path: Path) -> None:
    with session(tmp_path) as running:
        os.write(running.fd, b"q")
        assert running.exit_code() == 0
        assert LEFT in running.output


def test_a_terminal_that_goes_away_ends_it_even_if_hang_up_is_ignored(tmp_path: Path) -> None:
    with session(tmp_path, lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) as running:
        os.close(running.fd)
        running.fd = -1
        assert running.exit_code() == 129


def test_a_reader_that_stalled_does_not_keep_it(tmp_path: Path) -> None:
    with session(tmp_path) as running:
        for _ in range(60):
            os.write(running.fd, b"zz")
            time.sleep(0.02)  # each key is a whole frame; nobody reads, so the terminal's buffer fills
        os.kill(running.pid, signal.SIGTERM)
        fd, running.fd = running.fd, -1
        assert running.exit_code() == 143
        os.close(fd)


def test_a_crash_exits_one_says_one_clean_line_and_keeps_a_redacted_file(tmp_path: Path) -> None:
    with session(tmp_path) as running:
        os.write(running.fd, b"\x12")
        assert running.exit_code() == 1
    after = running.output.rpartition(LEFT)[2]
    assert b"stopped by an error of its own: RuntimeError: ***" in after
    assert b"\x1b[31m" not in after
    (file,) = tmp_path.glob("crash-*.txt")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text()
    assert "RuntimeError: ***" in text
    assert "local-hunter2" not in text.replace('hidden = "local-hunter2"', "")
    assert b"hunter2" not in running.output


def test_without_a_terminal_it_refuses_and_writes_no_escape(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.views.console.run_console", str(tmp_path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert b"needs a terminal" in done.stderr
    assert b"\x1b" not in done.stdout + done.stderr
