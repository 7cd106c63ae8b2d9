"""The terminal a screen is drawn on: whether there is one, how it is left, and noticing that it went away.

A stalled reader blocks Textual's event loop, so an ending that was asked for by a signal is carried out from a thread
after a grace time, through a descriptor that never blocks.
"""

import contextlib
import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from npconsole.errors import TerminalError

ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
GRACE_S = 1.2
"""How long an orderly end may take before the process ends itself."""

LEAVE = (
    "\x1b[?2026l\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?2004l\x1b[?1004l\x1b[?2048l"
    "\x1b[<u\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"
)
"""Ends synchronised output, mouse, paste, focus and resize reports, the kitty keyboard and the alternate screen."""


def require_terminal() -> None:
    """Raise TerminalError unless keys can be read from stdin and a screen drawn on stderr, as Textual does."""
    streams = (sys.__stdin__, sys.__stderr__)
    if not all(stream is not None and not stream.closed and stream.isatty() for stream in streams):
        raise TerminalError("this screen needs a terminal on stdin and stderr", hint="use `npconsole status`")
    if os.environ.get("TERM", "dumb") == "dumb":
        raise TerminalError("TERM is unset or dumb: the terminal cannot draw a screen", hint="use `npconsole status`")
    if sys.__stderr__ is not None and sys.__stderr__.encoding.lower().replace("-", "") != "utf8":
        # Textual writes to this object; box characters must not become escapes in a C locale.
        sys.__stderr__.reconfigure(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def orderly_endings(leave: Callable[[int], None]) -> Iterator[None]:
    """While open, TERM, HUP, QUIT and a terminal that hangs up call `leave(128 + signal)` on the main thread.

    If the process is still here after GRACE_S, the terminal is restored and the process ends with that code. HUP works
    even when it was ignored at start (nohup).
    """
    attributes = _attributes()
    over = threading.Event()

    def end(number: int, _frame: FrameType | None) -> None:
        code = 128 + number
        threading.Thread(target=_force, args=(over, attributes, code), daemon=True).start()
        leave(code)

    before = {number: signal.signal(number, end) for number in ENDING_SIGNALS}
    threading.Thread(target=_watch, args=(over,), name="hang-up watch", daemon=True).start()
    try:
        yield
    finally:
        over.set()
        for number, handler in before.items():
            signal.signal(number, handler)
        _drop_unwritten()


def restore(attributes: list[Any] | None) -> None:
    """Leave the alternate screen and put the line discipline back, without ever waiting for the reader."""
    with contextlib.suppress(OSError, termios.error):
        tty = os.open("/dev/tty", os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        if attributes is not None:
            termios.tcsetattr(tty, termios.TCSANOW, attributes)
        os.write(tty, LEAVE.encode())


def _drop_unwritten() -> None:
    """What a terminal that has gone did not take must not be tried again at exit: Python would end with 120 for it."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is None or stream.closed:
            continue
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC), stream.fileno())


def _attributes() -> list[Any] | None:
    try:
        return termios.tcgetattr(0)
    except termios.error:
        return None


def _force(over: threading.Event, attributes: list[Any] | None, code: int) -> None:
    if not over.wait(GRACE_S):
        restore(attributes)
        os._exit(code)


def _watch(over: threading.Event) -> None:
    """Tell the process when its terminal goes away; without it an ignored HUP leaves a spinning process."""
    poll = select.poll()
    poll.register(0, 0)
    while not over.is_set():
        if any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll(1000)):
            os.kill(os.getpid(), signal.SIGHUP)
            return
