"""`npconsole runs`: what was done and what is under way; follow it, or ask it to stop."""

import sys

import click

from npconsole.cli.context import Context
from npconsole.errors import ExitCode, RefusedError, UsageError

_ID = click.argument("run_id", metavar="ID")
_JSON = click.option("--json", "json_", is_flag=True, help="Print JSON.")


@click.group(
    "runs",
    help="""\b
Examples:
  npconsole runs list --open            what is under way
  npconsole runs show 4f1a09c2b3d4      one run with its steps and events
  npconsole runs watch 4f1a09c2b3d4     follow it to its end
  npconsole runs abort 4f1a09c2b3d4     stop it, and undo what can be undone

What was done, and what is under way.
""",
)
def command() -> None:
    """The group; its help text is given above because the examples come first."""


@command.command("list", help="Runs, latest first.")
@click.option("--open", "open_", is_flag=True, help="Only those that have not ended.")
@click.option("--target", default="", help="Only those of a target.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Most to show.")
@_JSON
@click.pass_obj
def list_(context: Context, open_: bool, target: str, limit: int, json_: bool) -> None:
    from npconsole.cli import run_report
    from npconsole.cli.acting import acting
    from npconsole.cli.output import print_json

    with acting(context) as hold:
        found = hold.journal.runs(target=target, open_only=open_, limit=limit)
        if json_:
            print_json({"schema": "npconsole.runs/1", "runs": [run_report.run_json(run) for run in found]})
            return
        for run in found:
            click.echo(run_report.run_line(run))
        if not found:
            click.echo("no runs", err=True)


@command.command(help="One run, with its steps and events.")
@_ID
@_JSON
@click.pass_obj
def show(context: Context, run_id: str, json_: bool) -> None:
    from npconsole.cli import run_report
    from npconsole.cli.acting import acting
    from npconsole.cli.output import print_json

    with acting(context) as hold:
        run = hold.journal.run(run_id)
        if run is None:
            raise _unknown(run_id)
        events = hold.journal.events(run_id)
        if json_:
            print_json({**run_report.run_json(run), "events": [run_report.event_json(event) for event in events]})
            return
        for event in events:
            click.echo(run_report.event_text(event))
        for step in run.steps:
            click.echo(
                f"step {step.number} {step.state.value}: {step.call}" + (f" ({step.detail})" if step.detail else "")
            )
        click.echo(run_report.run_text(run))


@command.command(help="Follow a run to its end; exits as `npconsole run` would have.")
@_ID
@_JSON
@click.pass_obj
def watch(context: Context, run_id: str, json_: bool) -> int:
    from npconsole.actions.outcome import exit_code
    from npconsole.cli.acting import acting
    from npconsole.cli.asking import print_event, show_end
    from npconsole.cli.follow import Follower
    from npconsole.wiring.recovery import start_recovery

    with acting(context) as hold:
        run = hold.journal.run(run_id)
        if run is None:
            raise _unknown(run_id)
        start_recovery(hold.journal, hold.launcher)
        follower = Follower(
            hold,
            run,
            on_event=lambda event: print_event(event, as_json=json_),
            tell=lambda text: click.echo(text, err=True),
        )
        ended = follower.follow(None, timeout_s=None)
        show_end(ended, as_json=json_)
        return exit_code(ended)


@command.command(help="Ask a run to stop and to undo what can be undone.")
@_ID
@click.option("--reason", default="asked on the command line", help="Why; kept in the audit.")
@click.pass_obj
def abort(context: Context, run_id: str, reason: str) -> ExitCode:
    from npconsole.cli.acting import acting
    from npconsole.model.action import AccessRole

    with acting(context) as hold:
        if hold.read_only or not hold.actor.role.allows(AccessRole.OPERATOR):
            raise RefusedError(f"{hold.actor.name} may not stop runs from here")
        if hold.journal.run(run_id) is None:
            raise _unknown(run_id)
        hold.journal.ask_abort(run_id, actor=hold.actor.name, reason=reason)
        sys.stdout.write(f"asked: npconsole runs watch {run_id}\n")
        return ExitCode.OK


def _unknown(run_id: str) -> UsageError:
    from npconsole.net.text import clean

    return UsageError(f"there is no run {clean(run_id, limit=60)!r}", hint="npconsole runs list")
