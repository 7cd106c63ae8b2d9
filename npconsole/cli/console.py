"""`npconsole` without a command: the console."""

from pathlib import Path
from typing import TYPE_CHECKING

from npconsole.cli.screen import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from npconsole.config.loading import Loaded
    from npconsole.model.clock import Clock
    from npconsole.model.ports import Feed
    from npconsole.views.face import Face
    from npconsole.views.theme import Palette


def console(config_path: Path | None, theme: str | None) -> int:
    """Open the console and return its exit code."""
    return show(config_path, theme, _face)


def _face(loaded: "Loaded", feed: "Feed", palette: "Palette", clock: "Clock", redact: "Callable[[str], str]") -> "Face":
    from npconsole.config.estate import to_thresholds
    from npconsole.config.keymap import merge
    from npconsole.views.console.app import ConsoleApp

    ui = loaded.config.ui
    return ConsoleApp(
        feed,
        palette=palette,
        keymap=merge(ui.keys),
        thresholds=to_thresholds(loaded.config),
        utc=ui.utc,
        clock=clock,
        redact=redact,
    )
