"""How a screen is started: terminal, configuration, engine, and the heavy imports while the engine already reads."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from npconsole.config.loading import Loaded, load
from npconsole.model.clock import Clock, SystemClock
from npconsole.model.ports import Feed
from npconsole.views.environment import scrub
from npconsole.views.terminal import require_terminal

if TYPE_CHECKING:
    from npconsole.views.face import Face
    from npconsole.views.theme import Palette

MakeFace = Callable[[Loaded, Feed, "Palette", Clock, Callable[[str], str]], "Face"]
"""Builds a face from configuration, feed, palette, clock and the function that redacts secrets."""


def show(config_path: Path | None, theme: str | None, make_face: MakeFace) -> int:
    """Run a face on the terminal and return its exit code. Raises TerminalError, ConfigError and SecretError."""
    require_terminal()
    scrub(os.environ)
    loaded = load(config_path, environ=os.environ, flags={"ui.theme": theme} if theme else {})
    from npconsole.wiring import build_feed, redactor

    feed = build_feed(loaded.config, environ=os.environ)
    feed.start()
    try:
        from npconsole.views.theme import load_palette

        palette = load_palette(loaded.config.ui.theme, os.environ)
        face = make_face(loaded, feed, palette, SystemClock(), redactor.redact)
        code = face.run_on_terminal()
    finally:
        feed.stop(within_s=0.1)
    for warning in loaded.warnings:
        sys.stderr.write(f"npconsole: {warning}\n")
    return code
