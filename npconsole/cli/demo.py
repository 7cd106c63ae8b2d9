"""`npconsole demo`: any face on a simulated platform, which lives and dies with it."""

import json
import os
import sys
import tempfile
from pathlib import Path

import click

from npconsole.cli.context import Context
from npconsole.errors import ExitCode, NpconsoleError, ProcessError
from npconsole.net import process
from npconsole.net.text import clean

_READY_S = 20.0


@click.command(
    "demo",
    help="""\b
Examples:
  npconsole demo                             calm at first, then a region slows down
  npconsole demo --scenario region-down      an outage and its fail-over
  npconsole demo --face wallboard
  npconsole sim scenarios                    what there is to see

A simulated platform on loopback with real HTTP, and a face on it. While it runs, another shell may inject faults:
`npconsole sim fault us-east down --for 60s`. Everything ends when you quit.
""",
)
@click.option("--scenario", default="slow-region", show_default=True, help="What happens.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same world.")
@click.option("--speed", default=1.0, show_default=True, help="Simulated seconds in a second.")
@click.option(
    "--face",
    type=click.Choice(["console", "wallboard", "status"]),
    default="console",
    show_default=True,
    help="What to open.",
)
@click.option("--theme", metavar="NAME", help="Theme of the screen.")
def command(scenario: str, seed: int, speed: float, face: str, theme: str | None) -> int:
    if face != "status":
        from npconsole.views.terminal import require_terminal

        require_terminal()
    with tempfile.TemporaryDirectory(prefix="npconsole-demo-") as folder:
        options = ["--dir", folder, "--seed", str(seed), "--scenario", scenario, "--speed", str(speed)]
        with _simulator(Path(folder), options) as running:
            config_path = _config_path(running, Path(folder))
            return _open(face, config_path, theme)


def _simulator(folder: Path, options: list[str]) -> process.Running:
    """The simulator in a process of its own, so that it is as far away as a real platform would be."""
    argv = [sys.executable, "-m", "npconsole", "sim", "up", "--with-parent", *options]
    return process.start(argv, env=process.child_environ(os.environ), log=folder / "sim.log")


def _config_path(running: process.Running, folder: Path) -> Path:
    """Wait until the simulator has said where everything is."""
    try:
        ready = json.loads(running.read_line(timeout_s=_READY_S))
        return Path(ready["config"])
    except (ProcessError, ValueError, KeyError) as error:
        code = running.stop(grace_s=1.0)
        log = folder / "sim.log"
        said = clean(log.read_text("utf-8", "replace")[-2000:] if log.exists() else "", limit=2000, lines=True).strip()
        raise DemoError(f"the simulated platform did not start:\n{said or error}", code) from None


class DemoError(NpconsoleError):
    """The simulator did not start; ends with its exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.exit_code = ExitCode.USAGE if code == ExitCode.USAGE else ExitCode.FAILED


def _open(face: str, config_path: Path, theme: str | None) -> int:
    match face:
        case "status":
            from npconsole.cli.status import show_once
            from npconsole.config.loading import load

            return show_once(load(config_path, environ=os.environ))
        case "wallboard":
            from npconsole.cli.wallboard import wallboard

            return wallboard(config_path, theme)
        case _:
            from npconsole.cli.console import console

            return console(Context(config_path), theme)
