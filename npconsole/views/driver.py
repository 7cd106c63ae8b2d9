"""Textual's Linux driver with an input thread that can be woken, so that quitting does not wait for it.

The stock thread sleeps up to 0.1 s in `select` twice before it sees that it should end, which is most of the time that
quitting takes, and it wakes ten times a second while nothing happens.
"""

import os
import selectors
import signal
from codecs import getincrementaldecoder

from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver

_ESCAPE_S = ESCAPE_DELAY + 0.01
"""After this long the parser gives out a lone ESC as the key."""


class WakingDriver(LinuxDriver):
    """Reads keys like its base, but `disable_input` ends the reading at once."""

    _wake: int | None = None

    def disable_input(self) -> None:
        """Wake the input thread, then let the base stop it."""
        if self._wake is not None and not self.exit_event.is_set():
            os.write(self._wake, b"\0")
        super().disable_input()

    def run_input_thread(self) -> None:
        """Read and dispatch keys until `exit_event` is set. The pipe is never drained: it stays readable."""
        wake, self._wake = os.pipe()
        try:
            with selectors.SelectSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                selector.register(wake, selectors.EVENT_READ)
                self._dispatch(selector)
        finally:
            os.close(self._wake)
            os.close(wake)
            self._wake = None

    def _read(self) -> bytes:
        """What was typed; nothing when the terminal has gone away."""
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    def _dispatch(self, selector: selectors.BaseSelector) -> None:
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        pending = False
        while not self.exit_event.is_set():
            ready = [key.fd for key, _ in selector.select(_ESCAPE_S if pending else None)]
            pending = self.fileno in ready
            if pending:
                data = self._read()
                if not data:
                    os.kill(os.getpid(), signal.SIGHUP)
                    return
                for event in parser.feed(decode(data)):
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)
