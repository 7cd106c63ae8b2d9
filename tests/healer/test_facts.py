"""From a snapshot and the journal to facts."""

from npconsole.errors import Failure
from npconsole.healer.facts import OpenRun, facts_of, open_run
from npconsole.model.action import AccessRole
from npconsole.model.estate import Edge, Estate, Region, Role, Tier
from npconsole.model.level import Level
from npconsole.model.mute import Mute
from npconsole.model.reading import Freshness, Reading
from npconsole.model.run import Actor, Run, RunRequest, RunState
from npconsole.model.snapshot import Judgement, RegionState, Snapshot
from npconsole.model.vitals import Health, Vitals

REGIONS = tuple(
    Region(f"{service}/{name}", service, name, Role.ACTIVE, "http://x")
    for service, name in (("api", "us-east"), ("api", "us-west"), ("jobs", "us-east"))
)
ESTATE = Estate("neuropilot", Tier.PRODUCTION, REGIONS, (Edge("api/edge", "api", "http://edge"),))
HEALTHY = Health(status=200, word="ok", version="v17.1")
FIGURES = Vitals(p95_ms=110, error_ratio=0.01, requests=90, request_rate=15, started_at=5.0)


def snapshot(*states: RegionState, online: bool | None = True) -> Snapshot:
    return Snapshot(ESTATE, 1, 100.0, 1e9, states, online=online)


def run(target: str, state: RunState = RunState.SENT, action: str = "restart") -> Run:
    request = RunRequest(action, target, Actor("alice", AccessRole.OPERATOR, "cli"), idempotency_key="k")
    return Run("r1", request, state, 0, 0)


def test_a_region_as_it_is_seen() -> None:
    state = RegionState(
        REGIONS[0],
        Judgement(Level.OK),
        Reading(HEALTHY, 95.0, 95.0, "", Freshness.FRESH),
        Reading(FIGURES, 70.0, 99.0, "timeout", Freshness.STALE),
    )
    facts = facts_of(snapshot(state))
    [found] = facts.targets
    assert (found.id, found.service, found.level, found.healthy) == ("api/us-east", "api", Level.OK, True)
    assert (found.probe_fresh, found.figures_fresh, found.age_s) == (True, False, 30.0)
    assert (found.p95_ms, found.error_ratio, found.requests, found.request_rate) == (110, 0.01, 90, 15)
    assert (found.version, found.started_wall, found.status, found.failure) == ("v17.1", 5.0, 200, None)
    assert facts.healthy == {"api": ("api/us-east",)}
    assert facts.others_healthy(found) == ()


def test_what_is_not_known_is_none_and_not_fresh() -> None:
    facts = facts_of(snapshot(RegionState(REGIONS[0]), online=None))
    [found] = facts.targets
    assert facts.online is None
    assert (found.level, found.healthy, found.probe_fresh, found.age_s) == (Level.UNKNOWN, False, False, None)
    assert (found.p95_ms, found.requests, found.version) == (None, None, "")


def test_a_failure_on_our_side_is_named_and_a_stale_answer_is_not_healthy() -> None:
    refused = Reading(Health(failure=Failure.CONNECT), 99.0, 99.0, "", Freshness.FRESH)
    old = Reading(HEALTHY, 10.0, 99.0, "timeout", Freshness.UNKNOWN)
    facts = facts_of(snapshot(RegionState(REGIONS[0], health=refused), RegionState(REGIONS[1], health=old)))
    assert [each.failure for each in facts.targets] == [Failure.CONNECT, None]
    assert facts.healthy == {}


def test_runs_reach_what_is_behind_their_target() -> None:
    reach = {
        "api/us-west": ("api/us-west",),
        "api/edge": ("api/us-east", "api/us-west"),
        "jobs": ("jobs/us-east",),
        "neuropilot": ("api/us-east", "api/us-west", "jobs/us-east"),
        "API-12": ("API-12",),
    }
    assert {target: open_run(run(target), ESTATE).targets for target in reach} == reach


def test_only_runs_that_are_in_somebodys_hands_count() -> None:
    given = [run("api/us-east", state) for state in RunState]
    found = facts_of(snapshot(), runs=given)
    waiting = {RunState.REQUESTED, RunState.PLANNED, RunState.CONFIRMED}
    assert len(found.runs) == sum(not state.is_final and state not in waiting for state in RunState)
    assert found.runs[0] == OpenRun("r1", "restart", "api/us-east", ("api/us-east",), "alice", "k")


def test_switches_and_mutes_are_handed_on() -> None:
    mute = Mute("api", 2e9, "upgrade", "bob", 1e9)
    facts = facts_of(snapshot(), mutes=[mute], off="o", frozen="f", acknowledged="a", provider="p")
    assert (facts.mutes, facts.off, facts.frozen, facts.acknowledged, facts.provider) == ((mute,), "o", "f", "a", "p")
    assert facts.now == 100.0
