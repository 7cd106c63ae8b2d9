"""The typical latency of two loads: the geometric mean, each request name against itself.

Requests of 3 ms and of 60 ms together wander by their mix alone, and their p95 is set by a handful of them. The mean of
the logarithms within each name, weighted by the same shares on both sides, wanders several times less: of 30 % slower
requests it shows 30 %, whatever the mix was.
"""

import math
import operator
from collections import Counter
from dataclasses import dataclass

from npconsole.reports.benchmark.slots import Slot, Slots


@dataclass(frozen=True, slots=True)
class Typical:
    """`before` and `after` are natural logarithms of ms. `influence` is what each slot adds to their difference: it
    sums to zero, and the difference over a resample of slots is the difference plus the sum of theirs.

    `chance` is the variance that their difference has if every request is independent of every other, with its degrees
    of freedom: many more than the few stretches of a bootstrap have. None when there were too few to tell.
    """

    before: float
    after: float
    influence: tuple[float, ...]
    chance: tuple[float, float] | None


def typical(slots: Slots) -> Typical | None:
    """None when no request name succeeded on both sides."""
    first, second = _totals(slots.before), _totals(slots.after)
    shared = [name for name in first if name in second]
    number = sum(first[name][0] + second[name][0] for name in shared)
    if not number:
        return None
    weights = {name: (first[name][0] + second[name][0]) / number for name in shared}
    means = [{name: side[name][1] / side[name][0] for name in shared} for side in (first, second)]
    before, after = (sum(weights[name] * mean[name] for name in shared) for mean in means)
    scales = [{name: weights[name] / side[name][0] for name in shared} for side in (first, second)]
    influence = tuple(
        _influence(new, means[1], scales[1]) - _influence(old, means[0], scales[0])
        for old, new in zip(slots.before, slots.after, strict=True)
    )
    return Typical(before, after, influence, _chance(slots, weights, first, second))


def _chance(
    slots: Slots, weights: dict[str, float], first: dict[str, tuple[int, float]], second: dict[str, tuple[int, float]]
) -> tuple[float, float] | None:
    """From how the difference of a name's means changes from slot to slot, which is free of what the ramp does.

    The variances of the names add up; the degrees of freedom of their sum are Satterthwaite's (1946).
    """
    variance, spread = 0.0, 0.0
    for name, weight in weights.items():
        cells = [
            (new.names[name], old.names[name])
            for old, new in zip(slots.before, slots.after, strict=True)
            if old.names.get(name, (0, 0.0))[0] and new.names.get(name, (0, 0.0))[0]
        ]
        if len(cells) < 2:
            return None
        differences = [new[1] / new[0] - old[1] / old[0] for new, old in cells]
        sizes = [new[0] * old[0] / (new[0] + old[0]) for new, old in cells]
        mean = sum(map(operator.mul, sizes, differences)) / sum(sizes)
        squares = sum(size * (each - mean) ** 2 for size, each in zip(sizes, differences, strict=True))
        part = weight**2 * squares / (len(cells) - 1) * (1 / first[name][0] + 1 / second[name][0])
        variance += part
        spread += part**2 / (len(cells) - 1)
    return (variance, variance**2 / spread) if spread else None


def _totals(side: tuple[Slot, ...]) -> dict[str, tuple[int, float]]:
    numbers: Counter[str] = Counter()
    sums: dict[str, float] = {}
    for slot in side:
        for name, (number, total) in slot.names.items():
            numbers[name] += number
            sums[name] = math.fsum((sums.get(name, 0.0), total))
    return {name: (number, sums[name]) for name, number in numbers.items() if number}


def _influence(slot: Slot, means: dict[str, float], scales: dict[str, float]) -> float:
    """The derivative of the weighted mean after this slot's weight in it."""
    return sum(
        scales[name] * (total - number * means[name]) for name, (number, total) in slot.names.items() if name in means
    )
