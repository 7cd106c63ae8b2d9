"""The figures of both sides and how far they wander."""

from dataclasses import replace
from random import Random
from statistics import stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npconsole.reports.benchmark.bootstrap import Estimate, estimate, figures
from npconsole.reports.benchmark.slots import lay
from tests.reports.benchmark.service import Service, measured

STEADY = Service(crowd=0.0, wander=0.0)


def by_metric(found: tuple[Estimate, ...]) -> dict[str, Estimate]:
    return {each.metric: each for each in found}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.integers(5, 60))
def test_percentiles_never_fall(seed: int, users: int) -> None:
    rng = Random(seed)
    found = by_metric(figures(lay(*(measured(STEADY, rng, users=users, duration_s=20) for _ in range(2)))))
    known = [found[metric].before for metric in ("p50_ms", "p95_ms", "p99_ms")]
    values = [value for value in known if value is not None]
    assert values == sorted(values)
    assert known[: len(values)] == values


def test_percentiles_are_those_of_all_requests() -> None:
    result = measured(STEADY, Random(1), users=50, duration_s=60)
    slots = lay(result, result)
    every = sorted(ms for block in result.blocks[3:] for ms, count in block.counts for _ in range(count))
    found = by_metric(figures(slots))
    for metric, share in (("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99)):
        assert found[metric].before == pytest.approx(every[int(share * len(every))], rel=0.02)
    assert found["request_rate"].before == pytest.approx(len(every) / 57)


def test_a_percentile_with_too_few_requests_beyond_it_is_not_told() -> None:
    result = measured(STEADY, Random(1), users=10, duration_s=10)
    found = by_metric(figures(lay(result, result)))
    assert found["p50_ms"].before is not None
    assert found["p95_ms"] == Estimate("p95_ms", None, None, None)


def test_a_percentile_of_few_requests_is_told_without_an_interval() -> None:
    result = measured(STEADY, Random(1), users=20, duration_s=16)
    tail = by_metric(estimate(lay(result, result), rng=Random(1), resamples=50))["p95_ms"]
    assert tail.before is not None
    assert tail.reach(0.95) is None


def test_the_mix_of_requests_does_not_move_the_typical_latency() -> None:
    before = measured(STEADY, Random(2), users=50, duration_s=30)
    after = replace(
        before,
        blocks=tuple(
            replace(block, names=tuple((name, count * (5 if name == "forecast" else 1), mean) for name, count, mean in
                    block.names))
            for block in before.blocks
        ),
    )  # fmt: skip
    assert by_metric(figures(lay(before, after)))["typical_ms"].effect == pytest.approx(0, abs=0.05)


def test_no_deviation_from_less_than_five_slots() -> None:
    result = measured(STEADY, Random(3), users=20, duration_s=4)
    assert all(each.reach(0.95) is None for each in estimate(lay(result, result), rng=Random(1), resamples=50))


@pytest.mark.parametrize("metric", ["typical_ms", "p50_ms", "error_ratio", "request_rate"])
def test_deviations_are_as_wide_as_what_really_happens(metric: str) -> None:
    rng = Random(4)
    effects, deviations = [], []
    for _ in range(60):
        slots = lay(*(measured(replace(STEADY, errors=0.05), rng, users=30, duration_s=20) for _ in range(2)))
        found = by_metric(estimate(slots, rng=rng, resamples=60))[metric]
        assert found.effect is not None
        assert found.deviation is not None
        effects.append(found.effect)
        deviations.append(found.deviation)
    assert sum(deviations) / len(deviations) == pytest.approx(stdev(effects), rel=0.4)


def test_slow_wandering_is_not_taken_for_certainty() -> None:
    """With a memory of seconds the requests of a slot go up and down together: the deviation must grow with it."""
    found = []
    for wander in (0.0, 0.25):
        rng = Random(5)
        service = replace(STEADY, wander=wander)
        slots = lay(*(measured(service, rng, users=100, duration_s=60) for _ in range(2)))
        found.append(by_metric(estimate(slots, rng=rng, resamples=100))["typical_ms"])
    still, restless = (each.deviation for each in found)
    assert still is not None
    assert restless is not None
    assert restless > 2 * still
    assert found[1].freedom < 10 < found[0].freedom


def test_nothing_failed_is_no_proof_that_nothing_fails() -> None:
    rng = Random(6)
    slots = lay(*(measured(replace(STEADY, errors=0.0), rng, users=20, duration_s=20) for _ in range(2)))
    found = by_metric(estimate(slots, rng=rng, resamples=50))["error_ratio"]
    assert found.effect == 0
    assert found.reach(0.95) == pytest.approx(0.015, abs=0.01)
