"""The port to the memory that survives: runs, leases, audit, presence. `store` fulfils it on SQLite and PostgreSQL.

Every method is one short transaction and blocks; any thread may call it, but none inside another's callback. All raise
`StoreError` when the memory cannot be read or written: then nothing may act. Times named `wall` are epoch seconds.

A write with a lease raises `FencedError` when its fence is no longer the run's. To write what has happened (`mark`,
`advance`, `note`) the fence is enough; to begin something (`intend`, `renew`, `check`) the lease must be in force.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from npconsole.model.run import (
    AuditLine,
    GuardAnswer,
    Lease,
    Presence,
    Run,
    RunEvent,
    RunRequest,
    RunState,
    Step,
    StepState,
    Verdict,
)

T = TypeVar("T")


class Ledger(Protocol):
    """What a guard may ask inside the transaction of the intent."""

    def intents(self, action: str, target: str | None, within_s: float) -> Sequence[float]:
        """Seconds since each intent of an action within the window, latest first; of all targets when None.

        Without the run that asks.
        """
        ...

    def open_runs(self, target: str | None = None) -> Sequence[Run]:
        """Runs past their intent that have not ended, of a target or all, without the one that asks."""
        ...

    def lease_on(self, target: str) -> Lease | None:
        """The lease in force on a target, if any."""
        ...

    def last_run(self, action: str, target: str) -> Run | None:
        """The run of an action on a target that ended last, of those that came to an intent."""
        ...

    def switch(self, name: str) -> str:
        """The reason why a switch is set (`actions.frozen`, `heal.off`), empty when it is not."""
        ...


class Journal(Protocol):
    """The memory that runs live in."""

    def close(self) -> None:
        """Let go of the database."""
        ...

    def request(self, request: RunRequest) -> Run:
        """A new run in REQUESTED, or the earlier one with the same idempotency key.

        Raises UsageError when the key was used for another action or target, or a parameter cannot be kept.
        """
        ...

    def run(self, run_id: str) -> Run | None: ...

    def runs(
        self,
        *,
        target: str = "",
        action: str = "",
        open_only: bool = False,
        since_wall: float | None = None,
        limit: int = 50,
    ) -> Sequence[Run]:
        """Latest first; with `since_wall` those asked for since then."""
        ...

    def events(self, run_id: str, after: int = 0) -> Sequence[RunEvent]:
        """Events of a run with a sequence above `after`, oldest first."""
        ...

    def consult(self, run_id: str, question: Callable[[Ledger], T]) -> T:
        """Ask the ledger in one reading transaction, as the run of that id or as nobody when empty.

        For plans: nothing is written, no lease and no right to write is needed. `question` must only compute.
        """
        ...

    def begin(
        self,
        run_id: str,
        *,
        owner: str,
        targets: Sequence[str],
        ttl_s: float,
        guards: Callable[[Ledger], Sequence[GuardAnswer]],
        deadline_s: float | None,
    ) -> tuple[Run, Lease | None, Sequence[GuardAnswer]]:
        """Guards, lease and INTENT in one transaction.

        When a guard stops, or a target's lease is taken (answered as guard `lease`, naming the holder), the run becomes
        REFUSED and the lease is None. `guards` must only compute. Raises FencedError when the run has been begun by
        somebody else, or has ended.
        """
        ...

    def take_over(self, run_id: str, *, owner: str, ttl_s: float) -> tuple[Run, Lease] | None:
        """Fence off a dead owner of an open run whose lease has expired; None when it lives, or the run has ended."""
        ...

    def renew(self, lease: Lease, ttl_s: float) -> Lease:
        """A lease that lasts `ttl_s` from now. Raises FencedError when it is no longer the one in force."""
        ...

    def check(self, lease: Lease, needs_s: float) -> None:
        """Raise FencedError unless the lease is in force and lasts `needs_s` more: called in the line before each
        send.
        """
        ...

    def steal(self, target: str, *, actor: str, reason: str) -> Lease | None:
        """End somebody else's lease on a target, in the audit; the lease that was ended, None when none is in force.

        Its owner is fenced off. Its run stays open, keeps other runs away, and can be taken over at once.
        """
        ...

    def release(self, lease: Lease) -> None:
        """Give the targets free. No error when it was fenced off already. An open run can be taken over at once."""
        ...

    def intend(self, lease: Lease, *, call: str, undo: str, remote: str) -> Step:
        """A step in INTENT with its undo, on disk before it is sent."""
        ...

    def mark(self, lease: Lease, number: int, state: StepState, *, detail: str = "", remote: str = "") -> None:
        """How far a step came. SENT is written before the call goes out."""
        ...

    def advance(
        self,
        run_id: str,
        state: RunState,
        text: str,
        *,
        lease: Lease | None,
        data: Mapping[str, object] | None = None,
        verdict: Verdict | None = None,
        outcome: str = "",
        result: Mapping[str, object] | None = None,
    ) -> Run:
        """Put a run into a state with an event and an audit line, in one transaction.

        Without a lease only a run that nobody has begun moves. Raises FencedError for a lost lease and an ended run.
        """
        ...

    def note(
        self, run_id: str, text: str, data: Mapping[str, object] | None = None, *, lease: Lease | None = None
    ) -> None:
        """An event without a change of state: progress for those who watch. A runner gives its lease."""
        ...

    def ask_abort(self, run_id: str, *, actor: str, reason: str) -> None:
        """Ask the runner to stop and undo. It sees this in `Run.abort` at its next heartbeat; the first reason stays.

        Raises RefusedError when the run has ended.
        """
        ...

    def beat(self, presence: Presence, *, watching: Sequence[str] = ()) -> None:
        """This console or daemon is there; also the operator's heartbeat of the runs it watches, by their ids."""
        ...

    def leave(self, presence_id: str) -> None: ...

    def present(self, within_s: float) -> Sequence[Presence]:
        """Those seen within the last seconds."""
        ...

    def operator_seen_s(self, run_id: str) -> float | None:
        """Seconds since a console that watches this run was last seen; None when none ever was, infinity when none was
        since the host started.
        """
        ...

    def set_switch(self, name: str, reason: str, *, actor: str) -> None:
        """Set a switch, or clear it with an empty reason; in the audit. Raises UsageError for a mute: see `Mutes`."""
        ...

    def audit(self, kind: str, *, actor: str, target: str, data: Mapping[str, object]) -> AuditLine:
        """Add a line of its own to the chain."""
        ...

    def audit_lines(self, *, after: int = 0, limit: int = 1000) -> Sequence[AuditLine]: ...

    def audit_problem(self) -> str:
        """The first broken line of the chain in words, empty when it is whole. Reads all of it."""
        ...
