"""How long a request takes: lognormal around the route's median, stretched by a queue that grows as 1/(1 -
utilisation)."""

from random import Random

from npconsole.sim.route import Route

SIGMA = 0.5
FULLEST = 0.95


def queueing(utilisation: float) -> float:
    """How many times longer a request takes at this utilisation: 1 when idle, capped at 20. From the M/M/1 queue."""
    return 1 / (1 - min(max(utilisation, 0.0), FULLEST))


def draw_ms(rng: Random, route: Route, stretch: float) -> float:
    """One latency in ms. `stretch` multiplies the route's median."""
    return route.median_ms * stretch * rng.lognormvariate(0, SIGMA)
