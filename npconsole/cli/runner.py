"""`npconsole runner RUN_ID`: the process that executes one run. Started by whoever asks for it; has no terminal."""

import click

from npconsole.cli.acting import acting
from npconsole.cli.context import Context


@click.command("runner", hidden=True, help="Execute one requested run. npconsole starts this by itself.")
@click.argument("run_id")
@click.option("--speed", type=click.FloatRange(1, 120), default=1.0, help="That of the rehearsal which asks for it.")
@click.pass_obj
def command(context: Context, run_id: str, speed: float) -> int:
    from npconsole.actions.outcome import exit_code
    from npconsole.cli.executing import execute

    with acting(context, thorough=True) as hold:
        return exit_code(execute(hold, lambda runner: runner.run(run_id), speed=speed))
