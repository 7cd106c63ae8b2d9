"""Who leads the healing: one lease for each environment, with a fence of the same counter as those of runs."""

from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from npconsole.errors import FencedError, UsageError
from npconsole.store import audit
from npconsole.store.plain import name
from npconsole.store.rights import span
from npconsole.store.tables import leaders
from npconsole.store.transaction import Transaction


def lead(transaction: Transaction, owner: str, ttl_s: float) -> int | None:
    """The fence of a leader that stays one, or a new one where nobody leads; None while somebody else does."""
    owner, lasts_s, now = name(owner), span(ttl_s), transaction.now
    if not owner:
        raise UsageError("a leader needs a name of its own")
    row = _in_force(transaction)
    if row is not None and row.owner != owner:
        return None
    fence: int = row.fence if row is not None else transaction.next_fence()
    values = {"owner": owner, "fence": fence, "expires_at": now.at + lasts_s, "epoch": now.epoch}
    known = transaction.connection.execute(
        update(leaders).where(leaders.c.environment == transaction.environment).values(values)
    )
    if known.rowcount == 0:
        transaction.connection.execute(insert(leaders).values(values | {"environment": transaction.environment}))
    if row is None:
        audit.record(transaction, "heal.leader", actor=owner, target=transaction.environment, data={"fence": fence})
    return fence


def resign(transaction: Transaction, fence: int) -> None:
    """Nobody leads now, if this fence did."""
    transaction.connection.execute(
        delete(leaders).where(leaders.c.environment == transaction.environment, leaders.c.fence == fence)
    )


def leader(transaction: Transaction) -> str:
    """Who leads; empty for nobody."""
    row = _in_force(transaction)
    return row.owner if row is not None else ""


def check(transaction: Transaction, fence: int) -> None:
    """Raise FencedError unless this fence leads."""
    row = _in_force(transaction)
    if row is None or row.fence != fence:
        leads = f"{row.owner} does (fence {row.fence})" if row is not None else "its lease has ended"
        raise FencedError(
            f"the healer with fence {fence} does not lead any more: {leads}",
            hint="what it decided is not kept and must not be done; `npconsole heal status` tells who leads",
        )


def _in_force(transaction: Transaction) -> Row[Any] | None:
    row = transaction.connection.execute(
        select(leaders).where(leaders.c.environment == transaction.environment)
    ).first()
    return row if row is not None and transaction.now.left_s(row.expires_at, row.epoch) > 0 else None
