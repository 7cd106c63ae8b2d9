"""A plan as JSON and as text. Figures carry their unit; everything shown has passed `clean` where it entered."""

from dataclasses import asdict
from typing import Any

from npconsole.actions.guards.access import quoted
from npconsole.actions.planner import Prepared
from npconsole.model import quantity
from npconsole.model.action import Danger
from npconsole.model.run import Plan

SCHEMA = "npconsole.plan/1"


def as_json(prepared: Prepared) -> dict[str, Any]:
    """`npconsole.plan/1`. `confirm` is the flag that a run of this plan needs, empty for none."""
    plan = prepared.plan
    return {
        "schema": SCHEMA,
        "action": plan.action,
        "target": plan.target,
        "danger": plan.danger,
        "confirm": flag(plan),
        "simulated": plan.simulated,
        "problem": prepared.draft.problem,
        "calls": [asdict(call) for call in plan.calls],
        "guards": [{**asdict(answer), "stops": answer.stops} for answer in plan.guards],
        "blast": asdict(plan.blast),
        "undo": plan.undo,
        "effect": asdict(plan.effect) if plan.effect else None,
        "notes": list(plan.notes),
        "last": asdict(plan.last) if plan.last else None,
        "before": dict(prepared.before),
        "digest": plan.digest,
    }


def as_text(plan: Plan, *, wall: float) -> str:
    """What a person reads before a yes: what will happen, to whom, what stands in the way, and the way back."""
    lines = [f"{plan.action} {plan.target}", *_calls(plan), *_blast(plan), f"  undo: {plan.undo}"]
    if plan.effect is not None:
        lines.append(f"  expected: {plan.effect.words}")
    lines += [f"  note: {note}" for note in plan.notes]
    if plan.last is not None:
        ago = quantity.duration(max(0.0, wall - plan.last.ended_wall))
        lines.append(f"  last time: {ago} ago, {plan.last.state.value}: {plan.last.outcome}")
    return "\n".join([*lines, *_guards(plan)])


def flag(plan: Plan) -> str:
    """What confirms this plan on a command line; empty when nothing needs to."""
    if plan.simulated:
        return ""
    match plan.danger:
        case Danger.SAFE:
            return ""
        case Danger.CONFIRM:
            return "--yes"
        case Danger.TYPED:
            return f"--confirm {quoted(plan.typed or plan.target)}"


def _calls(plan: Plan) -> list[str]:
    return [
        f"  {'call' if call.writes else 'read'}: {call.vendor}: {call.call} ({call.summary})"
        + (f"; undo: {call.undo}" if call.undo else "")
        for call in plan.calls
    ]


def _blast(plan: Plan) -> list[str]:
    blast = plan.blast
    share = "not measured" if blast.traffic_share is None else quantity.percent(blast.traffic_share)
    lines = [f"  share of live traffic: {share}"]
    if blast.survivors:
        loads = [
            f"{region} at {quantity.percent(load)} of its capacity"
            if load is not None
            else f"{region}, head-room not known"
            for region, load in blast.survivors
        ]
        lines.append(f"  left to serve: {'; '.join(loads)}")
    return lines


def _guards(plan: Plan) -> list[str]:
    return [f"  {_glyph(answer.passed, answer.overridden)} {answer.guard}: {answer.reason}" for answer in plan.guards]


def _glyph(passed: bool, overridden: bool) -> str:
    return "ok  " if passed else ("over" if overridden else "STOP")
