"""`npconsole mute TARGET --for 30m --reason ...`: pause alerts and heals of a target, always with an end."""

import os

import click

from npconsole.cli.context import Context
from npconsole.errors import UsageError


@click.command(
    "mute",
    help="""\b
Examples:
  npconsole mute us-east --for 30m --reason "planned restart"
  npconsole mute neuropilot --for 2h --reason "maintenance"     the whole environment

Pause alerts and heals of a region, an edge, a service or the whole environment. It ends by itself, and then what is
still wrong is told. People may act all the same.
""",
)
@click.argument("target")
@click.option("--for", "duration", required=True, metavar="DURATION", help="How long, such as 30m; at most 30 days.")
@click.option("--reason", required=True, help="Why; people and the audit read it.")
@click.pass_obj
def command(context: Context, target: str, duration: str, reason: str) -> None:
    from npconsole.cli.acting import acting
    from npconsole.cli.heal.stand import require_operator, said
    from npconsole.config.units import Seconds
    from npconsole.model import quantity

    try:
        seconds = Seconds.parse(duration)
    except ValueError as error:
        raise UsageError(f"--for {error}") from None
    with acting(context) as hold:
        require_operator(hold)
        named = known_target(target, context)
        mute = hold.stores.mutes.mute(named, for_s=seconds, reason=said(reason), actor=hold.actor.name)
        until = quantity.moment(mute.until_wall, hold.clock.wall(), utc=True)
        click.echo(f"{mute.target} is muted until {until}: npconsole unmute {mute.target}", err=True)


def known_target(text: str, context: Context) -> str:
    """A region, an edge, a service or the environment, by its name. Raises UsageError with the nearest one."""
    from npconsole.config.estate import to_estate
    from npconsole.config.loading import load
    from npconsole.config.nearest import suggestion
    from npconsole.net.text import clean

    estate = to_estate(load(context.config_path, environ=os.environ).config)
    names = [region.id for region in estate.regions] + [edge.id for edge in estate.edges]
    names += dict.fromkeys(region.service for region in estate.regions)
    names.append(estate.name)
    if text not in names:
        raise UsageError(
            f"there is nothing called {clean(text, limit=60)!r}{suggestion(text, names)}",
            hint=f"one of: {', '.join(names[:20])}",
        )
    return text
