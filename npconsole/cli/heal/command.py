"""`npconsole heal run|status|on|off|ack|report|unit`."""

import os
import sys

import click

from npconsole.cli.context import Context
from npconsole.errors import ExitCode

_JSON = click.option("--json", "json_", is_flag=True, help="Print JSON.")


@click.group(
    "heal",
    help="""\b
Examples:
  npconsole heal run                      the daemon; what its rules may do is said by heal.mode
  npconsole heal run --shadow --log -     only say what it would do, on stdout
  npconsole heal status                   who heals, by which rules, what holds them back
  npconsole heal off --reason "migration"
  npconsole heal ack --reason "looked at us-east: bad disk, replaced"

Heal by rules, with brakes, and alert people. Any number of daemons may run: one leads, the others wait for their turn.
""",
)
def command() -> None:
    """The group; its help text is given above because the examples come first."""


@command.command()
@click.option("--shadow", "mode", flag_value="shadow", help="Act on nothing; record what would have been done.")
@click.option("--enforce", "mode", flag_value="enforce", help="Act, where a rule says nothing else.")
@click.option("--once", is_flag=True, help="One check, then end: for cron. Nothing heals in between.")
@click.option("--listen", metavar="HOST:PORT", help="Where /metrics and /healthz are; default daemon.listen.")
@click.option("--log", "log_path", metavar="FILE", help="JSON lines; - for stdout; default daemon.log.")
@click.option(
    "--speed",
    type=click.FloatRange(1, 120),
    default=1.0,
    help="Rehearsal: have time pass so many times faster for rules, brakes and alerts. On a simulated platform only.",
)
@_JSON
@click.pass_obj
def run(
    context: Context,
    mode: str | None,
    once: bool,
    listen: str | None,
    log_path: str | None,
    speed: float,
    json_: bool,
) -> int:
    """Run the daemon until SIGTERM. SIGHUP reads configuration and secrets anew; a bad file leaves all as it is.

    \b
    Examples:
      npconsole heal run
      npconsole heal run --enforce --listen 127.0.0.1:9877
      npconsole heal run --once --json

    \b
    Exit codes: 0 ended by SIGTERM, or --once done, 130 ended by Ctrl-C, 2 configuration, 6 no memory.
    """
    from npconsole.cli.heal.running import Asked, run_daemon

    return run_daemon(context, Asked(mode, once, listen, log_path, speed, json_))


@command.command()
@click.option("--check", is_flag=True, help="Exit 9 when nothing heals now: no leader, switched off, or latched.")
@_JSON
@click.pass_obj
def status(context: Context, check: bool, json_: bool) -> int:
    """Who heals, by which rules, what holds them back, and what was decided last."""
    from npconsole.cli.acting import acting
    from npconsole.cli.heal import report
    from npconsole.cli.heal.stand import stand
    from npconsole.cli.output import print_json

    with acting(context) as hold:
        standing = stand(hold)
        if json_:
            print_json(report.status_json(standing))
        else:
            sys.stdout.write(report.status_text(standing) + "\n")
        return ExitCode.NOT_OK if check and standing.idle else ExitCode.OK


@command.command()
@click.pass_obj
def on(context: Context) -> None:
    """Let the healer act again, as its rules say."""
    _switch(context, "")


@command.command()
@click.option("--reason", required=True, help="Why; people and the audit read it.")
@click.pass_obj
def off(context: Context, reason: str) -> None:
    """Switch healing off everywhere at once: the switch is asked in the transaction of every intent."""
    _switch(context, reason)


@command.command()
@click.option("--reason", required=True, help="What you found; people and the audit read it.")
@click.pass_obj
def ack(context: Context, reason: str) -> None:
    """Say that you have looked at what stopped the healer: it goes on at the next check."""
    from npconsole.cli.acting import acting
    from npconsole.cli.heal.stand import require_operator, said
    from npconsole.model.heal import HEAL_ACK

    with acting(context) as hold:
        require_operator(hold)
        hold.journal.set_switch(HEAL_ACK, said(reason), actor=hold.actor.name)
        click.echo("acknowledged: the healer goes on at its next check", err=True)


@command.command()
@_JSON
@click.pass_obj
def report(context: Context, json_: bool) -> None:
    """How good each rule has been: acted, helped, would have acted, recovered alone, with its interval."""
    from npconsole.cli.acting import acting
    from npconsole.cli.heal import report as reports
    from npconsole.cli.heal.stand import stand
    from npconsole.cli.output import print_json

    with acting(context) as hold:
        standing = stand(hold)
        if json_:
            print_json(reports.cards_json(standing))
        else:
            sys.stdout.write(reports.cards_text(standing) + "\n")


@command.command()
@click.option("--user", "as_user", is_flag=True, help="For systemctl --user.")
@click.pass_obj
def unit(context: Context, as_user: bool) -> None:
    """Print a hardened systemd unit for this configuration.

    \b
    Example:
      npconsole heal unit | sudo tee /etc/systemd/system/npconsole-heal.service
    """
    from npconsole.cli.heal.unit import unit_text
    from npconsole.config.loading import load

    loaded = load(context.config_path, environ=os.environ)
    sys.stdout.write(unit_text(loaded.path.absolute(), as_user=as_user))


def _switch(context: Context, reason: str) -> None:
    from npconsole.cli.acting import acting
    from npconsole.cli.heal.stand import require_operator, said
    from npconsole.model.heal import HEAL_OFF

    with acting(context) as hold:
        require_operator(hold)
        words = said(reason) if reason else ""
        hold.journal.set_switch(HEAL_OFF, words, actor=hold.actor.name)
        click.echo(f"healing is off: {words}" if words else "healing is on, as its rules say", err=True)
