"""One region's service as a process with physics. Pure: time, randomness and arrivals are given, no I/O.

A life of the process ends when it stops; the next one begins with new counters, a new start time and a cold cache.
"""

import math
from collections.abc import Mapping
from random import Random

from npconsole.sim.demand import Demand
from npconsole.sim.estate import MEMORY_LIMIT_MB, RegionPlan
from npconsole.sim.failure import Cause, Failure
from npconsole.sim.fault import Fault, Kind, Reach, reach_of
from npconsole.sim.latency import draw_ms, queueing
from npconsole.sim.record import Record
from npconsole.sim.route import API, HEALTH, Route
from npconsole.sim.tally import Tally
from npconsole.sim.traffic import arrivals, pick

STOP_S = 2.0
BOOT_S = 3.0
BASE_ERROR_RATIO = 0.002
WARM_CACHE_RATIO = 0.9
CACHE_WARMING_S = 30.0
BASE_MEMORY = 210e6
MEMORY_LIMIT = MEMORY_LIMIT_MB * 1e6
LEAK_PER_S = 3e6
LAG_LIMIT_READY_S = 10.0
LAG_CATCH_UP = 5.0
FLOOD_RPS = 12.0
HOSTILE_VERSION = "[@click=app.quit]17[/] \x1b]0;owned\x07"


class Region:
    """The service of one region. `step` moves it on; `demand` is told of requests that come over HTTP."""

    def __init__(self, plan: RegionPlan, rng: Random, record: Record, now_s: float, wall: float) -> None:
        self.plan = plan
        self._rng = rng
        self._record = record
        self._faults: Mapping[Kind, Fault] = {}
        self._now_s = now_s
        self._stopped_until_s = -math.inf
        self.demand = Demand(plan.capacity_rps)
        self.stuck = 0
        self.lag_s = 0.2
        self.reach = Reach.OPEN
        self.installed = plan.version
        self.version = plan.version
        self._stopped = False
        self.restarting = False
        self._replaced = False
        self._unready = False
        self._begin_life(now_s, wall)
        self._booted_s = now_s

    def step(
        self, now_s: float, elapsed_s: float, wall: float, rps: float, faults: Mapping[Kind, Fault]
    ) -> list[Failure]:
        """Move on to `now_s`: `elapsed_s` real seconds with `rps` background requests a second. Returns what
        failed."""
        sim_elapsed_s = now_s - self._now_s
        self._now_s = now_s
        self._faults = faults
        self.demand.step(elapsed_s, rps)
        self._release(now_s, wall)
        self._live(now_s, wall)
        self._drift(sim_elapsed_s)
        number = arrivals(self._rng, rps * elapsed_s)
        if self.reach is Reach.REFUSED:
            return []
        if self.reach is Reach.SILENT:
            self.stuck = min(self.stuck + number, 1000)
            return []
        self.stuck = 0
        failures = [failure for _ in range(number) if (failure := self._background_request())]
        return failures + self._flood(elapsed_s)

    def restart(self, now_s: float) -> None:
        """Stop the process: refused for 2 s, then a new life that is not ready for 3 s, in sim-time."""
        self._stopped = False
        self.restarting = True
        self._stopped_until_s = now_s + STOP_S
        self._record.add("restart begun", self.plan.name, f"{self.plan.name} restarts")

    def stop(self) -> None:
        """End the process, until a restart or a replacement."""
        self._stopped = True

    def replace(self, version: str) -> None:
        """Put a new process in the place of the old one, without a gap when that one ran."""
        self.installed = version
        self._stopped = False
        self._replaced = True

    def answer(self, route: Route, rng: Random) -> tuple[int, float]:
        """Status and latency in ms of one request to a route, not yet counted. `rng` is apart for real requests, so
        that they do not change the background."""
        if self.booting:
            return 503, 1.0
        failed = route in API and rng.random() < self.error_ratio
        failed = failed or (route is HEALTH and Kind.UNHEALTHY in self._faults)
        return 500 if failed else 200, draw_ms(rng, route, self.stretch)

    def account(self, route: Route, status: int, latency_ms: float, rng: Random) -> None:
        """Count an answered request, with its cache look-up and statement."""
        self.tally.request(route, status, latency_ms)
        hit = bool(route.cache) and rng.random() < self._cache_hit_ratio
        if route.cache:
            self.tally.lookup(route.cache, hit=hit)
        if route.operation and not hit:
            self.tally.statement(route, latency_ms * 0.6)

    def failure(self, route: Route) -> Failure:
        """The failure that an answer 500 to this route is."""
        if Kind.BAD_DEPLOY in self._faults:
            cause = Cause.RELEASE
        else:
            cause = Cause.POOL if Kind.ERRORS in self._faults else Cause.UPSTREAM
        return Failure(self.plan.name, self.release, route, cause)

    @property
    def booting(self) -> bool:
        """Listening but not ready yet."""
        return self._now_s < self._booted_s

    @property
    def not_ready(self) -> str:
        """Why the service should get no traffic; empty when it should."""
        if self.booting:
            return "starting"
        if self.plan.has_replica and self.lag_s > LAG_LIMIT_READY_S:
            return f"replica is {self.lag_s:.1f} s behind"
        return ""

    @property
    def release(self) -> str:
        return f"neuropilot@{self.plan.next_version if Kind.BAD_DEPLOY in self._faults else self.installed}"

    @property
    def stretch(self) -> float:
        """How many times its median a request takes now."""
        stretch = self.plan.pace * queueing(self.demand.utilisation)
        if Kind.SLOW in self._faults:
            stretch *= 8
        if Kind.SLUGGISH in self._faults:
            stretch *= 1.3
        if Kind.BAD_DEPLOY in self._faults:
            stretch *= 3.5
        if self.memory > 0.85 * MEMORY_LIMIT:
            stretch *= 2
        return stretch

    @property
    def error_ratio(self) -> float:
        """Chance that an API call fails."""
        ratio = BASE_ERROR_RATIO
        if Kind.ERRORS in self._faults:
            ratio += 0.25
        if Kind.BAD_DEPLOY in self._faults:
            ratio += 0.12
        return ratio

    @property
    def _cache_hit_ratio(self) -> float:
        age_s = max(0.0, self._now_s - self._booted_s)
        return WARM_CACHE_RATIO * (1 - 0.8 * math.exp(-age_s / CACHE_WARMING_S))

    def _begin_life(self, now_s: float, wall: float) -> None:
        self.tally = Tally(self.plan.generation)
        self.started_wall = wall
        self.memory = BASE_MEMORY
        self._booted_s = now_s + BOOT_S

    def _live(self, now_s: float, wall: float) -> None:
        """Follow the faults and restarts that decide whether the process is there."""
        if self.memory >= MEMORY_LIMIT:
            self._record.add("killed", self.plan.name, f"{self.plan.name} was out of memory and is killed")
            self.memory = BASE_MEMORY
            self.restart(now_s)
        before = self.reach
        self.reach = reach_of(self._faults.values(), now_s)
        name = self.plan.name
        # However fast time goes, a restart is refused for one step at least: its connections and counters are gone.
        self.restarting = self.restarting and (now_s < self._stopped_until_s or before is not Reach.REFUSED)
        if self._stopped or self.restarting:
            self.reach = Reach.REFUSED
        if before is not Reach.REFUSED and self.reach is Reach.REFUSED:
            self._unready = True
            self._record.add("process stopped", name, f"{name} has stopped")
        if before is Reach.REFUSED and self.reach is not Reach.REFUSED:
            self._begin_life(now_s, wall)
            self._record.add("process started", name, f"{name} has started, ready in {BOOT_S:g} s")
        if self._unready and self.reach is Reach.OPEN and not self.booting:
            self._unready = False
            self._record.add("process ready", name, f"{name} answers again")

    def _release(self, now_s: float, wall: float) -> None:
        """Swap the process without a gap when the release that is to run is another one."""
        version = self.release.partition("@")[2]
        if Kind.HOSTILE_TEXT in self._faults:
            version = HOSTILE_VERSION
        if version != self.version or self._replaced:
            self.version = version
            self._replaced = False
            self._begin_life(now_s, wall)
            self._booted_s = now_s
            self._record.add("release", self.plan.name, f"{self.plan.name} now runs {version!r}")

    def _drift(self, sim_elapsed_s: float) -> None:
        """Memory wanders around its base and leaks; the replica falls behind second by second and catches up five
        times faster."""
        if Kind.MEMORY_LEAK in self._faults:
            self.memory += LEAK_PER_S * sim_elapsed_s
        else:
            pull = min(1.0, sim_elapsed_s / 600)
            self.memory += (BASE_MEMORY - self.memory) * pull
        self.memory += self._rng.gauss(0, 2e5) * math.sqrt(sim_elapsed_s)
        if self.plan.has_replica:
            if Kind.REPLICA_LAG in self._faults:
                self.lag_s += sim_elapsed_s * 0.8
            else:
                self.lag_s = max(self._rng.uniform(0.1, 0.35), self.lag_s - LAG_CATCH_UP * sim_elapsed_s)

    def _background_request(self) -> Failure | None:
        route = pick(self._rng)
        status, latency_ms = self.answer(route, self._rng)
        self.account(route, status, latency_ms, self._rng)
        return self.failure(route) if status == 500 else None

    def _flood(self, elapsed_s: float) -> list[Failure]:
        """The same error over and over, from a loop that no request waits for."""
        if Kind.SENTRY_FLOOD not in self._faults:
            return []
        number = arrivals(self._rng, FLOOD_RPS * elapsed_s)
        return [Failure(self.plan.name, self.release, API[1], Cause.FLOOD)] * number
