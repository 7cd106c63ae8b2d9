"""How much time has passed between two checks, when neither clock can be trusted alone.

The wall clock may jump either way; the host's own clock counts through sleep but starts anew with the host, and another
leader's host has another one. So the shorter of what both say counts: no budget is ever given back too early.
"""

_GAP = 3.0
"""A look that comes later than so many intervals was not late: nobody looked in between."""

_EARLY = 0.5
"""One that comes sooner than this part of an interval is not one more look: a new leader, or a clock put back."""


def elapsed_s(before: tuple[float, float] | None, now: float, wall: float) -> float:
    """Seconds since the check at `before` (host clock, wall clock), never negative; 0 for the first check ever."""
    if before is None:
        return 0.0
    return min((delta for delta in (now - before[0], wall - before[1]) if delta >= 0), default=0.0)


def is_gap(since_look_s: float | None, interval_s: float) -> bool:
    """Whether the host slept, or no healer ran."""
    return since_look_s is not None and since_look_s > _GAP * interval_s


def is_early(since_look_s: float | None, interval_s: float) -> bool:
    """Whether it is too soon to look again."""
    return since_look_s is not None and since_look_s < _EARLY * interval_s
