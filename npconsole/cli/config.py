"""`npconsole config`: write, check and show the configuration. stdout is the result, stderr the narration."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from npconsole.cli.context import Context
from npconsole.errors import ConfigError, ExitCode, Problem

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")

EXAMPLES = """\b
Examples:
  npconsole config init                write an example to start from
  npconsole config check               find every mistake, with its line
  npconsole config show --origin       what is in force, and where each value comes from
  npconsole config schema > config.schema.json    completion in your editor
"""


@click.group(help=f"{EXAMPLES}\nWrite, check and show the configuration.")
def command() -> None:
    """The group; its help text is given above because the examples come first."""


@command.command(help="Write the example configuration, to edit.")
@click.option("--path", type=click.Path(path_type=Path), help="Where to; default where npconsole looks for it.")
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@_JSON
@click.pass_context
def init(ctx: click.Context, path: Path | None, force: bool, as_json: bool) -> None:
    from npconsole.config.example import write_example

    target = path or _path(ctx)
    write_example(target, force=force)
    _result(str(target), {"path": str(target)}, as_json)
    _narrate("written; edit the lines marked `yours`, then run `npconsole config check`")


@command.command(help="Print every problem of a configuration; exit 2 when there is one.")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@_JSON
@click.pass_context
def check(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    from npconsole.config.loading import load

    asked = file or _asked(ctx)
    try:
        loaded = load(asked, environ=os.environ)
    except ConfigError as error:
        text = "\n".join(map(str, error.problems))
        body = {"ok": False, "path": str(asked or _path(ctx)), "problems": [asdict(each) for each in error.problems]}
        _result(text, {**body, "warnings": [], "hint": error.hint}, as_json)
        _narrate(_counted(len(error.problems), "problem") + (f"; {error.hint}" if error.hint else ""))
        ctx.exit(ExitCode.USAGE)
    _warn(loaded.warnings)
    services = loaded.config.services
    regions = sum(len(service.regions) for service in services)
    text = f"{loaded.path}: ok, {_counted(len(services), 'service')}, {_counted(regions, 'region')}"
    body = {"ok": True, "path": str(loaded.path), "services": len(services), "regions": regions, "problems": []}
    _result(text, {**body, "warnings": [asdict(each) for each in loaded.warnings]}, as_json)


@command.command(help="Print the configuration in force, without secrets.")
@click.option("--origin", is_flag=True, help="Also where each value comes from.")
@_JSON
@click.pass_context
def show(ctx: click.Context, origin: bool, as_json: bool) -> None:
    from npconsole.config.effective import nested, settings
    from npconsole.config.loading import load

    loaded = load(_asked(ctx), environ=os.environ)
    _warn(loaded.warnings)
    rows = [(each.key, each.text, str(loaded.origin(each.key))) for each in settings(loaded.config)]
    lines = [f"{key}: {text}" + (f"  # {source}" if origin else "") for key, text, source in rows]
    body = {"path": str(loaded.path), "config": nested(loaded.config)}
    if origin:
        body["origins"] = {key: source for key, _, source in rows}
    _result("\n".join(lines), body, as_json)


@command.command(help="Print the JSON schema of the configuration file, for editors.")
def schema() -> None:
    from npconsole.config.jsonschema import json_schema

    click.echo(json.dumps(json_schema(), indent=2))


@command.command(help="Print where the configuration is read from.")
@_JSON
@click.pass_context
def path(ctx: click.Context, as_json: bool) -> None:
    place = _path(ctx)
    there = os.path.lexists(place)
    _result(str(place), {"path": str(place), "exists": there}, as_json)
    if not there:
        _narrate("there is no such file yet; write one with `npconsole config init`")


def _asked(ctx: click.Context) -> Path | None:
    context = ctx.find_object(Context)
    return context.config_path if context else None


def _path(ctx: click.Context) -> Path:
    from npconsole.config.loading import usual_path

    return _asked(ctx) or usual_path(os.environ)


def _result(text: str, body: dict[str, Any], as_json: bool) -> None:
    from npconsole.net.text import clean

    if as_json:
        click.echo(json.dumps({"schema": "npconsole.config/1", **body}))
    else:
        click.echo(clean(text, limit=1_000_000, lines=True))


def _warn(warnings: tuple[Problem, ...]) -> None:
    for warning in warnings:
        _narrate(f"warning: {warning}")


def _narrate(text: str) -> None:
    from npconsole.net.text import clean

    click.echo(clean(text, limit=2000), err=True)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
