"""The whole simulated world without its sockets: faults and scenario, users, regions, hosting, steering. One seed, one
world.

Pure but for the clock it is given; `step` is the only thing that moves it.
"""

from random import Random

from npconsole.sim.agenda import Agenda
from npconsole.sim.clock import Clock
from npconsole.sim.estate import AREA_SHARE, FALLBACK, REGIONS, STEERING
from npconsole.sim.failure import Failure
from npconsole.sim.fault import EDGE, HOST, SENTRY, Fault, FaultBoard, Kind, Reach, reach_of
from npconsole.sim.railway.hosting import Hosting
from npconsole.sim.record import Record
from npconsole.sim.region import Region
from npconsole.sim.scenario import Scenario
from npconsole.sim.steering import Arrangement, Steering
from npconsole.sim.traffic import Traffic

CHECK_RETRIES = 2
LONGEST_STEP_S = 2.0


class World:
    """Regions, users and the edge's mind, moved on together."""

    def __init__(self, seed: int, scenario: Scenario, clock: Clock, record: Record) -> None:
        self.seed = seed
        self.scenario = scenario
        self.clock = clock
        self.record = record
        now_s, wall = clock.now_s(), clock.wall()
        self._stepped_s = now_s
        self._stepped_wall = wall
        self._traffic = Traffic(self.rng("traffic"))
        self.regions = {plan.name: Region(plan, self.rng(plan.name), record, now_s, wall) for plan in REGIONS}
        replicas = [plan.name for plan in REGIONS if plan.has_replica]
        self.faults = FaultBoard(self.regions, replicas, self._fault_changed)
        self.agenda = Agenda(clock)
        self.hosting = Hosting(self.regions, self.faults, self.agenda, clock, record, self.rng("railway"))
        self.steering = Steering(Arrangement(STEERING, FALLBACK), AREA_SHARE, CHECK_RETRIES, record)

    def rng(self, part: str) -> Random:
        """The random numbers of one part, so that parts do not disturb each other."""
        return Random(f"{self.seed}:{part}")

    def step(self) -> list[Failure]:
        """Move on to the clock's time. Returns the requests that failed since."""
        now_s, wall = self.clock.now_s(), self.clock.wall()
        elapsed_s = min(max(0.0, wall - self._stepped_wall), LONGEST_STEP_S)
        self._play(now_s)
        self.agenda.catch_up()
        self._stepped_s, self._stepped_wall = now_s, wall
        rate = self._traffic.rate(now_s, elapsed_s)
        edge = reach_of(self.faults.of(EDGE).values(), now_s)
        shares = self.steering.shares() if edge is Reach.OPEN else {}
        flood = {kind: fault for kind, fault in self.faults.of(SENTRY).items() if kind is Kind.SENTRY_FLOOD}
        failures = []
        for name, region in self.regions.items():
            rps = rate * shares.get(name, 0.0) + region.plan.warm_rps
            failures += region.step(now_s, elapsed_s, wall, rps, self.faults.of(name) | flood)
        self.hosting.follow()
        return failures

    def reach(self, target: str) -> Reach:
        """What a client on this host meets at a target: a region, the edge or Sentry, seen through the host's own
        faults."""
        host = reach_of(self.faults.of(HOST).values(), self.clock.now_s())
        if host is not Reach.OPEN:
            return host
        if target in self.regions:
            return self.regions[target].reach
        return reach_of(self.faults.of(target).values(), self.clock.now_s())

    @property
    def host_cut_off(self) -> bool:
        """Whether this host reaches nothing. The platform's own parts still reach each other."""
        return reach_of(self.faults.of(HOST).values(), self.clock.now_s()) is not Reach.OPEN

    def _play(self, now_s: float) -> None:
        self.faults.expire(now_s)
        for step in self.scenario.due(self._stepped_s, now_s):
            self.faults.begin(step.target, step.kind, now_s, step.for_s)

    def _fault_changed(self, event: str, fault: Fault) -> None:
        self.record.add(event, fault.target, f"{event}: {fault.target} {fault.kind}", fault=fault.kind)
