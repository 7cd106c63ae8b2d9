"""What every screen of npconsole is: an app that shows no markup, leaks no locals, and says how it ended.

`Face.run_on_terminal()` is the only way a screen is started on a real terminal.
"""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from textual.app import App
from textual.filter import LineFilter
from textual.screen import Screen

from npconsole.model.clock import Clock
from npconsole.views.crash import crash_line, state_directory, write_crash
from npconsole.views.driver import WakingDriver
from npconsole.views.guard import line_filters
from npconsole.views.terminal import orderly_endings, require_terminal
from npconsole.views.theme import Palette, textual_theme
from npconsole.views.update import compact


class Face(App[None], inherit_bindings=False):
    """The base of the console and the wallboard."""

    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    INLINE_PADDING = 0

    def __init__(
        self,
        *,
        palette: Palette,
        clock: Clock,
        crash_directory: Path | None = None,
        redact: Callable[[str], str] = str,
    ) -> None:
        super().__init__(driver_class=WakingDriver)
        self.palette = palette
        self.clock = clock
        self.crash_line = ""
        self._crash_directory = crash_directory or state_directory(dict(os.environ))
        self._redact = redact
        theme = textual_theme(palette)
        self.register_theme(theme)
        self.theme = theme.name
        self.animation_level = "none"

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters and, last, the guard against control sequences in text."""
        return line_filters(super().get_line_filters())

    def run_on_terminal(self) -> int:
        """Run until the screen is left and return the exit code. Raises TerminalError when there is no terminal.

        0 when left by a key, 1 after a crash (told in one line on stderr), 143, 129 and 131 after TERM, HUP and QUIT.
        The mouse stays the terminal's own: text can be selected as anywhere else.
        """
        require_terminal()
        gc.disable()
        with orderly_endings(self.leave):
            self.run(mouse=False)
        if self.crash_line:
            sys.stderr.write(self.crash_line + "\n")
        return self.return_code or 0

    def leave(self, code: int) -> None:
        """End the screen with an exit code. May be called from a signal handler, before the loop runs too."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.exit, None, code)

    def settle(self) -> None:
        """Once the first picture is up: what lives now lives long, so the collector need not look at it again."""
        gc.freeze()
        gc.enable()

    def panic(self, *renderables: RenderableType) -> None:
        """End after an error without printing what it brought along."""
        self._fatal_error()

    def _fatal_error(self) -> None:
        """Textual prints a traceback with all local variables here; they may hold secrets, so they go nowhere."""
        error = self._exception or RuntimeError("unknown")
        path = write_crash(error, self._crash_directory, wall=self.clock.wall(), redact=self._redact)
        self.crash_line = crash_line(error, path, redact=self._redact)
        self._close_messages_no_wait()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, compact(renderable))
