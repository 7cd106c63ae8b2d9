"""`npconsole bench analyze`: the same report on results that others have made."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click

from npconsole.cli.context import Context
from npconsole.errors import ConfigError, ExitCode, UsageError
from npconsole.model.benchmark import Benchmark, Fingerprint
from npconsole.model.load import Load, LoadResult
from npconsole.model.thresholds import Thresholds

STDIN = "-"
_OWN = b'"npconsole.benchmark/1"'
_MOST_OWN_BYTES = 100_000_000
_GRAVEST = (ExitCode.USAGE, ExitCode.FAILED, ExitCode.THRESHOLDS, ExitCode.PARTIAL, ExitCode.OK)


@click.command(
    "analyze",
    help="""\b
Examples:
  npconsole bench analyze results.ndjson              k6 run --out json=results.ndjson
  npconsole bench analyze summary.json other.json     --summary-export, handleSummary
  npconsole bench analyze *.json.gz --json
  kubectl logs job/k6 | npconsole bench analyze -

Report on results of k6 that others have made, of any size: figures, thresholds as they truly are, recommendations. Exit
codes: 0 all passed, 99 thresholds crossed, 4 partial, 1 invalid, 2 a file that cannot be read.
""",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "json_", is_flag=True, help="NDJSON: npconsole.benchmark/1 for each file.")
@click.option("--step-summary", is_flag=True, help="Append Markdown to $GITHUB_STEP_SUMMARY.")
@click.pass_obj
def command(context: Context, files: tuple[str, ...], json_: bool, step_summary: bool) -> ExitCode:
    from npconsole.cli.bench.forms import Form, append_step_summary, written
    from npconsole.reports.benchmark.status import exit_code

    limits, codes = _limits(context), set[ExitCode]()
    for number, name in enumerate(files):
        try:
            found = _analyzed(name, limits)
        except UsageError as error:
            _complain(name, error, json_=json_)
            codes.add(ExitCode.USAGE)
            continue
        codes.add(exit_code(found.status))
        _show(found, json_=json_, first=not number)
        if step_summary:
            append_step_summary(written(found, Form.MARKDOWN))
    return next(code for code in _GRAVEST if code in codes)


def _analyzed(name: str, limits: Thresholds) -> Benchmark:
    """One file. Raises UsageError for what is no result, and for what cannot be read."""
    shown = _shown(name)
    try:
        with _opened(name) as path:
            own = _own(shown, path)
            return own if own is not None else _imported(shown, path, limits)
    except OSError as error:
        raise UsageError(f"{shown} cannot be read: {error.strerror or 'it ended early'}") from None


def _shown(name: str) -> str:
    from npconsole.net.text import clean

    return "standard input" if name == STDIN else clean(name, limit=200)


@contextmanager
def _opened(name: str) -> Iterator[Path]:
    """The file of that name; of a pipe and of standard input a copy, which can be read more than once."""
    if name != STDIN and not Path(name).is_fifo():
        yield Path(name)
        return
    with tempfile.NamedTemporaryFile(prefix="npconsole-", suffix=".k6") as copy:
        with nullcontext(sys.stdin.buffer) if name == STDIN else Path(name).open("rb") as pipe:
            shutil.copyfileobj(pipe, copy)
        copy.flush()
        yield Path(copy.name)


def _own(shown: str, path: Path) -> Benchmark | None:
    """A benchmark that `bench export` has written; None for any other file. Raises UsageError naming the file."""
    import json

    from npconsole.reports.benchmark.plain import from_plain

    try:
        with path.open("rb") as stream:
            head = stream.read(200)
            if _OWN not in head:
                return None
            data = head + stream.read(_MOST_OWN_BYTES)
        return from_plain(json.loads(data))
    except OSError:
        return None
    except (ValueError, RecursionError):
        raise UsageError(f"{shown} is not whole", hint="export it once more: npconsole bench export ID") from None
    except UsageError as error:
        raise UsageError(f"{shown}: {error.message}", hint=error.hint) from None


def _imported(shown: str, path: Path, limits: Thresholds) -> Benchmark:
    from npconsole.controls.k6.files import read_file
    from npconsole.reports.benchmark.advice import advice
    from npconsole.reports.benchmark.status import judge

    result = read_file(path, shown)
    load = _load(shown, result)
    status, reasons = judge(load, result)
    return Benchmark(
        id=Path(shown).name,
        wall=(result.wall or 0.0) + result.figures.elapsed_s,
        status=status,
        reasons=reasons,
        load=load,
        fingerprint=Fingerprint(script="", target=shown, address="", load="", tool=result.tool, host=""),
        result=result,
        advice=advice(load, result, thresholds=limits),
        imported=shown,
    )


def _load(name: str, result: LoadResult) -> Load:
    """What a file tells of the load that it is the result of: how long, and the users seen last."""
    return Load(target=name, address="", users=result.figures.users or 0, duration_s=result.figures.elapsed_s)


def _limits(context: Context) -> Thresholds:
    """Those of the configuration, the defaults where there is none: a result can be read on any machine."""
    import os

    from npconsole.config.estate import to_thresholds
    from npconsole.config.loading import load

    try:
        return to_thresholds(load(context.config_path, environ=os.environ).config)
    except ConfigError:
        if context.config_path is not None:
            raise
        return Thresholds()


def _show(found: Benchmark, *, json_: bool, first: bool) -> None:
    from npconsole.cli.output import print_json
    from npconsole.reports.benchmark.plain import to_plain
    from npconsole.reports.benchmark.text import text

    if json_:
        print_json(to_plain(found))
    else:
        click.echo(("" if first else "\n") + text(found))


def _complain(name: str, error: UsageError, *, json_: bool) -> None:
    from npconsole.cli.output import print_json
    from npconsole.net.text import clean

    if json_:
        file = clean(name, limit=200)
        body = {"schema": "npconsole.error/1", "file": file, "message": error.message, "hint": error.hint}
        print_json({**body, "exit": int(error.exit_code)})
    else:
        click.echo(f"npconsole: {error.message}" + (f"\n  try: {error.hint}" if error.hint else ""), err=True)
