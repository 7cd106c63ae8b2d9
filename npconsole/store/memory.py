"""The memory of one environment: transactions with its time, its counters and its audit head.

Every write ends with the head kept outside the database, after the commit: a kept head is never ahead of the truth.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection

from npconsole.store import audit
from npconsole.store.anchor import Anchor
from npconsole.store.chain import Head
from npconsole.store.database import Answer, Database
from npconsole.store.instant import StoreTime
from npconsole.store.transaction import Transaction, opened


class Memory:
    """Reads and writes of one environment. `genesis` is what the chain's first line says."""

    def __init__(
        self,
        database: Database,
        *,
        environment: str,
        time: StoreTime,
        identity: Callable[[], str],
        anchors: Sequence[Anchor],
        genesis: Mapping[str, object],
    ) -> None:
        self.database = database
        self.environment = environment
        self.anchors = tuple(anchors)
        self._time = time
        self._identity = identity
        self._genesis = genesis

    def read(self, work: Callable[[Transaction], Answer]) -> Answer:
        """One consistent look."""
        return self.database.read(lambda connection: work(self._opened(connection)))

    def write(self, work: Callable[[Transaction], Answer], *, outcome: bool = False) -> Answer:
        """All or nothing. `outcome`: it records what has already happened, so it may use the reserve."""

        def whole(connection: Connection) -> tuple[Answer, Head, Head]:
            transaction = self._opened(connection)
            before = transaction.copy()
            if transaction.is_new:
                self._begin_chain(transaction)
            answer = work(transaction)
            transaction.save(before)
            return answer, before.head, transaction.head

        answer, before, head = self.database.write(self.environment, whole, outcome=outcome)
        if head != before:
            for anchor in self.anchors:
                anchor.keep(head, before, self.contains)
        return answer

    def contains(self, head: Head) -> bool:
        """Whether the chain has this line with this digest."""
        return self.read(lambda transaction: audit.contains(transaction, head))

    def _opened(self, connection: Connection) -> Transaction:
        return opened(connection, self.environment, self._time.read(connection), self._identity)

    def _begin_chain(self, transaction: Transaction) -> None:
        for anchor in self.anchors:
            anchor.prepare()
        transaction.enter()
        audit.record(transaction, "genesis", actor="npconsole", target=self.environment, data=self._genesis)
