"""The healer as people see it: what its leader wrote down, and whether there is a leader who still does."""

from dataclasses import dataclass

import msgspec

from npconsole.model import quantity
from npconsole.model.heal import HealMemory, HealView

VIEW = "view"
"""The name under which the leader keeps its view."""

DEAD_AFTER = 3.0
"""Intervals without a check after which nobody heals."""


@dataclass(frozen=True, slots=True)
class Overview:
    """`view` is None where no daemon ever ran. `silence` says that nothing heals now and since when, empty when a
    leader lives.
    """

    view: HealView | None
    leader: str = ""
    silence: str = ""


def encode_view(view: HealView) -> str:
    """As text for the memory."""
    return msgspec.json.encode(view).decode()


def decode_view(text: str) -> HealView | None:
    """From the memory; None for nothing, and for what another version wrote."""
    try:
        return msgspec.json.decode(text, type=HealView) if text else None
    except msgspec.DecodeError:
        return None


def overview(memory: HealMemory, wall: float) -> Overview:
    """The healer at `wall`, epoch seconds. Raises StoreError."""
    view, leader = decode_view(memory.state(VIEW)), memory.leader()
    return Overview(view, leader, silence(view, leader, wall))


def silence(view: HealView | None, leader: str, wall: float) -> str:
    """Why nothing heals now; empty when a leader has checked lately."""
    if view is None:
        return "" if leader else "no daemon has ever run here: nothing heals (npconsole heal run)"
    age_s = max(0.0, wall - view.checked_wall)
    if leader and age_s <= DEAD_AFTER * view.interval_s:
        return ""
    ago = quantity.duration(age_s)
    return f"last check {ago} ago by {view.leader or 'nobody'}: nothing heals now (npconsole heal run)"
