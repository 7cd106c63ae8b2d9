"""The users of the simulated platform: how many requests arrive, and for which route. Seeded, so that a seed repeats
its world."""

import math
from itertools import accumulate
from random import Random

from npconsole.sim.route import ROUTES, Route

DAY_S = 86400.0
MEAN_RPS = 60.0
DAILY_SWING = 0.3
NOISE_RATIO = 0.06
NOISE_MEMORY_S = 20.0
_SHARES = tuple(accumulate(route.share for route in ROUTES))


class Traffic:
    """Arrivals a second of all users together: a daily wave of sim-time with slowly wandering noise on it."""

    def __init__(self, rng: Random, mean_rps: float = MEAN_RPS) -> None:
        self._rng = rng
        self._mean_rps = mean_rps
        self._phase = rng.uniform(0, 2 * math.pi)
        self._noise = 0.0

    def rate(self, now_s: float, elapsed_s: float) -> float:
        """Requests a second now, at least a tenth of the mean. The noise is an Ornstein-Uhlenbeck walk over real
        seconds."""
        keep = math.exp(-elapsed_s / NOISE_MEMORY_S)
        self._noise = self._noise * keep + self._rng.gauss(0, NOISE_RATIO) * math.sqrt(1 - keep * keep)
        wave = DAILY_SWING * math.sin(2 * math.pi * now_s / DAY_S + self._phase)
        return self._mean_rps * max(0.1, 1 + wave + self._noise)


def arrivals(rng: Random, expected: float) -> int:
    """A Poisson number: Knuth's product of uniforms, and its normal approximation above 30."""
    if expected > 30:
        return max(0, round(rng.gauss(expected, math.sqrt(expected))))
    limit = math.exp(-expected)
    product = rng.random()
    number = 0
    while product > limit:
        product *= rng.random()
        number += 1
    return number


def pick(rng: Random) -> Route:
    """One route, by its share."""
    return rng.choices(ROUTES, cum_weights=_SHARES)[0]
