"""Switches that everybody obeys, such as `actions.frozen` and `heal.off`: a reason while set, nothing otherwise.

A switch with an end goes by the store's clock. Across a restart of the host, when that clock begins anew, it goes by
wall time; a wall clock that stands before its beginning is wrong, and ends it: better healed and told than silent.
"""

from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select

from npconsole.errors import UsageError
from npconsole.model.mute import MUTE
from npconsole.net.text import clean
from npconsole.store import audit
from npconsole.store.instant import Instant
from npconsole.store.plain import TEXT_LIMIT, name
from npconsole.store.tables import switches
from npconsole.store.transaction import Transaction


def reason(transaction: Transaction, switch: str) -> str:
    """Why it is set; empty when it is not, or has ended."""
    row = transaction.connection.execute(select(switches).where(_key(transaction, name(switch)))).first()
    return row.reason if row is not None and in_force(transaction.now, row) else ""


def in_force(now: Instant, row: Row[Any]) -> bool:
    """Whether a row's switch has not ended."""
    if row.until_wall is None:
        return True
    if row.epoch == now.epoch:
        return now.left_s(row.expires_at, row.epoch) > 0
    return bool(row.set_wall <= now.wall < row.until_wall)


def put(transaction: Transaction, switch: str, why: str, *, actor: str) -> None:
    """Set it for a reason, or clear it with an empty one. Raises UsageError for a mute, which needs an end."""
    switch, why = name(switch), clean(why, limit=TEXT_LIMIT).strip()
    if switch.startswith(MUTE):
        raise UsageError(f"{switch} is a mute, and a mute has an end", hint="mute the target for a time instead")
    drop(transaction, switch)
    if why:
        keep(transaction, switch, why, actor=actor)
    kind = "switch.set" if why else "switch.cleared"
    audit.record(transaction, kind, actor=actor, target=switch, data={"reason": why})


def keep(transaction: Transaction, switch: str, why: str, *, actor: str, for_s: float | None = None) -> None:
    """The row of a switch that has none, with an end or without. Says nothing in the audit."""
    now = transaction.now
    row: dict[str, object] = {"environment": transaction.environment, "name": switch, "reason": why}
    row |= {"actor": name(actor), "set_wall": now.wall}
    if for_s is not None:
        row |= {"expires_at": now.at + for_s, "epoch": now.epoch, "until_wall": now.wall + for_s}
    transaction.connection.execute(insert(switches).values(row))


def drop(transaction: Transaction, switch: str) -> None:
    """Remove its row. Says nothing in the audit."""
    transaction.connection.execute(delete(switches).where(_key(transaction, switch)))


def _key(transaction: Transaction, switch: str) -> ColumnElement[bool]:
    return (switches.c.environment == transaction.environment) & (switches.c.name == switch)
