"""Better, worse, equal, inconclusive: what is called what, and how often it is right."""

import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npconsole.errors import RefusedError
from npconsole.model.benchmark import Benchmark, BenchmarkStatus, Comparison, Contrast, Noise
from npconsole.model.load import LoadResult
from npconsole.reports.benchmark.calibration import calibrate
from npconsole.reports.benchmark.comparison import compare
from tests.reports.benchmark.made import PRINT, benchmark
from tests.reports.benchmark.service import Service, measured

SAME = Service()
QUIET = Service(crowd=0.01, wander=0.005, memory_s=3)
SLOWER = replace(SAME, slowdown=1.3)
OPPOSITE = {Contrast.BETTER: Contrast.WORSE, Contrast.WORSE: Contrast.BETTER}


def contrast(
    before: LoadResult, after: LoadResult, *, noise: Noise | None = None, seed: int = 1, resamples: int = 200
) -> Comparison:
    return compare(
        benchmark(before, name="before"),
        benchmark(after, name="after"),
        noise=noise,
        rng=Random(seed),
        resamples=resamples,
    )


def share(
    before: Service,
    after: Service,
    said: set[Contrast],
    *,
    pairs: int,
    users: int,
    duration_s: float,
    named: bool = True,
) -> float:
    """How many of the pairs were called one of `said`."""
    rng, hits = Random(1), 0
    for number in range(pairs):
        first = measured(before, rng, users=users, duration_s=duration_s, named=named)
        second = measured(after, rng, users=users, duration_s=duration_s, named=named)
        hits += contrast(first, second, seed=number, resamples=80).verdict in said
    return hits / pairs


CHANGED = {Contrast.BETTER, Contrast.WORSE}


@pytest.mark.parametrize(
    ("users", "duration_s", "pairs"), [(20, 10, 300), (20, 20, 120), (100, 60, 60)], ids=["10 s", "20 s", "full"]
)
def test_an_unchanged_target_is_called_changed_in_at_most_one_of_twenty_pairs(
    users: int, duration_s: float, pairs: int
) -> None:
    assert share(SAME, SAME, CHANGED, pairs=pairs, users=users, duration_s=duration_s) <= 0.05


@pytest.mark.parametrize(
    ("users", "duration_s", "pairs", "least"),
    [(20, 20, 120, 0.95), (100, 60, 30, 0.95), (20, 10, 100, 0.7)],
    ids=["200 requests", "full", "95 requests"],
)
def test_thirty_percent_slower_is_called_worse(users: int, duration_s: float, pairs: int, least: float) -> None:
    found = share(SAME, SLOWER, {Contrast.WORSE}, pairs=pairs, users=users, duration_s=duration_s)
    assert found >= least
    assert share(SAME, SLOWER, {Contrast.BETTER}, pairs=10, users=users, duration_s=duration_s) == 0


def test_without_request_names_it_takes_longer_and_is_as_honest() -> None:
    assert share(SAME, SAME, CHANGED, pairs=100, users=20, duration_s=20, named=False) <= 0.05
    assert share(SAME, SLOWER, {Contrast.WORSE}, pairs=40, users=60, duration_s=40, named=False) >= 0.95


def test_what_differs_from_run_to_run_deceives_until_it_is_calibrated() -> None:
    restless = replace(QUIET, between=0.12)
    rng = Random(5)

    def pairs(number: int) -> list[tuple[LoadResult, LoadResult]]:
        made = iter(lambda: measured(restless, rng, users=20, duration_s=20), None)
        return [(next(made), next(made)) for _ in range(number)]

    deceived = calibrated = 0
    for _ in range(10):
        noise = calibrate([(benchmark(one), benchmark(other)) for one, other in pairs(6)], wall=0)
        for pair in pairs(10):
            deceived += contrast(*pair, resamples=60).verdict in CHANGED
            calibrated += contrast(*pair, noise=noise, resamples=60).verdict in CHANGED
    assert deceived > 20
    assert calibrated <= 8


def test_a_slow_tail_alone_is_found() -> None:
    rng = Random(3)
    before, after = (
        measured(replace(QUIET, tail=tail), rng, users=200, duration_s=60, busiest=0.5) for tail in (1.0, 6.0)
    )
    found = contrast(before, after)
    assert found.verdict is Contrast.WORSE
    assert "worse: p95 is" in found.words


def test_the_sentence_has_effect_interval_bound_and_p95() -> None:
    rng = Random(2)
    before = measured(QUIET, rng, users=20, duration_s=60)
    after = measured(replace(QUIET, slowdown=1.3), rng, users=20, duration_s=60)
    noise = Noise(10, (("typical_ms", 0.06), ("p95_ms", 0.9)), 0.0)
    found = contrast(before, after, noise=noise, resamples=2000)
    by_metric = {change.metric: change for change in found.changes}
    typical, tail = by_metric["typical_ms"], by_metric["p95_ms"]
    assert typical.effect == pytest.approx(0.3, abs=0.15)
    assert typical.effect is not None
    assert typical.low is not None
    assert typical.high is not None
    assert tail.before is not None
    assert tail.after is not None
    assert found.words == (
        f"worse: requests take {typical.effect * 100:.0f} % longer (+{typical.low * 100:.0f} to "
        f"+{typical.high * 100:.0f} %), more than the 6 % that two runs of an unchanged target differ; "
        f"p95 {tail.after:.0f} ms, was {tail.before:.0f} ms"
    )
    assert "calibrated with 10 pairs of runs of an unchanged target" in found.notes


def test_two_quiet_long_runs_are_equal_once_it_is_known_how_much_they_differ() -> None:
    rng = Random(4)
    before, after = (measured(QUIET, rng, users=60, duration_s=60) for _ in range(2))
    found = contrast(before, after, noise=Noise(10, (("typical_ms", 0.09),), 0.0))
    assert found.verdict is Contrast.EQUAL
    assert found.words.startswith("equal: requests take ")
    assert "too little to matter" in found.words


def test_failing_fast_is_not_better() -> None:
    rng = Random(6)
    before = measured(QUIET, rng, users=60, duration_s=60)
    after = measured(replace(QUIET, slowdown=0.3, errors=0.3), rng, users=60, duration_s=60)
    found = contrast(before, after)
    assert found.verdict is Contrast.WORSE
    assert "of requests fail instead of" in found.words
    assert "also, p95 is" in found.words


def test_a_handful_of_errors_more_is_not_called_worse() -> None:
    rng = Random(6)
    before = measured(replace(QUIET, errors=0.0), rng, users=20, duration_s=20)
    after = measured(replace(QUIET, errors=0.01), rng, users=20, duration_s=20)
    assert contrast(before, after).verdict not in CHANGED


def test_a_target_that_answers_nobody_any_more_is_worse() -> None:
    rng = Random(7)
    before = measured(QUIET, rng, users=20, duration_s=20)
    after = measured(replace(QUIET, errors=1.0), rng, users=20, duration_s=20)
    assert contrast(before, after).verdict is Contrast.WORSE
    assert contrast(after, before).verdict is Contrast.BETTER


def test_another_fingerprint_is_refused_with_the_part_that_differs() -> None:
    other = benchmark(fingerprint=replace(PRINT, load="closed 100 users 1m"))
    with pytest.raises(RefusedError, match="the load differs: closed 20 users 10s and closed 100 users 1m"):
        compare(benchmark(), other, noise=None, rng=Random(1))


def hindered() -> list[tuple[str, Benchmark, str]]:
    short = measured(QUIET, Random(1), users=20, duration_s=4)
    idle = measured(QUIET, Random(1), users=1, duration_s=10)
    return [
        ("invalid", benchmark(status=BenchmarkStatus.INVALID, reasons=("no request was sent",)), "no request was sent"),
        ("totals", benchmark(replace(short, blocks=())), "totals only"),
        ("short", benchmark(short), "too short: 4 stretches of 1 s in common"),
        ("idle", benchmark(idle), "too few requests"),
    ]


@pytest.mark.parametrize(("after", "why"), [each[1:] for each in hindered()], ids=[each[0] for each in hindered()])
def test_what_says_nothing_is_inconclusive_and_says_why(after: Benchmark, why: str) -> None:
    before = benchmark(measured(QUIET, Random(1), users=20, duration_s=20))
    for first, second in ((before, after), (after, before)):
        found = compare(first, second, noise=None, rng=Random(1), resamples=50)
        assert found.verdict is Contrast.INCONCLUSIVE
        assert why in found.words


def test_the_same_figures_and_seed_give_the_same_comparison() -> None:
    rng = Random(8)
    before, after = (measured(SAME, rng, users=20, duration_s=20) for _ in range(2))
    assert contrast(before, after, seed=9) == contrast(before, after, seed=9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.5, 1.0, 1.3, 2.0]), st.sampled_from([0.0, 0.1]), st.booleans())
def test_swapped_sides_turn_the_verdict_round(seed: int, slowdown: float, errors: float, named: bool) -> None:
    rng = Random(seed)
    before = measured(QUIET, rng, users=20, duration_s=12, named=named)
    after = measured(replace(QUIET, slowdown=slowdown, errors=errors), rng, users=20, duration_s=12, named=named)
    there, back = contrast(before, after, resamples=60), contrast(after, before, resamples=60)
    assert back.verdict is OPPOSITE.get(there.verdict, there.verdict)
    for one, other in zip(there.changes, back.changes, strict=True):
        assert (one.before, one.after) == pytest.approx((other.after, other.before))
        if one.effect is not None and other.effect is not None and one.metric != "error_ratio":
            assert math.log1p(one.effect) == pytest.approx(-math.log1p(other.effect), abs=1e-9)
        for change in (one, other):
            if change.low is not None and change.effect is not None and change.high is not None:
                assert change.low <= change.effect <= change.high
