"""`npconsole audit`: the hash-chained record of everything that was asked for, done and refused."""

from collections.abc import Iterator

import click

from npconsole.cli.context import Context
from npconsole.errors import ExitCode
from npconsole.model.journal import Journal
from npconsole.model.run import AuditLine

_PAGE = 1000


@click.group(
    "audit",
    help="""\b
Examples:
  npconsole audit list                     the latest lines
  npconsole audit verify                   exit 1 naming the line when anybody has edited it
  npconsole audit export > audit.ndjson    all of it

The audit. Each line holds the digest of the line before, so that an edit shows; it is tamper-evident, not tamper-proof.
""",
)
def command() -> None:
    """The group; its help text is given above because the examples come first."""


@command.command("list", help="The latest lines, oldest first.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=30, show_default=True, help="Most lines to show.")
@click.option("--json", "json_", is_flag=True, help="NDJSON: npconsole.audit/1.")
@click.pass_obj
def list_(context: Context, limit: int, json_: bool) -> None:
    from collections import deque

    from npconsole.cli.acting import acting
    from npconsole.cli.output import print_json

    with acting(context) as hold:
        for line in deque(_lines(hold.journal), maxlen=limit):
            print_json(_plain(line)) if json_ else click.echo(_text(line))


@command.command(help="Whether the chain is whole; exit 1 with the first broken line when not.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_obj
def verify(context: Context, json_: bool) -> ExitCode:
    from npconsole.cli.acting import acting
    from npconsole.cli.output import print_json

    with acting(context) as hold:
        problem = hold.journal.audit_problem()
        if json_:
            print_json({"schema": "npconsole.audit-check/1", "ok": not problem, "problem": problem})
        else:
            click.echo(problem or "the audit is whole")
        return ExitCode.FAILED if problem else ExitCode.OK


@command.command(help="Every line as NDJSON, with its digests.")
@click.pass_obj
def export(context: Context) -> None:
    from npconsole.cli.acting import acting
    from npconsole.cli.output import print_json

    with acting(context) as hold:
        for line in _lines(hold.journal):
            print_json(_plain(line))


def _lines(journal: Journal) -> Iterator[AuditLine]:
    after = 0
    while page := journal.audit_lines(after=after, limit=_PAGE):
        yield from page
        after = page[-1].sequence


def _plain(line: AuditLine) -> dict[str, object]:
    from npconsole.cli.run_report import iso

    return {
        "schema": "npconsole.audit/1",
        "sequence": line.sequence,
        "at": iso(line.wall),
        "wall": line.wall,
        "kind": line.kind,
        "actor": line.actor,
        "target": line.target,
        "data": dict(line.data),
        "previous": line.previous,
        "digest": line.digest,
    }


def _text(line: AuditLine) -> str:
    import json

    from npconsole.cli.run_report import iso
    from npconsole.net.text import clean

    data = clean(json.dumps(dict(line.data), ensure_ascii=False, default=str), limit=300)
    return f"{line.sequence:>6}  {iso(line.wall)}  {line.kind:<16} {line.actor:<12} {line.target:<14} {data}"
