"""The outbox on a database: each method is one transaction.

What became of a notice may use the reserve of a full disk: whoever cannot write it down tells it again.
"""

from collections.abc import Sequence

from npconsole.model.notice import Notice, Posting
from npconsole.store import postings, retention, threads
from npconsole.store.memory import Memory
from npconsole.store.plain import within


class StoredOutbox:
    """Fulfils `npconsole.model.notice.Outbox`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def put(self, notices: Sequence[Notice]) -> None:
        rows = postings.rows_of(notices)
        self._memory.write(lambda transaction: postings.put(transaction, rows))

    def claim(self, channel: str, *, owner: str, for_s: float, limit: int) -> Sequence[Posting]:
        return self._memory.write(
            lambda transaction: postings.claim(transaction, channel, owner=owner, for_s=for_s, limit=limit)
        )

    def delivered(self, notice_id: str, *, reference: str = "", detail: str = "") -> None:
        self._memory.write(
            lambda transaction: postings.deliver(transaction, notice_id, reference=reference, detail=detail),
            outcome=True,
        )

    def postpone(self, notice_id: str, *, after_s: float, detail: str) -> None:
        self._memory.write(
            lambda transaction: postings.postpone(transaction, notice_id, after_s=after_s, detail=detail), outcome=True
        )

    def give_up(self, notice_id: str, *, detail: str) -> None:
        self._memory.write(lambda transaction: postings.give_up(transaction, notice_id, detail=detail), outcome=True)

    def reference(self, channel: str, key: str) -> str:
        return self._memory.read(lambda transaction: threads.reference(transaction, channel, key))

    def postings(self, *, limit: int = 50, pending_only: bool = False) -> Sequence[Posting]:
        return self._memory.read(
            lambda transaction: postings.latest(transaction, limit=within(limit), pending_only=pending_only)
        )

    def counts(self) -> dict[tuple[str, str], int]:
        return self._memory.read(retention.counts)
