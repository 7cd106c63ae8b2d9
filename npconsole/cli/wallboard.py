"""`npconsole wallboard`: the read-only screen, on this terminal or in a browser on this host."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from npconsole.cli.context import Context
from npconsole.cli.screen import show
from npconsole.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from npconsole.config.loading import Loaded
    from npconsole.model.clock import Clock
    from npconsole.model.ports import Feed
    from npconsole.views.face import Face
    from npconsole.views.theme import Palette

PORT = 8000


@click.command(
    "wallboard",
    help="""\b
Examples:
  npconsole wallboard                       on this terminal; q ends it
  npconsole wallboard --theme high-contrast
  npconsole wallboard --web --port 8080     in a browser on this host

The estate on a wall: what is wrong, where and since when. It only looks: it has no key but quit, asks nothing of the
estate but its state, and holds no credential of an action.
""",
)
@click.option("--theme", metavar="NAME", help="Theme of the screen, or the path of one.")
@click.option("--web", is_flag=True, help=f"Serve it on http://127.0.0.1:{PORT}; each page collects for itself.")
@click.option("--port", type=click.IntRange(1, 65535), help=f"Port of --web.  [default: {PORT}]")
@click.option("--served", is_flag=True, hidden=True, help="Used by --web for each page.")
@click.pass_obj
def command(context: Context, theme: str | None, web: bool, port: int | None, served: bool) -> int:
    if port is not None and not web:
        raise UsageError("--port is of no use without --web", hint="npconsole wallboard --web --port ...")
    if served:
        return _served(context.config_path, theme)
    if web:
        return _web(context.config_path, theme, port or PORT)
    return wallboard(context.config_path, theme)


def wallboard(config_path: Path | None, theme: str | None) -> int:
    """Show the wallboard on this terminal and return its exit code."""
    return show(config_path, theme, _face)


def _face(loaded: "Loaded", feed: "Feed", palette: "Palette", clock: "Clock", redact: "Callable[[str], str]") -> "Face":
    from npconsole.config.estate import to_thresholds
    from npconsole.views.wallboard.app import WallboardApp

    ui = loaded.config.ui
    return WallboardApp(
        feed,
        palette=palette,
        thresholds=to_thresholds(loaded.config),
        rotate_s=ui.rotate,
        utc=ui.utc,
        clock=clock,
        redact=redact,
    )


def _web(config_path: Path | None, theme: str | None, port: int) -> int:
    if find_spec("textual_serve") is None:
        raise UsageError("the wallboard in a browser needs textual-serve", hint="pip install 'npconsole[web]'")
    from npconsole.config.loading import load
    from npconsole.views.environment import scrub

    scrub(os.environ)
    load(config_path, environ=os.environ, flags={"ui.theme": theme} if theme else {})
    from npconsole.views.wallboard.web import serve

    config = ["--config", str(config_path)] if config_path else []
    serve(
        [sys.executable, "-m", "npconsole", *config, "wallboard", "--served", *(["--theme", theme] if theme else [])],
        port,
    )
    return ExitCode.OK


def _served(config_path: Path | None, theme: str | None) -> int:
    from npconsole.views.environment import scrub

    scrub(os.environ)
    from npconsole.config.loading import load
    from npconsole.model.clock import SystemClock
    from npconsole.wiring import build_feed, redactor

    loaded = load(config_path, environ=os.environ, flags={"ui.theme": theme} if theme else {})
    feed = build_feed(loaded.config, environ=os.environ)
    feed.start()
    try:
        from npconsole.views.theme import load_palette
        from npconsole.views.wallboard.web import run_served

        palette = load_palette(loaded.config.ui.theme, os.environ)
        return run_served(_face(loaded, feed, palette, SystemClock(), redactor.redact))
    finally:
        feed.stop(within_s=0.1)
