"""The work of `npconsole recover`, in this process: it is a runner for as long as it lasts."""

import asyncio
import sys

import click

from npconsole.actions.outcome import exit_code
from npconsole.actions.runner import Runner
from npconsole.cli import run_report
from npconsole.cli.acting import Acting, acting
from npconsole.cli.context import Context
from npconsole.cli.executing import execute
from npconsole.cli.output import print_json
from npconsole.errors import ExitCode, RefusedError, UsageError
from npconsole.model.action import AccessRole
from npconsole.model.run import Run
from npconsole.net.text import clean

_BETWEEN_S = 1.0


def recover(context: Context, run_id: str | None, *, as_json: bool, until_ended: bool) -> int:
    """Recover, tell, and return the exit code: 0, or that of the first run that did not end well."""
    with acting(context, thorough=True) as hold:
        _permit(hold)
        recovered = execute(hold, lambda runner: _recovered(runner, hold, run_id, until_ended=until_ended))
        left = [run for run in hold.journal.runs(open_only=True, limit=1000) if run_id in (None, run.id) and run.fence]
        _tell(recovered, left, as_json=as_json)
        codes = [code for run in recovered if (code := exit_code(run)) not in (ExitCode.OK, ExitCode.CANCELLED)]
        return codes[0] if codes else ExitCode.OK


async def _recovered(runner: Runner, hold: Acting, run_id: str | None, *, until_ended: bool) -> list[Run]:
    if run_id is None:
        return list(await runner.recover())
    while True:
        run = hold.journal.run(run_id)
        if run is None:
            raise UsageError(f"there is no run {clean(run_id, limit=60)!r}", hint="npconsole runs list")
        if run.state.is_final:
            return []
        ended = await runner.recover_run(run_id)
        if ended is not None:
            return [ended]
        if not until_ended:
            return []
        await asyncio.sleep(_BETWEEN_S)


def _permit(hold: Acting) -> None:
    if hold.read_only:
        raise RefusedError("this console is read-only")
    if not hold.actor.role.allows(AccessRole.OPERATOR):
        raise RefusedError(f"recover needs the role operator, and {hold.actor.name} is {hold.actor.role.value}")


def _tell(recovered: list[Run], left: list[Run], *, as_json: bool) -> None:
    if as_json:
        body = {"recovered": [run_report.run_json(run) for run in recovered], "open": [each.id for each in left]}
        print_json({"schema": "npconsole.recovery/1", **body})
        return
    for run in recovered:
        sys.stdout.write(run_report.run_text(run) + "\n")
    for run in left:
        click.echo(f"{run.request.action} {run.request.target} is in the hands of its runner (run {run.id})", err=True)
    if not recovered:
        click.echo("there was nothing to recover", err=True)
