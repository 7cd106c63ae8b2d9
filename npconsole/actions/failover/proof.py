"""When a failover was last shown to work. Pure: from the runs that are kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from npconsole.actions.failover.outcome import KEY, Outcome, precise, to_outcome
from npconsole.model import quantity
from npconsole.model.run import Run

ACTION = "failover"


@dataclass(frozen=True, slots=True)
class Proof:
    """A drill that proved a region's failover. `wall` is when it ended, epoch seconds."""

    run_id: str
    wall: float
    outcome: Outcome


def last_proof(runs: Iterable[Run], region: str) -> Proof | None:
    """The latest proof among runs in any order."""
    return max(_proofs(runs, region), key=lambda proof: proof.wall, default=None)


def proof_sentence(runs: Iterable[Run], region: str, now_wall: float) -> str:
    """`failover us-east -> us-west last proven 12 d ago, 38 s`, or that it never was; and if a later drill failed."""
    drills = [run for run in runs if _is_drill(run, region)]
    proof = last_proof(drills, region)
    if proof is None:
        tries = f"; {len(drills)} drills did not prove it" if drills else ""
        return f"failover {region} never proven{tries}"
    age = quantity.brief(now_wall - proof.wall)
    later = [run for run in drills if run.changed_wall > proof.wall]
    since = f"; not proven since in {len(later)} later" if later else ""
    took = precise(proof.outcome.recovery_s)
    return f"failover {region} -> {proof.outcome.shift.to} last proven {age} ago, {took}{since}"


def _proofs(runs: Iterable[Run], region: str) -> Iterable[Proof]:
    for run in runs:
        if not _is_drill(run, region):
            continue
        outcome = _outcome(run)
        if outcome is not None and outcome.proven:
            yield Proof(run.id, run.changed_wall, outcome)


def _is_drill(run: Run, region: str) -> bool:
    """Ended, and something was sent to prove it, not to keep it."""
    request = run.request
    kept = request.parameters.get("keep") == ("yes",)
    return request.action == ACTION and request.target == region and run.state.is_final and bool(run.steps) and not kept


def _outcome(run: Run) -> Outcome | None:
    data = run.result.get(KEY)
    try:
        return to_outcome(data) if isinstance(data, dict) else None
    except (ValueError, TypeError, KeyError):
        return None
