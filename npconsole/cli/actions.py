"""`npconsole actions`: what can be done, from the registry."""

import json
from dataclasses import asdict

import click

from npconsole.actions.gate import guards_of
from npconsole.cli.context import Context
from npconsole.cli.run import known_actions


@click.command(
    "actions",
    help="""\b
Examples:
  npconsole actions              a table
  npconsole actions --json       npconsole.actions/1, with parameters and guards
  npconsole run restart --help   one of them

What can be done, what it takes to confirm it, and whether it can be undone.
""",
)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(context: Context, json_: bool) -> None:
    actions = known_actions(context)
    if json_:
        listed = [
            {
                **asdict(action.spec),
                "guards": [{"name": each.name, "overridable": each.overridable} for each in guards_of(action)],
            }
            for action in actions
        ]
        click.echo(json.dumps({"schema": "npconsole.actions/1", "actions": listed}))
        return
    rows = [("action", "target", "key", "confirm", "role", "undo", "what it does")]
    for action in actions:
        spec = action.spec
        rows.append((spec.id, spec.target, spec.key, spec.danger, spec.role, spec.undo, spec.summary))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
