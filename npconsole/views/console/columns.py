"""Which columns of a table fit: the most important stay, one takes what is left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from npconsole.views.console.line import Align

GAP = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column of `width` cells. Lower `rank` stays longer. One that can `grow` takes spare room up to that width."""

    id: str
    title: str
    width: int
    rank: int
    align: Align = "left"
    grow: int = 0


def fitting(columns: Sequence[Column], width: int) -> tuple[Column, ...]:
    """The columns that fit into `width` cells with gaps between them, in their order, the growing ones widened."""
    kept: list[Column] = []
    room = width
    for column in sorted(columns, key=lambda column: column.rank):
        need = column.width + (GAP if kept else 0)
        if need <= room:
            kept.append(column)
            room -= need
    wide = []
    for column in sorted(kept, key=lambda column: column.rank):
        extra = min(room, max(0, column.grow - column.width))
        room -= extra
        wide.append(replace(column, width=column.width + extra))
    order = {column.id: place for place, column in enumerate(columns)}
    return tuple(sorted(wide, key=lambda column: order[column.id]))
