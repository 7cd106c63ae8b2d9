"""What the memory says before a tick: open runs, mutes, switches, and the audit since the last one."""

from dataclasses import dataclass

from npconsole.actions.guards.ledger import FROZEN
from npconsole.model.heal import HEAL_ACK, HEAL_OFF
from npconsole.model.journal import Ledger
from npconsole.model.mute import Mute
from npconsole.model.run import AuditLine, Run
from npconsole.wiring.memory import Stores
from npconsole.wiring.notifying import lines_since

_DAY_S = 86_400.0
_MOST_RUNS = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """`off`, `frozen` and `acknowledged` are what people said with the switches, empty when they are not set."""

    runs: tuple[Run, ...]
    mutes: tuple[Mute, ...]
    off: str
    frozen: str
    acknowledged: str
    lines: tuple[AuditLine, ...]
    lines_until: int


def read(stores: Stores, *, audit_after: int, wall: float) -> Known:
    """All of it, at `wall` in epoch seconds. Blocks. Raises StoreError."""
    off, frozen, acknowledged = stores.journal.consult("", _switches)
    lines, until = lines_since(stores.journal, audit_after, oldest_wall=wall - _DAY_S)
    return Known(
        runs=tuple(stores.journal.runs(open_only=True, limit=_MOST_RUNS)),
        mutes=tuple(stores.mutes.mutes()),
        off=off,
        frozen=frozen,
        acknowledged=acknowledged,
        lines=lines,
        lines_until=until,
    )


def _switches(ledger: Ledger) -> tuple[str, str, str]:
    return ledger.switch(HEAL_OFF), ledger.switch(FROZEN), ledger.switch(HEAL_ACK)
