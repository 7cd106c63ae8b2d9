"""A database to test against, of either kind, with a clock that the test moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from npconsole.model.action import AccessRole
from npconsole.model.journal import Ledger
from npconsole.model.run import Actor, GuardAnswer, Lease, Run, RunRequest
from npconsole.store.instant import HostTime
from npconsole.store.journal import StoredJournal
from npconsole.store.opening import open_journal
from npconsole.wiring.memory import Stores, stores_over

ALICE = Actor("alice", AccessRole.OPERATOR, "cli", {"tty": "pts/3"})


@dataclass(slots=True)
class Hands:
    """A clock that stands still until it is moved."""

    at: float = 1000.0
    epoch_s: float = 1_800_000_000.0

    def now(self) -> float:
        return self.at

    def wall(self) -> float:
        return self.epoch_s + self.at


@dataclass(slots=True)
class Bench:
    """Where the database is, and what journals over it go by."""

    location: str
    folder: Path
    clock: Hands = field(default_factory=Hands)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    opened: list[StoredJournal] = field(default_factory=list)

    @property
    def is_server(self) -> bool:
        return self.location.startswith("postgresql")

    def open(
        self,
        *,
        boot: str = "boot-1",
        environment: str = "prod",
        thorough: bool = False,
        busy_timeout_s: float = 0.3,
    ) -> StoredJournal:
        """Another journal over the same database, by the bench's clock."""
        journal = open_journal(
            self.location,
            clock=self.clock,
            environment=environment,
            host="bench",
            thorough=thorough,
            folder=self.folder if self.is_server else None,
            syslog=False,
            time=HostTime(self.clock, boot),
            identity=lambda: f"run-{next(self.numbers)}",
            busy_timeout_s=busy_timeout_s,
        )
        self.opened.append(journal)
        return journal

    def stores(self, *, boot: str = "boot-1", environment: str = "prod", busy_timeout_s: float = 0.3) -> Stores:
        """Another journal, with what lies beside it."""
        return stores_over(self.open(boot=boot, environment=environment, busy_timeout_s=busy_timeout_s))

    def close(self) -> None:
        """Close all that were opened."""
        for journal in self.opened:
            journal.close()

    def edit(self, *statements: str) -> None:
        """Somebody changes the database by hand."""
        self.by_hand(lambda connection: [connection.execute(text(statement)) for statement in statements])

    def by_hand(self, work: Callable[[Connection], object]) -> None:
        """The same with a function."""
        url = self.location if self.is_server else f"sqlite:///{self.location}"
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        try:
            with engine.begin() as connection:
                if self.is_server:
                    connection.execute(text("SET LOCAL search_path = npconsole"))
                work(connection)
        finally:
            engine.dispose()

    def unguard_audit(self) -> None:
        """What somebody does first who wants to change the audit."""
        if self.is_server:
            self.edit("ALTER TABLE audit DISABLE TRIGGER USER")
        else:
            self.edit("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete")


def wanted(action: str = "restart", target: str = "us-east", *, key: str = "", reason: str = "slow") -> RunRequest:
    """A request of alice."""
    return RunRequest(action, target, ALICE, {"wait": ("yes",)}, reason=reason, confirmed=True, idempotency_key=key)


def passing(_: Ledger) -> Sequence[GuardAnswer]:
    """Guards that let everything through."""
    return (GuardAnswer("role", passed=True, reason="alice is an operator"),)


def begun(
    journal: StoredJournal,
    *targets: str,
    owner: str = "runner-1",
    ttl_s: float = 60,
    deadline_s: float | None = None,
    action: str = "restart",
) -> tuple[Run, Lease]:
    """A run past its intent, with its lease."""
    names = targets or ("us-east",)
    asked = journal.request(wanted(action, names[0]))
    run, lease, answers = journal.begin(
        asked.id, owner=owner, targets=names, ttl_s=ttl_s, guards=passing, deadline_s=deadline_s
    )
    assert lease is not None, answers
    return run, lease
