"""`npconsole bench compare`."""

import click

from npconsole.cli.context import Context
from npconsole.errors import ExitCode, UsageError
from npconsole.model.benchmark import BenchmarkArchive, Comparison, Contrast


@click.command(
    "compare",
    help="""\b
Examples:
  npconsole bench compare 4f1a 9c3e                      before, after
  npconsole bench compare 9c3e --baseline release-17
  npconsole bench compare last --baseline release-17 --json --step-summary

Whether a target has become slower between two benchmarks: better, worse, equal or inconclusive, with an effect and the
interval that it lies in. Only benchmarks of the same script, target, load, engine and host are compared. Exit codes: 0
not worse, 7 worse, 6 not comparable.
""",
)
@click.argument("first", metavar="ID")
@click.argument("second", metavar="[ID]", required=False)
@click.option("--baseline", metavar="NAME", help="Compare the one ID with this baseline.")
@click.option("--json", "json_", is_flag=True, help="Print JSON: npconsole.comparison/1.")
@click.option("--step-summary", is_flag=True, help="Append Markdown to $GITHUB_STEP_SUMMARY.")
@click.pass_obj
def command(
    context: Context, first: str, second: str | None, baseline: str | None, json_: bool, step_summary: bool
) -> ExitCode:
    from npconsole.cli.acting import acting
    from npconsole.cli.bench.forms import append_step_summary
    from npconsole.cli.output import print_json
    from npconsole.reports.benchmark.markdown import comparison_markdown
    from npconsole.reports.benchmark.plain import comparison_to_plain
    from npconsole.reports.benchmark.text import comparison_text

    if bool(second) == bool(baseline):
        raise UsageError("say two benchmarks, or one and --baseline NAME", hint="npconsole bench compare --help")
    with acting(context) as hold:
        before, after = (baseline, first) if baseline else (first, str(second))
        found = _compared(hold.stores.benchmarks, before, after)
    if json_:
        print_json(comparison_to_plain(found))
    else:
        click.echo(comparison_text(found))
    if step_summary:
        append_step_summary(comparison_markdown(found))
    return ExitCode.UNVERIFIED if found.verdict is Contrast.WORSE else ExitCode.OK


def _compared(archive: BenchmarkArchive, before: str, after: str) -> Comparison:
    """Raises RefusedError for benchmarks that are not alike, UsageError for those that there are not."""
    from random import Random

    from npconsole.cli.bench.which import which
    from npconsole.reports.benchmark.comparison import compare

    old, new = which(archive, before), which(archive, after)
    # The same two give the same verdict, whoever asks and how often.
    return compare(old, new, noise=archive.noise(new.fingerprint), rng=Random(new.id))  # noqa: S311 - no secret
