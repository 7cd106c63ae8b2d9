"""How far figures of a comparison wander by chance, by a circular block bootstrap over pairs of slots.

Latency wanders slowly: a slot resembles the next one, and drawing single slots would take them for independent and see
changes where there are none. So whole stretches of neighbouring slots are drawn, the same ones on both sides (what the
ramp did is in both), round the end (every slot is drawn as often as every other). A stretch is a fifth of the load
whatever its length: nothing has to be known of how long the target remembers, and Student's t with the few degrees of
freedom that five stretches leave pays for it (Politis and Romano 1992; Kiefer and Vogelsang 2005, fixed-b).
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random
from statistics import stdev

from npconsole.reports.benchmark import student
from npconsole.reports.benchmark.slots import LEAST, Slot, Slots, middle_ms
from npconsole.reports.benchmark.typical import Typical, typical

STRETCHES = 5
RESAMPLES = 2000
QUANTILES = (("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99))
WANDERING = 2.0
"""Up to this ratio of variances stretches differ no more than their requests make them by chance (an F test at about
5 %): then the requests tell the deviation, more surely than five stretches do."""

BEYOND, BEYOND_SURE = 5, 10
"""A percentile with fewer requests beyond it, on either side, is not told; with fewer than the second number nobody
can tell how far it wanders."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure on both sides. `effect` is the logarithm of their ratio, of the error ratio their difference;
    `deviation` its standard deviation with `freedom` degrees of freedom, None when chance cannot be told.
    """

    metric: str
    before: float | None
    after: float | None
    effect: float | None
    deviation: float | None = None
    freedom: float = 1.0

    def reach(self, confidence: float) -> float | None:
        """Half the width of the interval that holds the true effect with this probability."""
        if self.deviation is None:
            return None
        return student.quantile((1 + confidence) / 2, self.freedom) * self.deviation


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Neighbouring slots of one side as one: `heights` are how many requests were in each bin or below it."""

    requests: int
    failed: int
    heights: list[int]


@dataclass(frozen=True, slots=True)
class _Pair:
    """The same stretch on both sides, and what it adds to the difference of typical latency."""

    before: _Stretch
    after: _Stretch
    influence: float
    slots: int


@dataclass(frozen=True, slots=True)
class _Ground:
    """What does not change from draw to draw. `axis` is of all bins between the fastest and the slowest request."""

    slots: Slots
    shift: Typical | None
    axis: range

    @property
    def number(self) -> int:
        return len(self.slots.before)


_Figure = tuple[str, float | None, float | None, float | None]
"""(metric, before, after, effect)."""


def figures(slots: Slots) -> tuple[Estimate, ...]:
    """The figures of both sides over all slots, without saying how far they wander."""
    ground = _ground(slots)
    return tuple(Estimate(*figure) for figure in _figures([_pair(ground, range(ground.number))], ground))


def estimate(slots: Slots, *, rng: Random, resamples: int = RESAMPLES) -> tuple[Estimate, ...]:
    """The figures of both sides and how far each effect wanders; without deviations below `LEAST` slots."""
    ground = _ground(slots)
    if ground.number < LEAST:
        return figures(slots)
    length = max(1, ground.number // STRETCHES)
    stretches = ground.number / length
    pairs = [
        _pair(ground, [(start + step) % ground.number for step in range(length)]) for start in range(ground.number)
    ]
    draws: dict[str, list[float]] = {}
    for _ in range(resamples):
        for metric, _, _, effect in _figures(rng.choices(pairs, k=math.ceil(stretches)), ground):
            if effect is not None:
                draws.setdefault(metric, []).append(effect)
    # A resample has a few slots more than the load when the stretches do not divide it; and what is learnt from so few
    # stretches is too narrow by one of them.
    scale = math.sqrt(math.ceil(stretches) / (stretches - 1))
    return tuple(_estimate(each, draws.get(each.metric, []), scale, stretches - 1, ground) for each in figures(slots))


def _estimate(figure: Estimate, draws: list[float], scale: float, freedom: float, ground: _Ground) -> Estimate:
    if figure.effect is None or len(draws) < 2 or _is_unsure(figure.metric, ground.slots):
        return figure
    deviation = stdev(draws) * scale
    if figure.metric == "error_ratio":
        deviation = max(deviation, _binomial_deviation(ground.slots))
    if figure.metric == "typical_ms" and ground.shift is not None and ground.shift.chance is not None:
        variance, known = ground.shift.chance
        if deviation**2 <= WANDERING * variance:
            return replace(figure, deviation=math.sqrt(variance), freedom=known)
    return replace(figure, deviation=deviation, freedom=freedom)


def _is_unsure(metric: str, slots: Slots) -> bool:
    share = dict(QUANTILES).get(metric)
    counts = [sum(sum(slot.bins.values()) for slot in side) for side in (slots.before, slots.after)]
    return share is not None and min(counts) * (1 - share) < BEYOND_SURE


def _ground(slots: Slots) -> _Ground:
    bins = [number for side in (slots.before, slots.after) for slot in side for number in slot.bins]
    return _Ground(slots, typical(slots), range(min(bins), max(bins) + 1) if bins else range(0))


def _pair(ground: _Ground, places: Sequence[int]) -> _Pair:
    shift = ground.shift
    return _Pair(
        _stretch([ground.slots.before[place] for place in places], ground.axis),
        _stretch([ground.slots.after[place] for place in places], ground.axis),
        sum(shift.influence[place] for place in places) if shift else 0.0,
        len(places),
    )


def _stretch(slots: Sequence[Slot], axis: range) -> _Stretch:
    heights = [0] * len(axis)
    for slot in slots:
        for number, count in slot.bins.items():
            heights[number - axis.start] += count
    return _Stretch(sum(slot.requests for slot in slots), sum(slot.failed for slot in slots), list(accumulate(heights)))


def _figures(pairs: Sequence[_Pair], ground: _Ground) -> list[_Figure]:
    old, new = [pair.before for pair in pairs], [pair.after for pair in pairs]
    number = sum(pair.slots for pair in pairs)
    first, second = _error_ratio(old), _error_ratio(new)
    length_s = ground.slots.length_s * number
    return [
        _typical_figure(pairs, ground, number),
        *(
            _ratio_figure(metric, _quantile_ms(old, share, ground.axis), _quantile_ms(new, share, ground.axis))
            for metric, share in QUANTILES
        ),
        ("error_ratio", first, second, None if first is None or second is None else second - first),
        _ratio_figure("request_rate", _rate(old, length_s), _rate(new, length_s)),
    ]


def _rate(side: Sequence[_Stretch], length_s: float) -> float | None:
    return sum(part.requests for part in side) / length_s if length_s else None


def _typical_figure(pairs: Sequence[_Pair], ground: _Ground, number: int) -> _Figure:
    shift = ground.shift
    if shift is None:
        return ("typical_ms", None, None, None)
    moved = sum(pair.influence for pair in pairs) * ground.number / number
    return ("typical_ms", math.exp(shift.before), math.exp(shift.after), shift.after - shift.before + moved)


def _ratio_figure(metric: str, before: float | None, after: float | None) -> _Figure:
    return (metric, before, after, math.log(after / before) if before and after else None)


def _error_ratio(side: Sequence[_Stretch]) -> float | None:
    requests = sum(part.requests for part in side)
    return sum(part.failed for part in side) / requests if requests else None


def _quantile_ms(side: Sequence[_Stretch], quantile: float, axis: range) -> float | None:
    """The least bin that this share of the requests does not exceed."""
    heights = [part.heights for part in side]
    total = sum(part[-1] for part in heights if part)
    if total * (1 - quantile) < BEYOND:
        return None
    rank = quantile * total
    place = bisect_left(range(len(axis)), rank, key=lambda at: sum(part[at] for part in heights))
    return middle_ms(axis[place])


def _binomial_deviation(slots: Slots) -> float:
    """What chance alone does to a difference of two shares, also when nothing failed: one success and one failure are
    added to each side (Agresti and Caffo 2000)."""
    variance = 0.0
    for side in (slots.before, slots.after):
        requests = sum(slot.requests for slot in side) + 2
        share = (sum(slot.failed for slot in side) + 1) / requests
        variance += share * (1 - share) / requests
    return math.sqrt(variance)
