"""One transaction of an environment, as the rest of the store sees it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, insert, select, update

from npconsole.store.chain import Head
from npconsole.store.instant import Instant
from npconsole.store.tables import environments


@dataclass(slots=True)
class Transaction:
    """The connection, whose environment, when, and the counters that a writer moves forward and `save`s."""

    connection: Connection
    environment: str
    now: Instant
    identity: Callable[[], str]
    head: Head
    fence: int
    is_new: bool

    def next_fence(self) -> int:
        """A number greater than every fence of this environment before it."""
        self.fence += 1
        return self.fence

    def save(self, before: "Transaction") -> None:
        """Write the counters down when they differ from those at the start."""
        if (self.head, self.fence) != (before.head, before.fence):
            self.connection.execute(
                update(environments)
                .where(environments.c.name == self.environment)
                .values(fence=self.fence, audit_sequence=self.head.sequence, audit_digest=self.head.digest)
            )

    def copy(self) -> "Transaction":
        """The state before the work began."""
        return replace(self)

    def enter(self) -> None:
        """Give a new environment its row."""
        row = {"name": self.environment, "fence": 0, "audit_sequence": 0, "audit_digest": self.head.digest}
        self.connection.execute(insert(environments).values(row))


def opened(connection: Connection, environment: str, now: Instant, identity: Callable[[], str]) -> Transaction:
    """The transaction with its environment's counters; new when there is no row yet."""
    row = connection.execute(select(environments).where(environments.c.name == environment)).first()
    head = Head(row.audit_sequence, row.audit_digest) if row else Head()
    return Transaction(connection, environment, now, identity, head, row.fence if row else 0, row is None)
