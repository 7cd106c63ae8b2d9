"""Whether the regions that took over are well by their own figures."""

import asyncio
from collections.abc import Sequence

from npconsole.actions.conduct import Conduct
from npconsole.errors import NpconsoleError
from npconsole.model.snapshot import RegionState
from npconsole.model.thresholds import Judging, Thresholds


async def is_steady(conduct: Conduct, regions: Sequence[str]) -> bool:
    """A fresh look at all of them. What cannot be read is not steady."""
    world = conduct.world
    try:
        async with asyncio.timeout(conduct.pace.read_timeout_s):
            snapshot = await world.look()
    except (NpconsoleError, TimeoutError):
        return False
    states = [snapshot.region(each) for each in regions]
    return bool(states) and all(
        state is not None and is_well(state, world.thresholds, world.judging) for state in states
    )


def is_well(state: RegionState, thresholds: Thresholds, judging: Judging) -> bool:
    """Healthy, with p95 and errors within bounds. Too few requests to judge by say nothing against a region."""
    health, vitals = state.health.value, state.vitals.value
    if state.health.error or health is None or not health.healthy or state.vitals.error or vitals is None:
        return False
    if vitals.requests is not None and vitals.requests < judging.min_requests:
        return True
    fast = vitals.p95_ms is not None and vitals.p95_ms <= thresholds.p95_warn_ms
    return fast and (vitals.error_ratio or 0.0) <= thresholds.error_ratio_critical
