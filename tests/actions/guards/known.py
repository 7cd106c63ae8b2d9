"""Facts that let everything pass, to be changed in one point; and a ledger that says what it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from npconsole.actions.facts import CredentialFact, Facts
from npconsole.actions.frame import Draft
from npconsole.actions.restart import Restart
from npconsole.actions.rules import Rules
from npconsole.model.action import AccessRole
from npconsole.model.estate import Estate, Region, Role, Tier
from npconsole.model.level import Level
from npconsole.model.reading import Freshness, Reading
from npconsole.model.run import Actor, Lease, PlannedCall, Run, RunRequest
from npconsole.model.snapshot import Judgement, RegionState, Snapshot
from npconsole.model.vitals import Health, Vitals

T = TypeVar("T")

HEALTHY = Health(status=200, word="ok")
SICK = Health(status=503, word="error", detail="503 Service Unavailable")
NAMES = ("us-east", "us-west", "eu-west")
OPERATOR = Actor("alice", AccessRole.OPERATOR, "cli")
CALL = PlannedCall("railway", "deploymentRestart dep-0", "restart", writes=True)
DRAFT = Draft(calls=(CALL,), scope=("us-east",), takes_out=("us-east",), vendors=("railway",))
REQUEST = RunRequest("restart", "us-east", OPERATOR, confirmed=True)


def state(name: str, health: Health = HEALTHY, *, at: float = 99.0, vitals_at: float | None = 99.0) -> RegionState:
    """A region whose readings are of those instants; one older than 20 s is stale, one that never was is unknown."""
    region = Region(name, "api", name, Role.ACTIVE, f"http://{name}")
    level = Level.OK if health.healthy else Level.DOWN
    vitals = Vitals(p95_ms=110, request_rate=30)
    return RegionState(region, Judgement(level, health.detail), reading(health, at), reading(vitals, vitals_at))


def reading(value: T, at: float | None) -> Reading[T]:
    if at is None:
        return Reading(None, None, 99.0, "connection refused", Freshness.UNKNOWN)
    return Reading(value, at, 99.0, "", Freshness.FRESH if at >= 80.0 else Freshness.STALE)


def snapshot(*states: RegionState) -> Snapshot:
    regions = states or tuple(state(name) for name in NAMES)
    estate = Estate("neuropilot", Tier.PRODUCTION, tuple(each.region for each in regions))
    return Snapshot(estate, 1, 100.0, 1e9, regions, online=True)


GOOD = Facts(
    spec=Restart.spec,
    request=REQUEST,
    rules=Rules(),
    draft=DRAFT,
    digest="d1",
    gathered_at=100.0,
    judged_at=101.0,
    places=("api", "neuropilot"),
    rotation=NAMES,
    snapshot=snapshot(),
    probes=dict.fromkeys(NAMES, HEALTHY),
    online=True,
    credentials=(CredentialFact("railway", "valid"),),
)


def facts(*, request: Mapping[str, Any] | None = None, draft: Mapping[str, Any] | None = None, **fields: Any) -> Facts:
    """The good facts, changed."""
    return replace(GOOD, request=replace(REQUEST, **(request or {})), draft=replace(DRAFT, **(draft or {})), **fields)


@dataclass
class FakeLedger:
    """Says what it is told to."""

    ages: Sequence[float] = ()
    open: Sequence[Run] = ()
    lease: Lease | None = None
    switches: Mapping[str, str] = field(default_factory=dict)

    def intents(self, action: str, target: str | None, within_s: float) -> Sequence[float]:
        return [age for age in self.ages if age <= within_s]

    def open_runs(self, target: str | None = None) -> Sequence[Run]:
        return self.open

    def lease_on(self, target: str) -> Lease | None:
        return self.lease

    def last_run(self, action: str, target: str) -> Run | None:
        return None

    def switch(self, name: str) -> str:
        return self.switches.get(name, "")
