"""An estate whose every figure is set by hand, and alerting stepped over it; the state passes through its text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from npconsole.alerting import AlertFacts, AlertRules, AlertState, Route, decode, encode, step
from npconsole.model.estate import Edge, Estate, Region, Role, Tier
from npconsole.model.heal import HealView
from npconsole.model.level import Level
from npconsole.model.mute import Mute
from npconsole.model.notice import Notice, NoticeKind, Severity
from npconsole.model.reading import Freshness, Reading
from npconsole.model.run import AuditLine
from npconsole.model.snapshot import EdgeState, Judgement, RegionState, Snapshot
from npconsole.model.vitals import Health, Lag, Vitals

T = TypeVar("T")

START_WALL = 1_795_000_000.0
SLACK = Route("slack", Severity.WARNING)
PAGER = Route("pagerduty", Severity.CRITICAL, updates=False, changes=True)
ROLES = {"us-east": Role.PRIMARY, "us-west": Role.STANDBY, "eu-west": Role.ACTIVE}
FINE = Vitals(p95_ms=110.0, error_ratio=0.001, requests=900.0, window_s=60.0, memory_ratio=0.4)
SLOW = Vitals(p95_ms=912.0, error_ratio=0.001, requests=900.0, window_s=60.0, memory_ratio=0.4)
FAILING = Vitals(p95_ms=110.0, error_ratio=0.12, requests=900.0, window_s=60.0, memory_ratio=0.4)
FULL = Vitals(p95_ms=110.0, error_ratio=0.001, requests=900.0, window_s=60.0, memory_ratio=0.91)
IDLE = Vitals(p95_ms=912.0, error_ratio=0.5, requests=3.0, window_s=60.0, memory_ratio=0.4)
WELL = Health(status=200, word="ok")
DEAD = Health(status=503, word="error", detail="503 Service Unavailable")


def fresh(value: T) -> Reading[T]:
    return Reading(value, 1.0, 1.0, "", Freshness.FRESH)


@dataclass
class Part:
    """One region or edge as it is now."""

    level: Level = Level.OK
    vitals: Vitals | None = FINE
    lag_s: float | None = None
    reason: str = ""
    since: float | None = None
    answered_by: str = "us-east"


@dataclass
class Bench:
    """`told` is everything that was said; `look` is one step, `wait` steps until so many seconds have passed."""

    rules: AlertRules = field(default_factory=AlertRules)
    routes: Sequence[Route] = (SLACK, PAGER)
    names: tuple[str, ...] = ("us-east", "us-west", "eu-west")
    interval_s: float = 60.0
    now: float = START_WALL
    parts: dict[str, Part] = field(default_factory=dict)
    online: bool | None = True
    mutes: list[Mute] = field(default_factory=list)
    heal: HealView | None = None
    lines: list[AuditLine] = field(default_factory=list)
    told: list[Notice] = field(default_factory=list)
    state: AlertState = field(default_factory=AlertState)

    def __post_init__(self) -> None:
        self.parts = {name: Part() for name in (*self.names, "edge")}

    def __getitem__(self, name: str) -> Part:
        return self.parts[name]

    def down(self, *names: str, reason: str = "connection refused") -> None:
        for name in names:
            self.parts[name].level, self.parts[name].reason = Level.DOWN, reason

    def well(self, *names: str) -> None:
        for name in names or tuple(self.parts):
            self.parts[name] = Part(lag_s=0.1 if self.parts[name].lag_s is not None else None)

    def look(self) -> list[Notice]:
        """One step at the present time; what it said."""
        kept, problem = decode(encode(self.state))
        assert (kept, problem) == (self.state, "")
        lines = tuple(line for line in self.lines if line.sequence > kept.audit_after)
        facts = AlertFacts(self.snapshot(), lines, heal=self.heal, mutes=self.in_force(), host="watcher")
        self.state, notices = step(kept, facts, self.rules, self.routes, self.now)
        again = step(kept, facts, self.rules, self.routes, self.now)
        assert again == (self.state, notices), "the same decision must say the same"
        self.told += notices
        return list(notices)

    def wait(self, seconds: float) -> list[Notice]:
        """Let time pass, looking at every interval; what was said meanwhile."""
        end, said = self.now + seconds, []
        while self.now < end:
            self.now += self.interval_s
            said += self.look()
        return said

    def in_force(self) -> list[Mute]:
        return [mute for mute in self.mutes if mute.until_wall > self.now]

    def mute(self, target: str, for_s: float) -> None:
        self.mutes.append(Mute(target, self.now + for_s, "planned work", "anna", self.now))

    def line(self, kind: str, target: str, data: Mapping[str, object], *, actor: str = "heal") -> None:
        """Add a line to the audit."""
        number = len(self.lines) + 1
        self.lines.append(AuditLine(number, self.now, kind, actor, target, data, "", "d" * 64))

    def take(self, key: str, **data: str) -> None:
        """Anna takes an incident."""
        self.line("alert.acknowledged", key.split("/")[1], {"key": key, **data}, actor="anna")

    def run(self, state: str, target: str, *, run: str = "r1", action: str = "restart", **data: object) -> None:
        """The audit's line of a run in a state."""
        self.line(f"run.{state}", target, {"run": run, "action": action, "fence": 1, **data})

    def snapshot(self) -> Snapshot:
        now = self.now - START_WALL + 100_000.0
        regions = tuple(self._region(name) for name in self.names)
        edge = self.parts["edge"]
        judgement = Judgement(edge.level, edge.reason)
        states = (EdgeState(Edge("edge", "api", "http://edge"), judgement, _health(edge), edge.answered_by),)
        estate = Estate("prod", Tier.PRODUCTION, tuple(state.region for state in regions), (states[0].edge,))
        return Snapshot(estate, 1, now, self.now, regions, states, online=self.online)

    def _region(self, name: str) -> RegionState:
        part = self.parts[name]
        measured = part.lag_s is not None
        region = Region(name, "api", name, ROLES.get(name, Role.ACTIVE), f"http://{name}", measures_lag=measured)
        lag = fresh(Lag(part.lag_s, "sql")) if part.lag_s is not None else None
        vitals: Reading[Vitals] = Reading() if part.vitals is None else fresh(part.vitals)
        return RegionState(region, Judgement(part.level, part.reason, part.since), _health(part), vitals, lag)


def _health(part: Part) -> Reading[Health]:
    if part.level is Level.UNKNOWN:
        return Reading(freshness=Freshness.UNKNOWN)
    return fresh(DEAD if part.level is Level.DOWN else WELL)


def kinds(notices: Sequence[Notice]) -> list[tuple[str, str]]:
    """(channel, kind) of each."""
    return [(notice.channel, str(notice.kind)) for notice in notices]


def of(notices: Sequence[Notice], kind: NoticeKind, channel: str = "slack") -> list[Notice]:
    """Those of a kind on a channel."""
    return [notice for notice in notices if notice.kind is kind and notice.channel == channel]
