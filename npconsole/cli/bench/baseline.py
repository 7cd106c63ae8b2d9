"""`npconsole bench baseline`: names that stand for benchmarks."""

import click

from npconsole.cli.context import Context
from npconsole.errors import RefusedError, UsageError

_SCHEMA = "npconsole.baselines/1"


@click.command(
    "baseline",
    help="""\b
Examples:
  npconsole bench baseline                       the names and what they stand for
  npconsole bench baseline release-17 4f1a       from now on
  npconsole bench baseline release-17 --forget

Names for benchmarks to compare with: `run benchmark --baseline NAME` and `bench compare ID --baseline NAME`. Naming is
kept in the audit.
""",
)
@click.argument("name", required=False)
@click.argument("benchmark", metavar="[ID]", required=False)
@click.option("--forget", is_flag=True, help="Forget the name; the benchmark is kept.")
@click.option("--json", "json_", is_flag=True, help=f"Print JSON: {_SCHEMA}.")
@click.pass_obj
def command(context: Context, name: str | None, benchmark: str | None, forget: bool, json_: bool) -> None:
    from npconsole.cli.acting import Acting, acting
    from npconsole.cli.bench.which import which
    from npconsole.cli.output import print_json
    from npconsole.model.action import AccessRole

    def require_right(hold: Acting) -> None:
        if hold.read_only or not hold.actor.role.allows(AccessRole.OPERATOR):
            raise RefusedError(f"{hold.actor.name} may not name baselines from here")

    if bool(name) != bool(benchmark or forget) or (benchmark and forget):
        raise UsageError("say which benchmark the name stands for, or --forget", hint="npconsole bench baseline --help")
    with acting(context) as hold:
        archive = hold.stores.benchmarks
        if name:
            require_right(hold)
            found = "" if benchmark is None else which(archive, benchmark).id
            archive.name_baseline(_checked(name), found, actor=hold.actor.name)
        names = archive.baselines()
    if json_:
        print_json({"schema": _SCHEMA, "baselines": [{"name": each, "benchmark": id_} for each, id_ in names]})
        return
    for each, id_ in names:
        click.echo(f"{each}  {id_}")
    if not names:
        click.echo("no baselines yet: npconsole bench baseline NAME ID", err=True)


def _checked(name: str) -> str:
    """A name that can be typed again, and that is not taken for `last` or for an id's own words."""
    from npconsole.cli.bench.which import LAST
    from npconsole.net.text import clean

    kept = clean(name, limit=60).strip()
    if kept != name or not kept or kept == LAST or kept.startswith("-"):
        raise UsageError(f"{clean(name, limit=60)!r} cannot be the name of a baseline", hint="such as release-17")
    return kept
