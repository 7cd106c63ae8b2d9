"""Switches that everybody obeys, such as `actions.frozen` and `heal.off`: a reason while set, nothing otherwise."""

from sqlalchemy import ColumnElement, delete, insert, select

from npconsole.net.text import clean
from npconsole.store import audit
from npconsole.store.plain import TEXT_LIMIT, name
from npconsole.store.tables import switches
from npconsole.store.transaction import Transaction


def reason(transaction: Transaction, switch: str) -> str:
    """Why it is set; empty when it is not."""
    found = transaction.connection.execute(select(switches.c.reason).where(_key(transaction, name(switch)))).scalar()
    return found or ""


def put(transaction: Transaction, switch: str, why: str, *, actor: str) -> None:
    """Set it for a reason, or clear it with an empty one."""
    switch, why, actor = name(switch), clean(why, limit=TEXT_LIMIT).strip(), name(actor)
    transaction.connection.execute(delete(switches).where(_key(transaction, switch)))
    if why:
        row = {"environment": transaction.environment, "name": switch, "reason": why, "actor": actor}
        transaction.connection.execute(insert(switches).values(**row, set_wall=transaction.now.wall))
    kind = "switch.set" if why else "switch.cleared"
    audit.record(transaction, kind, actor=actor, target=switch, data={"reason": why})


def _key(transaction: Transaction, switch: str) -> ColumnElement[bool]:
    return (switches.c.environment == transaction.environment) & (switches.c.name == switch)
