"""Mutes: switches of a target with an end. What nobody ended early ends by itself."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from npconsole.errors import UsageError
from npconsole.model.mute import MUTE, Mute
from npconsole.net.text import clean
from npconsole.store import audit
from npconsole.store import switches as rows
from npconsole.store.memory import Memory
from npconsole.store.plain import TEXT_LIMIT, name
from npconsole.store.tables import switches
from npconsole.store.transaction import Transaction

LONGEST_S = 30 * 86400.0


class StoredMutes:
    """Fulfils `npconsole.model.mute.Mutes`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def mute(self, target: str, *, for_s: float, reason: str, actor: str) -> Mute:
        target, reason, actor = name(target), clean(reason, limit=TEXT_LIMIT).strip(), name(actor)
        if not 0 < for_s <= LONGEST_S:
            raise UsageError(f"a mute lasts more than 0 s and at most 30 days, not {for_s:.0f} s")
        if not target or not reason:
            raise UsageError("a mute needs a target and a reason", hint="say why: others will read it")
        return self._memory.write(
            lambda transaction: _mute(transaction, target, for_s=float(for_s), reason=reason, actor=actor), outcome=True
        )

    def unmute(self, target: str, *, actor: str) -> None:
        self._memory.write(lambda transaction: _unmute(transaction, name(target), actor=actor), outcome=True)

    def mutes(self) -> Sequence[Mute]:
        return self._memory.read(_in_force)


def _mute(transaction: Transaction, target: str, *, for_s: float, reason: str, actor: str) -> Mute:
    _forget_ended(transaction)
    rows.drop(transaction, name(MUTE + target))
    rows.keep(transaction, name(MUTE + target), reason, actor=actor, for_s=for_s)
    now = transaction.now
    found = Mute(target, now.wall + for_s, reason, actor, now.wall)
    data = {"reason": reason, "for_s": for_s, "until_wall": found.until_wall}
    audit.record(transaction, "mute.set", actor=actor, target=target, data=data)
    return found


def _unmute(transaction: Transaction, target: str, *, actor: str) -> None:
    why = rows.reason(transaction, MUTE + target)
    if why:
        rows.drop(transaction, name(MUTE + target))
        audit.record(transaction, "mute.cleared", actor=actor, target=target, data={"reason": why})


def _in_force(transaction: Transaction) -> Sequence[Mute]:
    found = [
        Mute(row.name.removeprefix(MUTE), row.until_wall, row.reason, row.actor, row.set_wall)
        for row in _with_an_end(transaction)
        if rows.in_force(transaction.now, row)
    ]
    return sorted(found, key=lambda mute: (mute.until_wall, mute.target))


def _forget_ended(transaction: Transaction) -> None:
    for row in _with_an_end(transaction):
        if not rows.in_force(transaction.now, row):
            rows.drop(transaction, row.name)


def _with_an_end(transaction: Transaction) -> Sequence[Row[Any]]:
    return transaction.connection.execute(
        select(switches).where(switches.c.environment == transaction.environment, switches.c.until_wall.is_not(None))
    ).all()
