"""Benchmarks and comparisons as plain data, for JSON: what was written is read back as the same value.

Versioned by `schema`. A later version may add fields, which this one passes over; it never changes the meaning of one
without another number.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from npconsole.errors import UsageError
from npconsole.model.benchmark import Benchmark, Comparison, TrendPoint
from npconsole.net.text import clean

BENCHMARK_SCHEMA = "npconsole.benchmark/1"
COMPARISON_SCHEMA = "npconsole.comparison/1"
TREND_SCHEMA = "npconsole.trend/1"
_TEXT_LIMIT = 4000


def to_plain(benchmark: Benchmark, *, blocks: bool = True) -> dict[str, Any]:
    """The benchmark in dicts, lists, texts and numbers; without `blocks` it is short, and cannot be compared."""
    kept = benchmark if blocks else replace(benchmark, result=replace(benchmark.result, blocks=()))
    return {"schema": BENCHMARK_SCHEMA, **msgspec.to_builtins(kept)}


def from_plain(data: object) -> Benchmark:
    """The value that `to_plain` was given. Raises UsageError saying what does not fit; nothing in it is trusted."""
    found = data.get("schema") if isinstance(data, Mapping) else None
    if found != BENCHMARK_SCHEMA:
        raise UsageError(
            f"this is not a benchmark: its schema is {clean(found, limit=60) or 'missing'}, not {BENCHMARK_SCHEMA}",
            hint="`npconsole bench export ID --format json` writes one",
        )
    try:
        return msgspec.convert(_cleaned(data), Benchmark)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise UsageError(f"this benchmark is damaged: {clean(error, limit=200)}") from error


def comparison_to_plain(comparison: Comparison) -> dict[str, Any]:
    """A comparison likewise."""
    return {"schema": COMPARISON_SCHEMA, **msgspec.to_builtins(comparison)}


def trend_to_plain(points: tuple[TrendPoint, ...]) -> dict[str, Any]:
    """A trend likewise."""
    return {"schema": TREND_SCHEMA, "points": msgspec.to_builtins(points)}


def _cleaned(value: object) -> object:
    """The same with harmless texts. Raises ValueError for a number that is none."""
    match value:
        case str():
            return clean(value, limit=_TEXT_LIMIT)
        case float() if not math.isfinite(value):
            raise ValueError(f"{value} is not a number that can be measured")
        case Mapping():
            return {name: _cleaned(each) for name, each in value.items()}
        case list() | tuple():
            return [_cleaned(each) for each in value]
    return value
