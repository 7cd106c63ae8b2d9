"""`npconsole unmute TARGET`: end a mute early."""

import click

from npconsole.cli.context import Context


@click.command("unmute", help="End a mute before its time.\n\n\b\nExample:\n  npconsole unmute us-east")
@click.argument("target")
@click.pass_obj
def command(context: Context, target: str) -> None:
    from npconsole.cli.acting import acting
    from npconsole.cli.heal.stand import require_operator
    from npconsole.cli.mute import known_target

    with acting(context) as hold:
        require_operator(hold)
        named = known_target(target, context)
        mutes = hold.stores.mutes
        muted = any(each.target == named for each in mutes.mutes())
        mutes.unmute(named, actor=hold.actor.name)
        click.echo(f"{named} is no longer muted" if muted else f"{named} was not muted", err=True)
