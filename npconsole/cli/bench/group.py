"""The group `npconsole bench`. Its subcommands are imported when they are called."""

from importlib import import_module

import click

COMMANDS: dict[str, tuple[str, str]] = {
    "list": ("npconsole.cli.bench.listing", "Benchmarks, latest first."),
    "show": ("npconsole.cli.bench.show", "One benchmark as a report."),
    "compare": ("npconsole.cli.bench.compare", "Whether it has become slower, with the uncertainty of saying so."),
    "baseline": ("npconsole.cli.bench.baseline", "Names for benchmarks to compare with."),
    "calibrate": ("npconsole.cli.bench.calibrate", "Learn how much two runs of an unchanged target differ."),
    "analyze": ("npconsole.cli.bench.analyze", "Report on k6 results that others have made."),
    "export": ("npconsole.cli.bench.export", "A benchmark as JSON, Markdown, CSV or JUnit."),
}


class Benches(click.Group):
    """Lists its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            from npconsole.config.nearest import suggestion

            ctx.fail(f"bench has no command {args[0]!r}{suggestion(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    "bench",
    cls=Benches,
    help="""\b
Examples:
  npconsole run benchmark us-east --vus 20 --duration 30s    make one
  npconsole bench list --target us-east
  npconsole bench baseline release-17 4f1a
  npconsole bench compare 9c3e --baseline release-17
  npconsole bench analyze k6-results.json

Benchmarks that were made with `npconsole run benchmark`, and results of k6 that others have made. A benchmark is named
by its id, the beginning of it, the name of a baseline, or `last`.
""",
)
def command() -> None:
    """The group; its help text is given above because the examples come first."""
