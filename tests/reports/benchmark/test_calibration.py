"""How much two runs of an unchanged target differ."""

import math
from dataclasses import replace
from random import Random

import pytest

from npconsole.errors import RefusedError, UsageError
from npconsole.model.benchmark import BenchmarkStatus
from npconsole.reports.benchmark.calibration import calibrate
from tests.reports.benchmark.made import PRINT, benchmark
from tests.reports.benchmark.service import Service, measured

RESTLESS = Service(between=0.1, crowd=0.0, wander=0.0)


def learnt(pairs: int, seed: int) -> float:
    rng = Random(seed)
    made = [tuple(benchmark(measured(RESTLESS, rng, users=30, duration_s=20)) for _ in range(2)) for _ in range(pairs)]
    return dict(calibrate([(one, other) for one, other in made], wall=7).relative)["typical_ms"]


def test_many_pairs_learn_the_ninety_fifth_percentile() -> None:
    sampled = 0.5 * math.sqrt(2 / 280)
    expected = math.expm1(1.96 * math.sqrt(2 * 0.1**2 + sampled**2))
    assert learnt(60, seed=1) == pytest.approx(expected, rel=0.25)


def test_few_pairs_are_not_trusted() -> None:
    few = sum(learnt(3, seed) for seed in range(12)) / 12
    many = sum(learnt(20, seed) for seed in range(3)) / 3
    assert few > 1.25 * many


def test_every_figure_that_all_pairs_have_is_learnt() -> None:
    rng = Random(2)
    made = [benchmark(measured(RESTLESS, rng, users=30, duration_s=20)) for _ in range(4)]
    noise = calibrate([(made[0], made[1]), (made[2], made[3])], wall=7.0)
    assert (noise.pairs, noise.wall) == (2, 7.0)
    assert [name for name, _ in noise.relative] == ["typical_ms", "p50_ms", "p95_ms", "error_ratio", "request_rate"]
    assert all(value >= 0 for _, value in noise.relative)


def test_what_is_no_pair_is_refused() -> None:
    rng = Random(3)
    good = benchmark(measured(RESTLESS, rng, users=30, duration_s=20))
    other = replace(good, fingerprint=replace(PRINT, host="ops-2"))
    broken = replace(good, id="b9", status=BenchmarkStatus.INVALID, reasons=("no request was sent",))
    with pytest.raises(UsageError, match="1 pairs of runs prove nothing"):
        calibrate([(good, good)], wall=0)
    with pytest.raises(RefusedError, match="the host that sends differs: ops-1 and ops-2"):
        calibrate([(good, good), (good, other)], wall=0)
    with pytest.raises(RefusedError, match="b9 is invalid: no request was sent"):
        calibrate([(good, good), (good, broken)], wall=0)
