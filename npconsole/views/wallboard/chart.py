"""The course of a figure as columns of eighths of a cell, for a few rows of a tile. Pure."""

from collections.abc import Sequence

from npconsole.model.vitals import Sample

_EIGHTHS = " ▁▂▃▄▅▆▇█"
HOLD_S = 90.0
"""A sample stands for the time after it until the next one, but not for longer than this: then it is a gap."""


def columns(samples: Sequence[Sample], start_wall: float, end_wall: float, width: int) -> list[float | None]:
    """The largest p95 in ms of each of `width` equal stretches of time; None where nothing was measured."""
    step_s = (end_wall - start_wall) / width
    values: list[float | None] = [None] * width
    for sample in samples:
        if sample.p95_ms is None:
            continue
        first = int((sample.wall - start_wall) / step_s)
        if 0 <= first < width:
            values[first] = max(sample.p95_ms, values[first] or 0.0)
    held, held_at = None, -width
    for index, value in enumerate(values):
        if value is not None:
            held, held_at = value, index
        elif held is not None and (index - held_at) * step_s <= HOLD_S:
            values[index] = held
    return values


def bars(values: Sequence[float | None], height: int, top: float) -> list[str]:
    """The values as `height` rows of characters, uppermost first. `top` fills all of them; a gap is blank."""
    filled = [0 if value is None else max(1, round(min(1.0, value / top) * height * 8)) for value in values]
    return [
        "".join(_EIGHTHS[min(8, max(0, eighths - 8 * below))] for eighths in filled)
        for below in range(height - 1, -1, -1)
    ]
