"""Postings that were told or given up are removed in time; how many they were is kept.

At most `KEPT` of them stay, and none older than `KEPT_S`. What is pending is never removed.
"""

from collections import Counter

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from npconsole.store.tables import forgotten, postings
from npconsole.store.transaction import Transaction

KEPT = 10_000
KEPT_S = 30 * 86400.0


def forget_postings(transaction: Transaction) -> None:
    """Remove those that are too old or too many, and count them."""
    old = _old(transaction)
    for channel, state, count in _counted(transaction, old):
        _add(transaction, channel, state, count)
    transaction.connection.execute(delete(postings).where(old))


def counts(transaction: Transaction) -> dict[tuple[str, str], int]:
    """How many there are or were, by (channel, state)."""
    found: Counter[tuple[str, str]] = Counter()
    for channel, state, count in _counted(transaction, postings.c.environment == transaction.environment):
        found[channel, state] += count
    gone = select(forgotten).where(forgotten.c.environment == transaction.environment)
    for row in transaction.connection.execute(gone):
        found[row.channel, row.state] += row.postings
    return dict(found)


def _old(transaction: Transaction) -> ColumnElement[bool]:
    own, ended = postings.c.environment == transaction.environment, postings.c.ended_wall
    first_gone = transaction.connection.execute(
        select(ended).where(own, ended.is_not(None)).order_by(ended.desc()).offset(KEPT).limit(1)
    ).scalar()
    is_old = [ended < transaction.now.wall - KEPT_S]
    is_old += [ended <= first_gone] if first_gone is not None else []
    return own & or_(*is_old)


def _counted(transaction: Transaction, which: ColumnElement[bool]) -> list[tuple[str, str, int]]:
    channel, state = postings.c.channel, postings.c.state
    rows = transaction.connection.execute(select(channel, state, func.count()).where(which).group_by(channel, state))
    return [(row[0], row[1], row[2]) for row in rows]


def _add(transaction: Transaction, channel: str, state: str, count: int) -> None:
    key = (forgotten.c.environment == transaction.environment) & (forgotten.c.channel == channel)
    more = update(forgotten).where(key & (forgotten.c.state == state)).values(postings=forgotten.c.postings + count)
    if transaction.connection.execute(more).rowcount == 0:
        row = {"environment": transaction.environment, "channel": channel, "state": state, "postings": count}
        transaction.connection.execute(insert(forgotten).values(row))
