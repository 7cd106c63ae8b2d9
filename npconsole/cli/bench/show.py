"""`npconsole bench show`."""

import click

from npconsole.cli.context import Context


@click.command(
    "show",
    help="""\b
Examples:
  npconsole bench show last
  npconsole bench show 4f1a --json

One benchmark as a report: verdict, figures, thresholds, recommendations.
""",
)
@click.argument("benchmark", metavar="ID")
@click.option("--json", "json_", is_flag=True, help="Print JSON: npconsole.benchmark/1, with its blocks.")
@click.option("--step-summary", is_flag=True, help="Append Markdown to $GITHUB_STEP_SUMMARY.")
@click.pass_obj
def command(context: Context, benchmark: str, json_: bool, step_summary: bool) -> None:
    from npconsole.cli.acting import acting
    from npconsole.cli.bench.forms import Form, append_step_summary, written
    from npconsole.cli.bench.which import which
    from npconsole.cli.output import print_json
    from npconsole.reports.benchmark.plain import to_plain
    from npconsole.reports.benchmark.text import text

    with acting(context) as hold:
        found = which(hold.stores.benchmarks, benchmark)
    print_json(to_plain(found)) if json_ else click.echo(text(found))
    if step_summary:
        append_step_summary(written(found, Form.MARKDOWN))
