"""`npconsole bench list`."""

from collections.abc import Mapping, Sequence

import click

from npconsole.cli.context import Context
from npconsole.model.benchmark import Benchmark

_SCHEMA = "npconsole.benchmarks/1"
_HEADER = ("id", "when", "target", "status", "load", "p50", "p95", "p99", "rate", "errors", "release", "baseline")


@click.command(
    "list",
    help="""\b
Examples:
  npconsole bench list
  npconsole bench list --target us-east --json

Benchmarks, latest first.
""",
)
@click.option("--target", default="", help="Only those of a region or edge.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Most to show.")
@click.option("--json", "json_", is_flag=True, help=f"Print JSON: {_SCHEMA}.")
@click.pass_obj
def command(context: Context, target: str, limit: int, json_: bool) -> None:
    from npconsole.cli.acting import acting
    from npconsole.cli.output import print_json

    with acting(context) as hold:
        found = hold.stores.benchmarks.recent(target=target, limit=limit)
        names = baseline_names(hold.stores.benchmarks.baselines())
    if json_:
        print_json({"schema": _SCHEMA, "benchmarks": [_plain(each, names) for each in found]})
        return
    if not found:
        click.echo(f"no benchmarks{f' of {target}' if target else ''} yet: npconsole run benchmark TARGET", err=True)
        return
    rows = [_HEADER, *(_row(each, names) for each in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def baseline_names(baselines: Sequence[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """The names that stand for a benchmark, by its id."""
    found: dict[str, tuple[str, ...]] = {}
    for name, benchmark_id in baselines:
        found[benchmark_id] = (*found.get(benchmark_id, ()), name)
    return found


def _plain(benchmark: Benchmark, names: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    from npconsole.cli.run_report import iso

    load, overall, figures = benchmark.load, benchmark.result.overall, benchmark.result.figures
    return {
        "id": benchmark.id,
        "at": iso(benchmark.wall),
        "target": load.target,
        "status": benchmark.status,
        "reasons": list(benchmark.reasons),
        "users": load.users,
        "rate": load.rate,
        "duration_s": load.duration_s,
        "script": load.script,
        "requests": overall.count,
        "p50_ms": overall.p50_ms,
        "p95_ms": overall.p95_ms,
        "p99_ms": overall.p99_ms,
        "request_rate": figures.request_rate,
        "error_ratio": figures.error_ratio,
        "release": benchmark.release,
        "actor": benchmark.actor,
        "baselines": list(names.get(benchmark.id, ())),
    }


def _row(benchmark: Benchmark, names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    from npconsole.actions.benchmark.words import load_words
    from npconsole.model import quantity

    overall, figures = benchmark.result.overall, benchmark.result.figures
    return (
        benchmark.id,
        _when(benchmark.wall),
        benchmark.load.target,
        benchmark.status.value,
        load_words(benchmark.load),
        quantity.latency(overall.p50_ms),
        quantity.latency(overall.p95_ms),
        quantity.latency(overall.p99_ms),
        quantity.rate(figures.request_rate),
        quantity.percent(figures.error_ratio),
        benchmark.release or quantity.NOTHING,
        ", ".join(names.get(benchmark.id, ())),
    )


def _when(wall: float) -> str:
    from npconsole.cli.run_report import iso

    return iso(wall)[:19].replace("T", " ") + "Z"
