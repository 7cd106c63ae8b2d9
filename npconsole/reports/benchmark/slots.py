"""Two loads laid side by side in slots of equal length, counted from their first requests.

Both followed the same plan, so that a slot holds the same number of users on either side: what the ramp does to latency
is in both, and falls out of the comparison. Both sides always have the same slots.
"""

import math
from collections import Counter
from dataclasses import dataclass

from npconsole.model.load import Block, LoadResult

WARM_UP = 0.05
"""The share of slots left out at the beginning, one at least: first connections and cold caches are not the target's
pace. The same slots are left out on both sides."""

LEAST = 5
"""Fewer slots than this do not show how much the figures wander."""

BIN = 0.01
"""Width of a bin in the natural logarithm of latency: 1 %, as exact as the histograms are."""

_SHORTEST_MS = 0.001
_WHOLE = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """What ended in one slot. `bins` count latencies by their bin; `names` are request name -> (number that succeeded,
    sum of the natural logarithms of their latencies in ms)."""

    requests: int
    failed: int
    bins: dict[int, int]
    names: dict[str, tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Slots:
    """The two sides, slot by slot. `left_out_s` is the time left out at the beginning of each; `named` says whether
    request names were kept on both sides, else all requests have one name.
    """

    length_s: float
    left_out_s: float
    named: bool
    before: tuple[Slot, ...]
    after: tuple[Slot, ...]


def lay(before: LoadResult, after: LoadResult) -> Slots:
    """Lay the blocks of two results into the slots that both have. Without blocks there are none."""
    blocks = (before.blocks, after.blocks)
    length_s = max((block.length_s for side in blocks for block in side), default=0.0)
    if length_s <= 0 or not all(blocks):
        return Slots(0.0, 0.0, False, (), ())
    named = all(any(block.names for block in side) for side in blocks)
    number = min(max(_place(block, length_s) for block in side) + 1 for side in blocks)
    skipped = max(1, math.ceil(number * WARM_UP)) if number > LEAST else 0
    first, second = (_laid(side, length_s, number, named=named)[skipped:] for side in blocks)
    return Slots(length_s, skipped * length_s, named, first, second)


def middle_ms(number: int) -> float:
    """The latency in the middle of a bin."""
    return math.exp(number * BIN)


def _laid(blocks: tuple[Block, ...], length_s: float, number: int, *, named: bool) -> tuple[Slot, ...]:
    inside: list[list[Block]] = [[] for _ in range(number)]
    for block in blocks:
        place = _place(block, length_s)
        if place < number:
            inside[place].append(block)
    return tuple(_slot(part, named=named) for part in inside)


def _place(block: Block, length_s: float) -> int:
    """The slot of the block's middle: blocks that are a little late stay where they belong."""
    return max(0, int((block.start_s + block.length_s / 2) / length_s))


def _slot(blocks: list[Block], *, named: bool) -> Slot:
    bins: Counter[int] = Counter()
    names: dict[str, tuple[int, float]] = {}
    for block in blocks:
        for latency_ms, count in block.counts:
            bins[round(_log(latency_ms) / BIN)] += count
        for name, number, mean in block.names if named else _whole(block):
            seen, total = names.get(name, (0, 0.0))
            names[name] = (seen + number, total + number * mean)
    return Slot(sum(block.requests for block in blocks), sum(block.failed for block in blocks), bins, names)


def _whole(block: Block) -> tuple[tuple[str, int, float], ...]:
    """All requests as if they had one name, for engines that keep none."""
    number = sum(count for _, count in block.counts)
    total = sum(count * _log(latency_ms) for latency_ms, count in block.counts)
    return ((_WHOLE, number, total / number),) if number else ()


def _log(latency_ms: float) -> float:
    return math.log(max(latency_ms, _SHORTEST_MS))
