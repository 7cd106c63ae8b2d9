"""`npconsole recover`: finish or undo what dead runners left open. Whoever has the lease does it, at most once."""

import os
import select
import time

import click

from npconsole.cli.context import Context


@click.command(
    "recover",
    help="""\b
Examples:
  npconsole recover                 every run whose owner is gone
  npconsole recover --run 4f1a…     one of them
  npconsole recover --json          npconsole.recovery/1

A run whose runner died is found by its expired lease. What was never sent is closed as such; what may have been sent
is looked up at the vendor and never sent twice; what has to be undone is undone. Runs whose owner lives are left alone.
Every start of npconsole does the same in the background.
""",
)
@click.option("--run", "run_id", metavar="ID", help="Only this run.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.option("--after", type=click.FloatRange(0, 86400), default=0.0, hidden=True, help="Sleep first.")
@click.option("--pid", type=int, hidden=True, help="Sleep no longer than this process lives.")
@click.option("--until-ended", is_flag=True, hidden=True, help="Stay until the run has ended.")
@click.pass_obj
def command(context: Context, run_id: str | None, json_: bool, after: float, pid: int | None, until_ended: bool) -> int:
    # Nothing heavy is loaded yet: a process that waits for a deadline should cost next to nothing.
    _sleep(after, pid)
    from npconsole.cli.recovering import recover

    return recover(context, run_id, as_json=json_, until_ended=until_ended)


def _sleep(seconds: float, pid: int | None) -> None:
    """For so long, or until the process has ended."""
    if pid is None:
        time.sleep(seconds)
        return
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    except OSError:
        time.sleep(seconds)
        return
    try:
        select.select([process], [], [], seconds)
    finally:
        os.close(process)
