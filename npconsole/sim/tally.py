"""The counters of one process life. A restart makes a new Tally; nothing here ever falls."""

from collections import Counter
from typing import TypeVar

from npconsole.sim.estate import Generation
from npconsole.sim.histogram import Histogram
from npconsole.sim.route import Route

K = TypeVar("K")

# In ms for both generations; the page of v20.1 writes them in seconds.
BOUNDS_MS = {
    Generation.V17: (10, 50, 100, 200, 400, 800, 1600),
    Generation.V20: (1, 5, 10, 50, 100, 500, 1000, 5000),
}


class Tally:
    """Requests, cache look-ups and statements since the process began."""

    def __init__(self, generation: Generation) -> None:
        self._bounds_ms = BOUNDS_MS[generation]
        self.requests: dict[tuple[str, str, int], Histogram] = {}
        self.statements: dict[tuple[str, str], Histogram] = {}
        self.cache_hits: Counter[str] = Counter()
        self.cache_misses: Counter[str] = Counter()
        self.cpu_s = 0.0

    def request(self, route: Route, status: int, latency_ms: float) -> None:
        """Count one answered request."""
        self._series(self.requests, (route.method, route.path, status)).observe(latency_ms)
        self.cpu_s += 0.0015

    def statement(self, route: Route, latency_ms: float) -> None:
        """Count one database statement."""
        self._series(self.statements, (route.operation, route.table)).observe(latency_ms)

    def lookup(self, cache: str, *, hit: bool) -> None:
        """Count one cache look-up."""
        (self.cache_hits if hit else self.cache_misses)[cache] += 1

    def _series(self, family: dict[K, Histogram], key: K) -> Histogram:
        if key not in family:
            family[key] = Histogram(self._bounds_ms)
        return family[key]

    @property
    def request_count(self) -> int:
        return sum(histogram.count for histogram in self.requests.values())
