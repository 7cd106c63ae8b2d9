"""`npconsole bench export`."""

from pathlib import Path

import click

from npconsole.cli.bench.forms import Form
from npconsole.cli.context import Context


@click.command(
    "export",
    help="""\b
Examples:
  npconsole bench export last --format junit --output benchmark.xml
  npconsole bench export 4f1a --format md --step-summary
  npconsole bench export 4f1a > benchmark.json      read again by `bench analyze`

A benchmark for other programs and people. JUnit has a test case for each threshold.
""",
)
@click.argument("benchmark", metavar="ID")
@click.option(
    "--format",
    "form",
    type=click.Choice([each.value for each in Form]),
    default=Form.JSON.value,
    show_default=True,
    help="JSON, Markdown, CSV or JUnit.",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write this file instead of stdout.")
@click.option("--step-summary", is_flag=True, help="Append Markdown to $GITHUB_STEP_SUMMARY as well.")
@click.pass_obj
def command(context: Context, benchmark: str, form: str, output: Path | None, step_summary: bool) -> None:
    from npconsole.cli.acting import acting
    from npconsole.cli.bench.forms import append_step_summary, save, written
    from npconsole.cli.bench.which import which

    with acting(context) as hold:
        found = which(hold.stores.benchmarks, benchmark)
    text = written(found, Form(form))
    if output is None:
        click.echo(text, nl=False)
    else:
        save(text, output)
        click.echo(f"wrote {output}", err=True)
    if step_summary:
        append_step_summary(written(found, Form.MARKDOWN))
