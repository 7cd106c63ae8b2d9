"""Whether the audit chain is whole: read from its first line to its last, a page in each transaction.

Pages, because a long look would hold up writers. Lines that are added meanwhile are verified too.
"""

from sqlalchemy import select

from npconsole.store.chain import ORIGIN, Head, digest_of
from npconsole.store.memory import Memory
from npconsole.store.tables import audit
from npconsole.store.transaction import Transaction

_PAGE = 2000


def problem(memory: Memory) -> str:
    """The first broken line in words, or empty. `chain` says what cannot be seen."""
    head, finished, words = Head(), False, ""
    while not (finished or words):
        head, finished, words = memory.read(lambda transaction, head=head: _page(transaction, head))  # type: ignore[misc]  # a lambda's default
    for anchor in memory.anchors:
        words = words or anchor.problem(head, memory.contains)
    return words


def _page(transaction: Transaction, head: Head) -> tuple[Head, bool, str]:
    """Follow the chain from `head`: where it came to, whether that is the end, and what is wrong."""
    rows = transaction.connection.execute(
        select(
            audit.c.sequence,
            audit.c.wall,
            audit.c.kind,
            audit.c.actor,
            audit.c.target,
            audit.c.data,
            audit.c.previous,
            audit.c.digest,
        )
        .where(audit.c.environment == transaction.environment, audit.c.sequence > head.sequence)
        .order_by(audit.c.sequence)
        .limit(_PAGE)
    ).all()
    sequence, digest = head.sequence, head.digest
    for number, wall, kind, actor, target, data, previous, own in rows:
        sequence += 1
        if number != sequence:
            return head, True, f"line {sequence} is missing: the next one is {number}"
        if previous != digest:
            return head, True, f"line {sequence} does not follow the line before it: one of them was changed or moved"
        digest = digest_of(digest, transaction.environment, sequence, wall, kind, actor, target, data)
        if digest != own:
            return head, True, f"line {sequence} was changed: its digest is another"
    reached = Head(sequence, digest)
    return reached, len(rows) < _PAGE, _end(transaction, reached) if len(rows) < _PAGE else ""


def _end(transaction: Transaction, reached: Head) -> str:
    known = transaction.head
    if reached == known or (transaction.is_new and reached == Head(0, ORIGIN)):
        return ""
    if reached.sequence < known.sequence:
        return f"line {reached.sequence + 1} is missing: the chain had {known.sequence} lines"
    return f"line {known.sequence + 1} was added by something else, or line {known.sequence} was changed"
