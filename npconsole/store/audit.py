"""Lines of the audit: added in the transaction of what they tell of, never changed."""

from collections.abc import Mapping, Sequence

from sqlalchemy import insert, select

from npconsole.model.run import AuditLine
from npconsole.store.chain import Head, digest_of
from npconsole.store.plain import name, packed, unpacked
from npconsole.store.tables import audit
from npconsole.store.transaction import Transaction


def record(
    transaction: Transaction, kind: str, *, actor: str, target: str, data: Mapping[str, object] | None = None
) -> AuditLine:
    """Add the next line. Texts are cleaned and bounded; the sequence has no gaps."""
    sequence, previous = transaction.head.sequence + 1, transaction.head.digest
    kind, actor, target, text = name(kind), name(actor), name(target), packed(data)
    wall = transaction.now.wall
    digest = digest_of(previous, transaction.environment, sequence, wall, kind, actor, target, text)
    transaction.connection.execute(
        insert(audit).values(
            environment=transaction.environment,
            sequence=sequence,
            wall=wall,
            kind=kind,
            actor=actor,
            target=target,
            data=text,
            previous=previous,
            digest=digest,
        )
    )
    transaction.head = Head(sequence, digest)
    return AuditLine(sequence, wall, kind, actor, target, unpacked(text), previous, digest)


def lines(transaction: Transaction, after: int, limit: int) -> Sequence[AuditLine]:
    """Lines with a sequence above `after`, in their order."""
    rows = transaction.connection.execute(
        select(audit)
        .where(audit.c.environment == transaction.environment, audit.c.sequence > after)
        .order_by(audit.c.sequence)
        .limit(limit)
    )
    return [
        AuditLine(row.sequence, row.wall, row.kind, row.actor, row.target, unpacked(row.data), row.previous, row.digest)
        for row in rows
    ]


def contains(transaction: Transaction, head: Head) -> bool:
    """Whether the chain has this line with this digest."""
    if head.sequence == 0:
        return True
    found = transaction.connection.execute(
        select(audit.c.digest).where(audit.c.environment == transaction.environment, audit.c.sequence == head.sequence)
    ).scalar()
    return found == head.digest
