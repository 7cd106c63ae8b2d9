"""What a console gets after its first live picture, which does not need it: the desk, and the keys of its actions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from npconsole.config.keymap import Binding

if TYPE_CHECKING:
    from npconsole.model.desk import Desk
    from npconsole.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Opened:
    """The desk, and the whole key map with what acts."""

    desk: "Desk"
    keymap: Sequence[Binding]


Opening = Callable[[Callable[[Opened | Exception], None]], None]
"""Begins to open the desk and returns at once; what it is given is called once, from any thread, with the desk or why
there is none."""


def is_live(snapshot: "Snapshot") -> bool:
    """Whether every region has been read once: the picture is what a person came for."""
    return bool(snapshot.regions) and all(
        state.vitals.tried_at is not None and state.health.tried_at is not None for state in snapshot.regions
    )
