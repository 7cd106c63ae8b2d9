"""Batches, the bucket and the verdict of a sample."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.actions.purge.batches import Bucket, left_over, to_batches
from npconsole.actions.purge.sample import Sampled, choose, is_new, judge
from npconsole.actions.purge.selection import Selection
from npconsole.model.controls import CacheEntry, PurgeKind, PurgeLimits
from npconsole.model.run import Step, StepState, Verdict


@given(st.lists(st.text("abc", min_size=1), unique=True, max_size=50), st.integers(1, 7))
def test_every_value_is_in_one_batch_in_its_order(values: list[str], per_request: int) -> None:
    batches = to_batches(Selection(PurgeKind.TAGS, tuple(values)), PurgeLimits(per_request, 1, 1.0))
    assert [value for batch in batches for value in batch.values] == values
    assert all(1 <= len(batch.values) <= per_request for batch in batches)
    assert [batch.number for batch in batches] == list(range(1, len(batches) + 1))


@given(st.integers(1, 5), st.floats(0.05, 5.0), st.lists(st.floats(0, 3), max_size=30))
def test_a_bucket_never_gives_more_than_its_burst_and_what_comes_back(
    burst: int, per_second: float, idle: list[float]
) -> None:
    now, bucket, taken = 0.0, Bucket.full(PurgeLimits(1, burst, per_second), 0.0), []
    for pause in idle:
        now += pause
        now += bucket.wait_s(now)
        bucket.wait_s(now)
        bucket.take()
        taken.append(now)
    for i, start in enumerate(taken):
        for j in range(i, len(taken)):
            assert j - i + 1 <= burst + (taken[j] - start) * per_second + 1e-6


def test_an_empty_bucket_waits_for_one() -> None:
    bucket = Bucket.full(PurgeLimits(1, 5, 0.5), 0.0)
    bucket.empty(10.0)
    assert bucket.wait_s(10.0) == pytest.approx(2.0)


def test_only_what_was_applied_is_done() -> None:
    batches = to_batches(Selection(PurgeKind.TAGS, ("a", "b", "c")), PurgeLimits(1, 1, 1.0))
    states = (StepState.APPLIED, StepState.UNKNOWN, StepState.FAILED)
    steps = [Step(n, "c", state, remote=f"batch {n}") for n, state in enumerate(states, 1)]
    assert [batch.number for batch in left_over(batches, steps)] == [2, 3]


@pytest.mark.parametrize(
    ("entry", "elapsed_s", "new"),
    [
        (CacheEntry("MISS"), 0.0, True),
        (CacheEntry("EXPIRED"), 5.0, True),
        (CacheEntry("DYNAMIC"), 5.0, True),
        (CacheEntry(""), 5.0, True),
        (CacheEntry("HIT", 3.0), 5.0, True),
        (CacheEntry("HIT", 30.0), 5.0, False),
        (CacheEntry("HIT"), 5.0, False),
        (CacheEntry("STALE", 30.0), 5.0, False),
        (CacheEntry("UPDATING"), 5.0, False),
    ],
)
def test_new(entry: CacheEntry, elapsed_s: float, new: bool) -> None:
    assert is_new(entry, elapsed_s) is new


@pytest.mark.parametrize(
    ("before", "now", "verdict", "well"),
    [
        ({"a": "HIT"}, {"a": True}, Verdict.HELPED, True),
        ({"a": "HIT", "b": "MISS"}, {"a": True, "b": True}, Verdict.HELPED, True),
        ({"a": "HIT", "b": "HIT"}, {"a": True, "b": False}, Verdict.NO_EFFECT, False),
        ({"a": "HIT", "b": "HIT"}, {"a": True, "b": None}, Verdict.UNKNOWN, False),
        ({"a": "MISS"}, {"a": True}, Verdict.NO_EFFECT, True),
        ({"a": None}, {"a": True}, Verdict.NO_EFFECT, True),
        ({}, {}, Verdict.UNKNOWN, False),
    ],
)
def test_judge(before: dict[str, str | None], now: dict[str, bool | None], verdict: Verdict, well: bool) -> None:
    finding = judge(Sampled(before, now), "3 urls")
    assert (finding.verdict, finding.well) == (verdict, well)


def test_a_sample_is_spread_over_what_is_purged() -> None:
    values = tuple(f"https://a/{n}" for n in range(100))
    assert choose(Selection(PurgeKind.URLS, values), (), "") == tuple(f"https://a/{n}" for n in (0, 20, 40, 60, 80))
    assert choose(Selection(PurgeKind.URLS, values), ("https://b/", "https://b/"), "") == ("https://b/",)
    assert choose(Selection(PurgeKind.TAGS, ("x",)), (), "https://a/") == ()
    assert choose(Selection(PurgeKind.EVERYTHING, ()), (), "https://a/") == ("https://a/",)
