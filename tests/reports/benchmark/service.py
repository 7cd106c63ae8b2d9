"""A simulated service under a simulated load: what an engine would have measured of it, seeded.

Closed model: users who think for about a second, along the ramp of the built-in scenario. Latency is lognormal around
the median of each request name, stretched by a queue that follows the load, and by a pace that wanders slowly.
"""

import math
from collections import Counter
from dataclasses import dataclass
from random import Random

from npconsole.model.load import Block, Latency, LoadEnd, LoadFigures, LoadResult

MIX = (
    ("health", 0.2, 3.0),
    ("app.js", 0.3, 8.0),
    ("items", 0.25, 22.0),
    ("forecast", 0.15, 60.0),
    ("status", 0.1, 16.0),
)
RAMP = ((1 / 6, 0.2), (1 / 2, 0.5), (5 / 6, 1.0), (1.0, 0.0))


@dataclass(frozen=True)
class Service:
    """`slowdown` multiplies every latency, `tail` that of one request in ten. The other users' load wanders by `crowd`
    of itself and remembers `memory_s`; the pace by `wander` (a logarithm), remembering 3 s, and from run to run by
    `between`. `errors` is the share of answers 500."""

    slowdown: float = 1.0
    tail: float = 1.0
    crowd: float = 0.06
    memory_s: float = 20.0
    wander: float = 0.02
    between: float = 0.0
    errors: float = 0.002
    capacity: float = 250.0
    background: float = 0.25


def measured(
    service: Service,
    rng: Random,
    *,
    users: int = 20,
    duration_s: float = 10.0,
    named: bool = True,
    busiest: float = 0.9,
) -> LoadResult:
    """One load of blocks of a second. The target is never busier than `busiest`."""
    crowd, pace = _Walk(rng, service.crowd, service.memory_s), _Walk(rng, service.wander, 3.0)
    offset = rng.gauss(0, service.between)
    blocks = []
    for second in range(int(duration_s)):
        active = users * _ramp((second + 0.5) / duration_s)
        busy = min(busiest, service.background * (1 + crowd.step()) + active / service.capacity)
        stretch = service.slowdown * math.exp(pace.step() + offset) / (1 - busy)
        blocks.append(_block(service, rng, second, active, stretch, named=named))
    return _result(tuple(blocks), duration_s)


class _Walk:
    """An Ornstein-Uhlenbeck walk around zero, a second at a time."""

    def __init__(self, rng: Random, deviation: float, memory_s: float) -> None:
        self._rng, self._deviation, self._keep = rng, deviation, math.exp(-1 / memory_s)
        self._at = rng.gauss(0, deviation)

    def step(self) -> float:
        self._at = self._at * self._keep + self._rng.gauss(0, self._deviation) * math.sqrt(1 - self._keep**2)
        return self._at


def _ramp(share: float) -> float:
    before_at, before = 0.0, 0.0
    for at, level in RAMP:
        if share <= at:
            return before + (level - before) * (share - before_at) / (at - before_at)
        before_at, before = at, level
    return 0.0


def _block(service: Service, rng: Random, second: int, active: float, stretch: float, *, named: bool) -> Block:
    bins: Counter[int] = Counter()
    names, requests, failed = [], 0, 0
    for name, share, median_ms in MIX:
        middle = math.log(median_ms * stretch)
        logs = [middle + rng.gauss(0, 0.5) for _ in range(_poisson(rng, active * share))]
        if service.tail != 1:
            logs = [log + math.log(service.tail) if rng.random() < 0.1 else log for log in logs]
        bins.update(round(log * 100) for log in logs)
        requests += len(logs)
        well = [log for log in logs if rng.random() >= service.errors]
        failed += len(logs) - len(well)
        if well:
            names.append((name, len(well), sum(well) / len(well)))
    counts = tuple((math.exp(bin_ / 100), count) for bin_, count in sorted(bins.items()))
    return Block(float(second), 1.0, requests, failed, counts, tuple(names) if named else ())


def _poisson(rng: Random, mean: float) -> int:
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, number = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        number += 1
    return number


def _result(blocks: tuple[Block, ...], duration_s: float) -> LoadResult:
    requests = sum(block.requests for block in blocks)
    failed = sum(block.failed for block in blocks)
    figures = LoadFigures(duration_s, requests, failed=failed, error_ratio=failed / requests if requests else None)
    return LoadResult(LoadEnd.COMPLETE, figures, Latency(requests, failed), blocks=blocks, wall=0.0)
