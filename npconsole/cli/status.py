"""`npconsole status`: the estate's state, once, as a check for scripts, or as a stream. No terminal, no Textual."""

import asyncio
import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import click

from npconsole.cli.context import Context
from npconsole.cli.report import as_json, as_text
from npconsole.config.loading import Loaded, load
from npconsole.errors import ExitCode
from npconsole.model.level import Level
from npconsole.model.snapshot import Snapshot

_SAMPLE_S = 1.0


@click.command(
    "status",
    help="""\b
Examples:
  npconsole status                  a table
  npconsole status --json           one object: npconsole.status/1
  npconsole status --check          nothing but the exit code and one line
  npconsole status --watch --json   one object a refresh, as NDJSON

The estate's state. A single look judges at once: one answer decides a level. Percentiles and rates are measured since
the look before, when that is at most two windows old, else over --sample seconds between two readings.

Exit codes of --check: 0 all is well, 9 something is not, 8 nothing answers.
""",
)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.option("--check", is_flag=True, help="Exit 9 when not all is well.")
@click.option("--watch", is_flag=True, help="Go on until interrupted; levels then change as in the console.")
@click.option(
    "--sample",
    default=_SAMPLE_S,
    show_default=True,
    type=click.FloatRange(0.1, 60),
    help="Seconds between two readings.",
)
@click.pass_obj
def command(context: Context, json_: bool, check: bool, watch: bool, sample: float) -> int:
    loaded = load(context.config_path, environ=os.environ)
    for warning in loaded.warnings:
        click.echo(f"npconsole: {warning}", err=True)
    return _watch(loaded, json_=json_) if watch else show_once(loaded, json_=json_, check=check, sample_s=sample)


def show_once(loaded: Loaded, *, json_: bool = False, check: bool = False, sample_s: float = _SAMPLE_S) -> ExitCode:
    """Look once, print it, and say by the exit code how it is."""
    from npconsole.wiring import look_once

    snapshot = asyncio.run(look_once(loaded.config, environ=os.environ, sample_s=sample_s))
    _print(snapshot, json_=json_, brief=check)
    return exit_code(snapshot, check=check)


def exit_code(snapshot: Snapshot, *, check: bool) -> ExitCode:
    """8 when nothing of the estate answered; 9 with `check` when a level is not ok; else 0."""
    readings = [*(state.health for state in snapshot.regions), *(state.health for state in snapshot.edges)]
    if snapshot.online is False or all(not one.value or one.value.failure for one in readings):
        return ExitCode.UNREACHABLE
    well = snapshot.overall.level in (Level.OK, Level.MUTED)
    return ExitCode.NOT_OK if check and not well else ExitCode.OK


def _watch(loaded: Loaded, *, json_: bool) -> int:
    """Print each snapshot until interrupted. The engine's own thread only hands over; a slow reader never delays it."""
    from npconsole.wiring import build_feed

    newest: list[Snapshot] = []
    came = threading.Event()

    def listen(snapshot: Snapshot) -> None:
        newest[:] = [snapshot]
        came.set()

    feed = build_feed(loaded.config, environ=os.environ)
    feed.subscribe(listen)
    feed.start()
    try:
        while came.wait():
            came.clear()
            _print(newest[0], json_=json_, brief=False, compact=True)
    finally:
        feed.stop()
    return ExitCode.OK


def _print(snapshot: Snapshot, *, json_: bool, brief: bool, compact: bool = False) -> None:
    if json_:
        write(as_json(snapshot), indent=None if compact or not sys.stdout.isatty() else 2)
    else:
        sys.stdout.write(as_text(snapshot, brief=brief) + "\n")
        sys.stdout.flush()


def write(body: dict[str, Any], *, indent: int | None, echo: Callable[[str], object] = sys.stdout.write) -> None:
    """One JSON object on stdout, in ASCII so that no terminal ever interprets it."""
    echo(json.dumps(body, ensure_ascii=True, allow_nan=False, indent=indent) + "\n")
    sys.stdout.flush()
