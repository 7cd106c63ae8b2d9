import math
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from npconsole.controls.k6.timeline import MOST_BLOCKS, Timeline

moments = st.lists(st.floats(min_value=-3, max_value=20_000), min_size=1, max_size=100)


def recorded(at_s: list[float]) -> Timeline:
    timeline = Timeline()
    for moment in at_s:
        timeline.record(moment, 10.0, "health")
    return timeline


@settings(max_examples=60, deadline=None)
@given(moments)
def test_blocks_are_few_without_gaps_and_lose_nothing(at_s: list[float]) -> None:
    blocks = recorded(at_s).blocks(max(at_s))
    assert 1 <= len(blocks) <= MOST_BLOCKS
    assert sum(block.requests for block in blocks) == len(at_s)
    for one, other in pairwise(blocks):
        assert other.start_s == one.start_s + one.length_s
    for block in blocks:
        assert sum(count for _, count in block.counts) == block.requests


def test_a_minute_is_in_blocks_of_a_second() -> None:
    timeline = recorded([number / 10 for number in range(600)])
    timeline.record_failure(3.5)
    blocks = timeline.blocks(59.9)
    assert [block.requests for block in blocks] == [10] * 60
    assert [block.failed for block in blocks].index(1) == 3
    assert blocks[-1].length_s < 1
    assert all(block.length_s == 1 for block in blocks[:-1])


def test_a_long_load_has_longer_blocks() -> None:
    timeline = recorded([float(number) for number in range(1000)])
    timeline.record_failure(999.0)
    blocks = timeline.blocks(1000.0)
    assert {block.length_s for block in blocks} == {16.0, 8.0}
    assert len(blocks) == 63
    assert blocks[-1].failed == 1


def test_nothing_has_no_blocks() -> None:
    assert Timeline().blocks(10.0) == ()


def named(timeline: Timeline, number: int, last_s: float) -> list[tuple[str, int, float]]:
    return [(name, seen, round(mean, 6)) for name, seen, mean in timeline.blocks(last_s)[number].names]


def test_each_name_is_kept_by_its_successes_also_when_stretches_are_joined() -> None:
    timeline = Timeline()
    timeline.record(0.5, math.e, "health")
    timeline.record(1.5, math.e**3, "health")
    timeline.record(1.5, 0.0, "items")
    timeline.record(1.7, 5000.0, "items", succeeded=False)
    least = round(math.log(0.001), 6)
    assert named(timeline, 0, 2.0) == [("health", 1, 1.0)]
    assert named(timeline, 1, 2.0) == [("health", 1, 3.0), ("items", 1, least)]
    timeline.record(MOST_BLOCKS + 0.5, math.e, "items")
    assert timeline.blocks(MOST_BLOCKS + 0.5)[0].requests == 4
    assert named(timeline, 0, MOST_BLOCKS + 0.5) == [("health", 2, 2.0), ("items", 1, least)]
