"""The course of the built-in load: 20, 50 and 100 % at 1/6, 1/2 and 5/6 of the time, and down at the end."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from npconsole.model.load import Load

_COURSE = ((1 / 6, 0.2), (1 / 2, 0.5), (5 / 6, 1.0), (1.0, 0.0))
MEAN_SHARE = 7 / 15
"""The mean of the course: each stretch by its length, half-way between where it begins and ends."""


def phases(load: Load) -> tuple[tuple[str, float], ...]:
    """(name, seconds) of each stretch."""
    found, begun = [], 0.0
    for end, share in _COURSE:
        peak = f"{_target(load, share)} users" if load.rate is None else f"{load.rate * share:g}/s"
        found.append((f"ramp to {peak}" if share else "ramp down", round((end - begun) * load.duration_s, 3)))
        begun = end
    return tuple(found)


def phase_at(course: tuple[tuple[str, float], ...], elapsed_s: float) -> str:
    """The name of the stretch that is under way."""
    for name, length_s in course:
        if elapsed_s < length_s:
            return name
        elapsed_s -= length_s
    return course[-1][0] if course else ""


def scenario(load: Load, *, grace_s: float) -> Mapping[str, Any]:
    """k6's scenario of it. `grace_s` is how long what is under way at the end is waited for.

    Rates are given per minute, for k6 takes whole numbers only.
    """
    stages = [
        {"duration": f"{round(length_s * 1000)}ms", "target": _target(load, share)}
        for (_, length_s), (_, share) in zip(phases(load), _COURSE, strict=True)
    ]
    grace = f"{round(grace_s * 1000)}ms"
    if load.rate is None:
        return {
            "executor": "ramping-vus",
            "startVUs": 0,
            "stages": stages,
            "gracefulRampDown": grace,
            "gracefulStop": grace,
        }
    return {
        "executor": "ramping-arrival-rate",
        "startRate": 0,
        "timeUnit": "1m",
        "stages": stages,
        "preAllocatedVUs": max(1, min(load.users, ceil(load.rate))),
        "maxVUs": load.users,
        "gracefulStop": grace,
    }


def _target(load: Load, share: float) -> int:
    if share == 0:
        return 0
    return max(1, round(load.users * share if load.rate is None else load.rate * 60 * share))
