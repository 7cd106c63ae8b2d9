"""A load and its figures in sentences. Pure."""

from pathlib import PurePath

from npconsole.model import quantity
from npconsole.model.load import Load, LoadFigures, LoadPlan


def figures_words(figures: LoadFigures) -> str:
    """`peak, 20 users: 215 requests in 12 s of 60 s, 18/s, p95 112 ms, errors 0 %`."""
    planned = f" of {quantity.duration(figures.planned_s)}" if figures.planned_s else ""
    users = f"{figures.users} users" if figures.users is not None else ""
    head = ", ".join(each for each in (figures.phase, users) if each)
    kinds = ", ".join(f"{count} {kind}" for kind, count in figures.errors[:3])
    return (
        f"{f'{head}: ' if head else ''}{quantity.count(figures.requests)} requests in "
        f"{quantity.duration(figures.elapsed_s)}{planned}, {quantity.rate(figures.request_rate)}, "
        f"p95 {quantity.latency(figures.p95_ms)}, errors {quantity.percent(figures.error_ratio)}"
        + (f" ({kinds})" if kinds else "")
    )


def load_words(load: Load) -> str:
    """`up to 20 users for 10 s`, `50/s for 1 min by up to 100 users`, `script checkout.js`, whose load is its own."""
    if load.script:
        return f"script {PurePath(load.script).name}"
    lasting = f"for {quantity.duration(load.duration_s)}"
    if load.rate is None:
        return f"up to {load.users} users {lasting}"
    return f"{quantity.rate(load.rate)} {lasting} by up to {load.users} users"


def phases_words(plan: LoadPlan) -> str:
    """`phases: ramp to 4 2 s, peak 20 5 s`; empty without any."""
    phases = ", ".join(f"{name} {quantity.duration(seconds)}" for name, seconds in plan.phases)
    return f"phases: {phases}" if phases else ""
