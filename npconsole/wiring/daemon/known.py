"""Whether an estate that was just begun to be watched is known well enough to judge it once."""

import asyncio
from collections.abc import Callable

from npconsole.model.snapshot import Snapshot

_LOOK_S = 0.25


def is_known(snapshot: Snapshot, *, enough: float, window_s: float) -> bool:
    """Whether waiting longer would tell more of a region: what does not answer, or has no traffic, is known as such.

    Figures that rest on `enough` requests, or on a whole window, are as good as they get.
    """
    for state in snapshot.regions:
        if state.health.tried_at is None or state.vitals.tried_at is None:
            return False
        vitals = state.vitals.value
        if vitals is None or state.vitals.error:
            continue
        if vitals.window_s is None:
            return False
        if vitals.window_s < window_s and (vitals.requests or 0.0) < enough:
            return False
    return True


async def until_known(look: Callable[[], Snapshot], *, enough: float, window_s: float, within_s: float) -> None:
    """Wait for that, for at most `within_s` seconds."""
    try:
        async with asyncio.timeout(within_s):
            while not is_known(look(), enough=enough, window_s=window_s):  # noqa: ASYNC110 - the engine is a thread
                await asyncio.sleep(_LOOK_S)
    except TimeoutError:
        return
