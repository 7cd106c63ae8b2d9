"""Benchmarks as plain data, there and back."""

import json
from dataclasses import replace
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npconsole.errors import UsageError
from npconsole.model.benchmark import Benchmark, Comparison
from npconsole.reports.benchmark.comparison import compare
from npconsole.reports.benchmark.plain import comparison_to_plain, from_plain, to_plain, trend_to_plain
from npconsole.reports.benchmark.trend import trend
from tests.reports.benchmark.made import PRINT, RESULT, benchmark

st.register_type_strategy(float, st.floats(-1e12, 1e12))
st.register_type_strategy(str, st.text("abcXYZ019 -_/.:{}", max_size=12))


@settings(max_examples=60, deadline=None)
@given(st.from_type(Benchmark))
def test_there_and_back_is_the_same(given_: Benchmark) -> None:
    assert from_plain(json.loads(json.dumps(to_plain(given_), allow_nan=False))) == given_


def test_the_schema_is_named_and_blocks_can_be_left_out() -> None:
    plain = to_plain(benchmark())
    assert plain["schema"] == "npconsole.benchmark/1"
    assert plain["result"]["blocks"][0]["counts"] == [[3.0, 1], [45.0, 1]] or plain["result"]["blocks"]
    short = from_plain(to_plain(benchmark(), blocks=False))
    assert short == replace(benchmark(), result=replace(RESULT, blocks=()))


def damaged(**changes: Any) -> dict[str, Any]:
    return {**to_plain(benchmark()), **changes}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (None, "its schema is missing"),
        ([], "its schema is missing"),
        ({"schema": "npconsole.run/1"}, "its schema is npconsole.run/1, not npconsole.benchmark/1"),
        ({"schema": "npconsole.benchmark/2"}, "its schema is npconsole.benchmark/2"),
        ({"schema": "npconsole.benchmark/1"}, "damaged: Object missing required field"),
        (damaged(wall="yesterday"), r"damaged: Expected `float`, got `str` - at `\$.wall`"),
        (damaged(status="fine"), "damaged: Invalid enum value 'fine'"),
        (damaged(wall=float("nan")), "damaged: nan is not a number"),
        (damaged(load={"target": 3}), "damaged"),
    ],
)
def test_what_does_not_fit_is_said(data: object, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        from_plain(data)


def test_deep_nesting_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(UsageError, match="damaged"):
        from_plain(damaged(reasons=deep))


def test_texts_are_cleaned_on_the_way_in() -> None:
    assert from_plain(damaged(release="\x1b]0;owned\x07")).release == "␛]0;owned␇"


def test_what_a_later_version_adds_is_passed_over() -> None:
    assert from_plain(damaged(mood="good")) == benchmark()


def test_a_comparison_and_a_trend_are_plain_too() -> None:
    comparison = compare(benchmark(), benchmark(name="b2"), noise=None, rng=Random(1))
    plain = comparison_to_plain(comparison)
    assert plain["schema"] == "npconsole.comparison/1"
    assert msgspec.convert(json.loads(json.dumps(plain)), Comparison) == comparison
    points = trend_to_plain(trend([benchmark()], PRINT))
    assert points["schema"] == "npconsole.trend/1"
    assert json.loads(json.dumps(points))["points"][0]["p95_ms"] == 112.0
