"""`npconsole notify`: who is told, whether it gets through, and what could not be told."""

import click

from npconsole.cli.context import Context
from npconsole.errors import ExitCode

_JSON = click.option("--json", "json_", is_flag=True, help="Print JSON.")


@click.group(
    "notify",
    help="""\b
Examples:
  npconsole notify test                 a test message on every channel, and what each answered
  npconsole notify test pagerduty       on one of them
  npconsole notify list                 open incidents, what waits, and what was given up
  npconsole notify ack us-east          you have it: no more reminders

Who is told of incidents, and whether it gets through.
""",
)
def command() -> None:
    """The group; its help text is given above because the examples come first."""


@command.command(help="Send a test message straight away and say what each channel answered.")
@click.argument("channel", required=False, default="")
@_JSON
@click.pass_obj
def test(context: Context, channel: str, json_: bool) -> ExitCode:
    """At PagerDuty it opens an incident of severity info and resolves it at once."""
    from npconsole.cli.channeltest import test_channels

    return test_channels(context, channel, as_json=json_)


@command.command("list", help="Open incidents, then notices: latest first, with what became of them.")
@click.option("--pending", is_flag=True, help="Only those that still wait.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=30, show_default=True, help="Most notices to show.")
@_JSON
@click.pass_obj
def list_(context: Context, pending: bool, limit: int, json_: bool) -> None:
    from npconsole.cli.notifying import list_notices

    list_notices(context, pending_only=pending, limit=limit, as_json=json_)


@command.command(help="Take an incident: everybody sees that you have it, and reminders stop.")
@click.argument("incident")
@click.option("--reason", default="", help="What you know or do; told with it.")
@click.pass_obj
def ack(context: Context, incident: str, reason: str) -> None:
    from npconsole.cli.notifying import acknowledge

    acknowledge(context, incident, reason)
