"""What the healer's leader leaves for those who watch: a `HealView` as JSON text in the memory of heals."""

import msgspec

from npconsole.model.heal import HealMode, HealView

VIEW = "view"
"""The name of the kept text."""
_UNREADABLE = "what the healer wrote cannot be read here: another version of npconsole leads it"


def heal_view(text: str) -> HealView | None:
    """The view in a kept text; None before the first. One that cannot be read says so, and claims nothing."""
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=HealView)
    except msgspec.MsgspecError:
        return HealView(0.0, 0.0, HealMode.OFF, leader="", problem=_UNREADABLE)
