"""A program measured from its terminal: when it paints, how it answers keys, what it costs while it is left alone."""

import contextlib
import fcntl
import os
import pty
import random
import re
import select
import signal
import statistics
import struct
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyte

COLUMNS, ROWS = 120, 40
QUIET_S = 0.06
_REPLIES = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[c": b"\x1b[?62;22c", b"\x1b[6n": b"\x1b[1;1R"}


@dataclass(slots=True)
class Measured:
    """Times in ms, CPU in % of one core, memory in MB."""

    paint_ms: float = 0.0
    ready_ms: float = 0.0
    start_cpu_ms: float = 0.0
    keys_ms: list[float] = field(default_factory=list)
    idle_cpu: float = 0.0
    idle_bytes_s: float = 0.0
    pss_mb: float = 0.0
    quit_ms: float = 0.0

    @property
    def key_p95_ms(self) -> float:
        ordered = sorted(self.keys_ms)
        return ordered[int(len(ordered) * 0.95)] if ordered else 0.0


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)
        self.began = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            os.execvpe(argv[0], list(argv), environ)  # noqa: S606 - there is no shell in between
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.received = 0
        self._waiting: list[tuple[float, bytes]] = []

    def pump(self, seconds: float, until: Callable[[], bool] = lambda: False) -> float | None:
        """Read for some seconds, or until it is true of the screen; when the output that made it so arrived.

        Playing the terminal is slow, so it is done while nothing arrives: it must not delay what is measured.
        """
        end = time.perf_counter() + seconds
        while True:
            left = end - time.perf_counter()
            if select.select([self._fd], [], [], 0.003 if self._waiting else max(0.0, left))[0]:
                if not self._read():
                    return None
            elif self._waiting:
                at, data = self._waiting.pop(0)
                self._stream.feed(data)
                if until():
                    return at
            elif left <= 0:
                return None

    def _read(self) -> bool:
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return False
        self._waiting.append((time.perf_counter(), data))
        self.received += len(data)
        for asked, reply in _REPLIES.items():
            if asked in data:
                os.write(self._fd, reply)
        return True

    def press(self, data: bytes) -> float | None:
        """The ms from a key to the first cell that changed; None when nothing did within half a second."""
        self.screen.dirty.clear()
        before, began = list(self.screen.display), time.perf_counter()
        os.write(self._fd, data)
        at = self.pump(0.5, lambda: bool(self.screen.dirty) and self.screen.display != before)
        self.pump(QUIET_S)
        return None if at is None else (at - began) * 1000

    def text(self) -> str:
        return "\n".join(self.screen.display)

    def cpu_s(self) -> float:
        """CPU seconds of all its threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        live = sum(
            int(path.read_text().split()[0]) / 1e9 for path in Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        )
        return max(live, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"))

    def pss_mb(self) -> float:
        found = re.search(r"\nPss:\s+(\d+)", Path(f"/proc/{self.pid}/smaps_rollup").read_text())
        return int(found[1]) / 1024 if found else 0.0

    def quit(self, data: bytes) -> float:
        """The ms from the key to the end of the process."""
        began = time.perf_counter()
        os.write(self._fd, data)
        while time.perf_counter() - began < 5:
            self.pump(0.005)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                os.close(self._fd)
                return (time.perf_counter() - began) * 1000
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return float("nan")


def measure(argv: Sequence[str], *, ready: str, keys: Sequence[bytes], idle_s: float, presses: int = 30) -> Measured:
    """One run. `ready` is a regular expression for the screen; raises when it never matches."""
    terminal, result, pattern = Terminal(argv), Measured(), re.compile(ready)
    painted = terminal.pump(20, lambda: bool(terminal.text().strip()))
    done = (
        painted if pattern.search(terminal.text()) else terminal.pump(20, lambda: bool(pattern.search(terminal.text())))
    )
    if painted is None or done is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(terminal.pid, signal.SIGKILL)
        raise RuntimeError(f"{argv} was never ready:\n{terminal.text()}")
    result.paint_ms, result.ready_ms = (painted - terminal.began) * 1000, (done - terminal.began) * 1000
    result.start_cpu_ms = terminal.cpu_s() * 1000
    terminal.pump(1.5)
    rng = random.Random(1)
    for number in range(presses if keys else 0):
        terminal.pump(rng.uniform(0.02, 0.08))
        took = terminal.press(keys[number % len(keys)])
        if took is not None:
            result.keys_ms.append(took)
    terminal.pump(1.5)
    cpu, sent, began = terminal.cpu_s(), terminal.received, time.perf_counter()
    terminal.pump(idle_s)
    span = time.perf_counter() - began
    result.idle_cpu = (terminal.cpu_s() - cpu) / span * 100
    result.idle_bytes_s = (terminal.received - sent) / span
    result.pss_mb = terminal.pss_mb()
    result.quit_ms = terminal.quit(b"q")
    return result


def median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else float("nan")
