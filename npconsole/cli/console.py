"""`npconsole` without a command: the console."""

import os
from contextlib import ExitStack
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from npconsole.cli.context import Context
from npconsole.cli.screen import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from npconsole.config.loading import Loaded
    from npconsole.model.clock import Clock
    from npconsole.model.ports import Feed
    from npconsole.views.console.app import ConsoleApp
    from npconsole.views.console.opening import Opened
    from npconsole.views.face import Face
    from npconsole.views.theme import Palette


def console(context: Context, theme: str | None) -> int:
    """Open the console and return its exit code. Raises ConfigError also for keys that cannot be so."""
    with ExitStack() as stack:
        opening = _Opening(context, stack)
        code = show(context.config_path, theme, opening.face)
        if opening.made is not None and opening.made.failure is not None:
            raise opening.made.failure
        return code


class _Opening:
    """The face at once, and its desk from a thread of its own when the face asks for it; `stack` stops the desk."""

    def __init__(self, context: Context, stack: ExitStack) -> None:
        self.made: ConsoleApp | None = None
        self._context = context
        self._stack = stack

    def face(
        self,
        loaded: "Loaded",
        feed: "Feed",
        palette: "Palette",
        clock: "Clock",
        redact: "Callable[[str], str]",
    ) -> "Face":
        """The console on its first screen."""
        from npconsole.config.estate import to_thresholds
        from npconsole.config.keymap import provisional
        from npconsole.views.console.app import ConsoleApp

        ui = loaded.config.ui
        self.made = ConsoleApp(
            feed,
            partial(self._begin, loaded, clock),
            palette=palette,
            keymap=provisional(ui.keys),
            lock_s=float(ui.lock_after),
            exit_s=float(ui.exit_after),
            bell=ui.bell,
            notify=ui.notify,
            thresholds=to_thresholds(loaded.config),
            utc=ui.utc,
            clock=clock,
            redact=redact,
        )
        return self.made

    def _begin(self, loaded: "Loaded", clock: "Clock", done: "Callable[[Opened | Exception], None]") -> None:
        Thread(target=self._work, args=(loaded, clock, done), name="npconsole-opening", daemon=True).start()

    def _work(self, loaded: "Loaded", clock: "Clock", done: "Callable[[Opened | Exception], None]") -> None:
        try:
            done(self._opened(loaded, clock))
        except Exception as error:  # noqa: BLE001 - it is raised again where the console was asked for
            done(error)

    def _opened(self, loaded: "Loaded", clock: "Clock") -> "Opened":
        """The desk, with all that the console imports for it."""
        import npconsole.views.console.stages  # noqa: F401 - so that the screen need not wait for it
        from npconsole.cli.actor import actor_of
        from npconsole.cli.keys import keymap
        from npconsole.views.console.opening import Opened
        from npconsole.wiring.desk import LiveDesk, Seat

        actor = actor_of(self._context, loaded.config, os.environ, via="console")
        desk = LiveDesk(Seat(loaded, os.environ, clock, actor, self._context.read_only))
        keys = keymap(loaded, desk.specs)
        desk.start()
        self._stack.callback(desk.stop)
        return Opened(desk, keys)
