"""`npconsole` without a command: the console."""

import os
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from npconsole.cli.context import Context
from npconsole.cli.screen import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from npconsole.config.loading import Loaded
    from npconsole.model.clock import Clock
    from npconsole.model.ports import Feed
    from npconsole.views.face import Face
    from npconsole.views.theme import Palette


def console(context: Context, theme: str | None) -> int:
    """Open the console and return its exit code."""
    with ExitStack() as stack:
        return show(context.config_path, theme, partial(_face, context, stack))


def _face(
    context: Context,
    stack: ExitStack,
    loaded: "Loaded",
    feed: "Feed",
    palette: "Palette",
    clock: "Clock",
    redact: "Callable[[str], str]",
) -> "Face":
    """The console with its desk, which `stack` stops."""
    from npconsole.cli.actor import actor_of
    from npconsole.cli.keys import keymap
    from npconsole.config.estate import to_thresholds
    from npconsole.views.console.app import ConsoleApp
    from npconsole.wiring.desk import LiveDesk, Seat

    actor = actor_of(context, loaded.config, os.environ, via="console")
    desk = LiveDesk(Seat(loaded, os.environ, clock, actor, context.read_only))
    ui = loaded.config.ui
    keys = keymap(loaded, desk.specs)
    desk.start()
    stack.callback(desk.stop)
    return ConsoleApp(
        feed,
        desk,
        palette=palette,
        keymap=keys,
        lock_s=float(ui.lock_after),
        exit_s=float(ui.exit_after),
        thresholds=to_thresholds(loaded.config),
        utc=ui.utc,
        clock=clock,
        redact=redact,
    )
