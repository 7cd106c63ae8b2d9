"""What channels call the messages in which open incidents are told, from their TRIGGER until their RESOLVE."""

from sqlalchemy import ColumnElement, delete, insert, select

from npconsole.model.notice import NoticeKind
from npconsole.net.text import clean
from npconsole.store.plain import TEXT_LIMIT, name
from npconsole.store.tables import threads
from npconsole.store.transaction import Transaction


def reference(transaction: Transaction, channel: str, key: str) -> str:
    """What the channel calls the message that began the open incident of a key; empty when there is none."""
    found = transaction.connection.execute(
        select(threads.c.reference).where(_key(transaction, name(channel), clean(key, limit=TEXT_LIMIT)))
    ).scalar()
    return found or ""


def follow(transaction: Transaction, channel: str, key: str, kind: NoticeKind, reference: str) -> None:
    """A notice was delivered: one that begins an incident opens its thread, one that ends it closes it."""
    if kind in (NoticeKind.TRIGGER, NoticeKind.RESOLVE):
        end(transaction, channel, key)
    if kind is NoticeKind.TRIGGER and reference:
        row = {"environment": transaction.environment, "channel": channel, "key": key, "reference": reference}
        transaction.connection.execute(insert(threads).values(row))


def end(transaction: Transaction, channel: str, key: str) -> None:
    """The incident is over for this channel."""
    transaction.connection.execute(delete(threads).where(_key(transaction, channel, key)))


def _key(transaction: Transaction, channel: str, key: str) -> ColumnElement[bool]:
    ours = (threads.c.environment == transaction.environment) & (threads.c.channel == channel)
    return ours & (threads.c.key == key)
