"""Whether we may trust our own eyes, and whether enough of the estate keeps serving."""

from collections.abc import Mapping

from npconsole.actions.facts import Facts
from npconsole.actions.guard import Answer, Guard, from_facts
from npconsole.model import quantity
from npconsole.model.level import Level
from npconsole.model.reading import Freshness, Reading
from npconsole.model.snapshot import Judgement, Snapshot
from npconsole.model.vitals import Health, Vitals


def _connectivity(facts: Facts) -> Answer:
    answered = [each for each, health in facts.probes.items() if health.failure is None]
    if facts.online:
        return Answer(True, "this host is online")
    if answered:
        return Answer(True, f"this host is online: {answered[0]} answers")
    if facts.online is None and not facts.rotation:
        return Answer(False, "it is not known whether this host is online")
    return Answer(False, "this host seems to be offline: neither the connectivity check nor any region answers")


def _not_everything(facts: Facts) -> Answer:
    """When all fail together, the fault is more likely ours: the rule of Kubernetes' node controller."""
    total = len(facts.rotation)
    answered = sum(health.failure is None for health in facts.probes.values())
    if answered or total < 2:
        return Answer(True, f"{answered} of {total} regions answer" if total else "no region is concerned")
    return Answer(False, f"none of {total} regions answers this host: suspect this host before the world")


def _fresh(facts: Facts) -> Answer:
    if facts.snapshot is None:
        return Answer(False, f"the estate could not be read: {facts.snapshot_problem or 'no answer'}")
    stale = [
        f"{what} of {state.region.id}{_age(reading, facts.snapshot.now)}"
        for state in facts.snapshot.regions
        if state.region.id in facts.draft.takes_out
        for what, reading in _inputs(state.health, state.vitals)
        if reading.freshness is not Freshness.FRESH
    ]
    if stale:
        return Answer(False, f"what is known is too old to act on: {', '.join(stale)}")
    return Answer(True, "what is known is fresh")


def _last_healthy(facts: Facts) -> Answer:
    """Judged by a probe of each origin made just now: an edge does not check pools that are off."""
    leaving = [each for each in facts.draft.takes_out if facts.serves(each)]
    if not leaving:
        named = ", ".join(facts.draft.takes_out)
        return Answer(True, f"{named} serves nothing healthy now" if named else "no region leaves the rotation")
    if facts.pools_problem:
        return Answer(False, f"it is not known which regions are in rotation: {facts.pools_problem}")
    staying = [each for each in facts.rotation if each not in facts.draft.takes_out and facts.serves(each)]
    if staying:
        return Answer(True, f"{', '.join(staying)} {'stays' if len(staying) == 1 else 'stay'} healthy in rotation")
    why = [f"{each} {_absence(facts, each)}" for each in facts.rotation if each not in facts.draft.takes_out]
    rest = "; ".join(why) if why else "there is no other region"
    last = "is the last healthy region" if len(leaving) == 1 else "are the last healthy regions"
    return Answer(False, f"{', '.join(leaving)} {last} in rotation: {rest}")


def _incident(facts: Facts) -> Answer:
    if facts.snapshot is None:
        return Answer(False, "it is not known whether an incident is open: the estate could not be read")
    found = worst(incidents(facts.snapshot))
    return Answer(False, f"an incident is open: {found}") if found else Answer(True, "no incident is open")


def incidents(snapshot: Snapshot) -> dict[str, Judgement]:
    """What is not well, by the id of its region or edge."""
    judgements = {
        **{state.region.id: state.judgement for state in snapshot.regions},
        **{state.edge.id: state.judgement for state in snapshot.edges},
    }
    return {each: found for each, found in judgements.items() if found.level not in (Level.OK, Level.MUTED)}


def worst(found: Mapping[str, Judgement]) -> str:
    """`us-east is down (connection refused)`, of the worst; empty when there is nothing."""
    if not found:
        return ""
    each, judgement = max(found.items(), key=lambda item: item[1].level.severity)
    return f"{each} is {judgement.level.value}" + (f" ({judgement.reason})" if judgement.reason else "")


def _absence(facts: Facts, region_id: str) -> str:
    health, pool = facts.probes.get(region_id), facts.pools.get(region_id)
    if pool is not None and not pool.enabled:
        return "is switched off at the edge"
    if health is None:
        return "could not be probed"
    return f"is not healthy ({health.detail or 'not healthy'})"


def _inputs(health: Reading[Health], vitals: Reading[Vitals]) -> list[tuple[str, Reading[object]]]:
    """A region that is down has no metrics to be fresh: then its health check alone must be."""
    healthy = health.value is not None and health.value.healthy
    return [("health", health), ("vital figures", vitals)] if healthy else [("health", health)]


def _age(reading: Reading[object], now: float) -> str:
    age_s = reading.age_s(now)
    return ", never read" if age_s is None else f", {quantity.duration(age_s)} old"


CONNECTIVITY = Guard("connectivity", from_facts(_connectivity), overridable=True)
NOT_EVERYTHING = Guard("not-everything-down", from_facts(_not_everything), overridable=True)
FRESH = Guard("fresh-data", from_facts(_fresh), overridable=True)
LAST_HEALTHY = Guard("last-healthy-region", from_facts(_last_healthy))
NO_INCIDENT = Guard("open-incident", from_facts(_incident), overridable=True)
