"""Two loads laid side by side."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.model.load import Block, LoadResult
from npconsole.reports.benchmark.slots import lay
from tests.reports.benchmark.made import RESULT


def load(*requests: int, length_s: float = 1.0, named: bool = False) -> LoadResult:
    names = (("items", 1, 3.0),) if named else ()
    blocks = (
        Block(number * length_s, length_s, count, 0, ((20.0, count),) if count else (), names)
        for number, count in enumerate(requests)
    )
    return replace(RESULT, blocks=tuple(blocks))


def test_both_sides_have_the_slots_that_both_loads_reached() -> None:
    slots = lay(load(*range(10, 18)), load(*range(20, 26)))
    assert [slot.requests for slot in slots.before] == [11, 12, 13, 14, 15]
    assert [slot.requests for slot in slots.after] == [21, 22, 23, 24, 25]
    assert slots.left_out_s == 1.0


def test_a_twentieth_is_left_out_as_warm_up() -> None:
    slots = lay(load(*[5] * 60), load(*[5] * 60))
    assert (len(slots.before), slots.left_out_s) == (57, 3.0)


def test_blocks_of_another_length_are_joined_to_the_longer_ones() -> None:
    slots = lay(load(*[1] * 12), load(*[5] * 6, length_s=2.0))
    assert slots.length_s == 2.0
    assert [slot.requests for slot in slots.before] == [2] * 5
    assert [slot.requests for slot in slots.after] == [5] * 5


def test_a_short_last_block_and_an_empty_one_keep_their_places() -> None:
    late = replace(load(4, 0, 4), blocks=(*load(4, 0, 4).blocks, Block(3.0, 0.2, 1, 0, ((20.0, 1),))))
    assert [slot.requests for slot in lay(late, late).before] == [4, 0, 4, 1]


def test_without_blocks_there_is_nothing() -> None:
    slots = lay(load(), load(1, 2))
    assert (slots.before, slots.after, slots.length_s) == ((), (), 0.0)


def test_names_count_only_when_both_sides_kept_them() -> None:
    named, bare = load(*[3] * 5, named=True), load(*[3] * 5)
    assert lay(named, named).before[0].names == {"items": (1, 3.0)}
    mixed = lay(named, bare)
    assert not mixed.named
    assert mixed.before[0].names.keys() == mixed.after[0].names.keys() == {""}
    number, logarithms = mixed.before[0].names[""]
    assert number == 3
    assert logarithms == pytest.approx(3 * 2.9957, abs=1e-3)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30), st.integers(1, 5))
def test_joining_blocks_loses_no_request(requests: list[int], seed: int) -> None:
    """Merging is associative: whatever blocks are joined first, the slots hold the same."""
    fine = load(*requests)
    rng = Random(seed)
    coarse = replace(
        fine,
        blocks=tuple(
            replace(block, counts=tuple((ms, count) for ms, count in block.counts if count))
            for block in sorted(fine.blocks, key=lambda _: rng.random())
        ),
    )
    assert lay(fine, fine).before == lay(coarse, coarse).before
    slots = lay(fine, fine)
    left_out = round(slots.left_out_s / slots.length_s)
    assert left_out == (0 if len(requests) <= 5 else 1 if len(requests) <= 20 else 2)
    assert sum(slot.requests for slot in slots.before) == sum(requests[left_out:])
