"""The healer in a few words, for the status line. Pure."""

from npconsole.model import quantity
from npconsole.model.heal import HealMode, HealView

DEAD_AFTER = 3.0
"""Intervals without a check, after which nobody leads."""
NEVER_RAN = "no healer has run here: `npconsole heal run` starts one"


def is_dead(view: HealView, wall: float) -> bool:
    """Whether the leader has not checked for so long that nothing heals any more."""
    return wall - view.checked_wall > DEAD_AFTER * view.interval_s


def told_healer(view: HealView | None, wall: float) -> tuple[str, str]:
    """(words, role): what stands in the way of healing first, else its mode; nothing where none ever ran."""
    if view is None:
        return "", ""
    if view.problem:
        return f"heal: {view.problem}", "unknown"
    if view.off:
        return f"heal OFF: {view.off}", "degraded"
    if is_dead(view, wall):
        return f"heal is DEAD: no check for {quantity.duration(wall - view.checked_wall)}, nothing heals", "down"
    if view.latched:
        return f"heal LATCHED: {view.latched}", "down"
    words = f"heal {view.mode.value}"
    if view.mode is HealMode.OFF:
        words += " (heal.mode)"
    closed = sum(brake.closed for brake in view.brakes)
    if closed:
        words += f", {closed} brake{'s' if closed > 1 else ''} closed"
    if view.undelivered:
        return f"{words}; not delivered: {', '.join(view.undelivered)}", "degraded"
    return words, "text_muted"
