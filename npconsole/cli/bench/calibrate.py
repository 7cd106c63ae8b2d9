"""`npconsole bench calibrate`: pairs of the same benchmark, made by the action, and what they differ by."""

import click

from npconsole.cli.acting import Acting
from npconsole.cli.context import Context
from npconsole.errors import ExitCode, NpconsoleError
from npconsole.model.benchmark import Benchmark, BenchmarkStatus, Noise

_SCHEMA = "npconsole.noise/1"
_OPTIONS = ("vus", "duration", "rate", "script")
_MEASURED = (BenchmarkStatus.PASSED, BenchmarkStatus.FAILED)


@click.command(
    "calibrate",
    help="""\b
Examples:
  npconsole bench calibrate us-east --vus 20 --duration 30s --pairs 5
  npconsole bench calibrate edge --yes

Learn how much two benchmarks of an unchanged target differ, by making pairs of them (A/A). What is learnt holds for the
same target, load, script and host; comparing takes no difference below it for a change.
""",
)
@click.argument("target", metavar="REGION|EDGE")
@click.option("--pairs", type=click.IntRange(3, 50), default=3, show_default=True, help="How many pairs.")
@click.option("--vus", metavar="N", help="As `run benchmark`.")
@click.option("--duration", metavar="DURATION", help="As `run benchmark`.")
@click.option("--rate", metavar="N", help="As `run benchmark`.")
@click.option("--script", metavar="FILE", help="As `run benchmark`.")
@click.option("--yes", is_flag=True, help="Confirm.")
@click.option("--json", "json_", is_flag=True, help=f"Print JSON: {_SCHEMA}; the runs are told on stderr.")
@click.pass_obj
def command(context: Context, /, target: str, pairs: int, yes: bool, json_: bool, **given: str | None) -> ExitCode:
    from npconsole.cli.acting import acting

    parameters = {name: [value] for name in _OPTIONS if (value := given[name])}
    with acting(context) as hold:
        made: list[tuple[Benchmark, Benchmark]] = []
        for number in range(pairs):
            words = f"calibration, pair {number + 1} of {pairs}"
            click.echo(words, err=True)
            made.append((_made(hold, target, parameters, words, yes), _made(hold, target, parameters, words, yes=True)))
            yes = True
        noise = _learnt(hold, made)
    _show(made, noise, json_=json_)
    return ExitCode.OK


def _made(hold: Acting, target: str, parameters: dict[str, list[str]], reason: str, yes: bool) -> Benchmark:
    """One benchmark. Raises NpconsoleError with the exit code of its run when it measured nothing to learn from."""
    from npconsole.actions.outcome import exit_code
    from npconsole.actions.registry import find
    from npconsole.cli.asking import Asking, run_to_end

    run = run_to_end(hold, Asking(find("benchmark"), target, parameters, yes=yes, reason=reason))
    if not run.state.is_final or exit_code(run) not in (ExitCode.OK, ExitCode.THRESHOLDS):
        raise CalibrationError(f"nothing is learnt: run {run.id} {run.state.value}: {run.outcome}", exit_code(run))
    found = hold.stores.benchmarks.find(run.id)
    if found.status not in _MEASURED:
        raise CalibrationError(f"nothing is learnt: run {run.id} is {found.status.value}", ExitCode.FAILED)
    return found


class CalibrationError(NpconsoleError):
    """A benchmark of a calibration came to nothing; the exit code is its own."""

    def __init__(self, message: str, exit_code: ExitCode) -> None:
        super().__init__(message, hint="npconsole bench list shows what was measured")
        self.exit_code = exit_code


def _learnt(hold: Acting, made: list[tuple[Benchmark, Benchmark]]) -> Noise:
    from npconsole.reports.benchmark.calibration import calibrate

    noise = calibrate(made, wall=hold.clock.wall())
    hold.stores.benchmarks.learn(made[0][0].fingerprint, noise)
    return noise


def _show(made: list[tuple[Benchmark, Benchmark]], noise: Noise, *, json_: bool) -> None:
    from npconsole.cli.output import print_json
    from npconsole.model import quantity

    first = made[0][0]
    if json_:
        ids = [[one.id, other.id] for one, other in made]
        body = {"schema": _SCHEMA, "target": first.load.target, "pairs": noise.pairs, "relative": dict(noise.relative)}
        print_json({**body, "benchmarks": ids})
        return
    click.echo(f"{noise.pairs} pairs on {first.load.target}: two benchmarks of an unchanged target differ by up to")
    for metric, relative in noise.relative:
        click.echo(f"  {metric:<14} {quantity.percent(relative)}")
