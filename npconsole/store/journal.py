"""The journal on a database: each method is one transaction over the rooms beside this file.

What records an outcome may use the reserve of a full disk; what begins something new may not.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from npconsole.errors import FencedError, RefusedError, UsageError
from npconsole.model.journal import Ledger
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
from npconsole.net.text import clean
from npconsole.store import audit, people, progress, rights, runs, switches, verification
from npconsole.store.database import Answer
from npconsole.store.ledger import StoredLedger
from npconsole.store.memory import Memory
from npconsole.store.plain import MOST_ROWS, TEXT_LIMIT, name, within
from npconsole.store.tables import runs as table
from npconsole.store.transaction import Transaction


class StoredJournal:
    """Fulfils `npconsole.model.journal.Journal`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    @property
    def memory(self) -> Memory:
        """What the journal is written in, for those who keep other things there."""
        return self._memory

    @property
    def place(self) -> str:
        """Where the memory is, without a password."""
        return self._memory.database.place

    def close(self) -> None:
        self._memory.database.close()

    def request(self, request: RunRequest) -> Run:
        self._memory.database.prepare()
        return self._memory.write(lambda transaction: runs.ask(transaction, request))

    def run(self, run_id: str) -> Run | None:
        return self._memory.read(lambda transaction: runs.find(transaction, run_id))

    def runs(
        self,
        *,
        target: str = "",
        action: str = "",
        open_only: bool = False,
        since_wall: float | None = None,
        limit: int = 50,
    ) -> Sequence[Run]:
        conditions = [table.c.action == name(action)] if action else []
        conditions += [runs.IS_OPEN] if open_only else []
        conditions += [table.c.created_wall >= since_wall] if since_wall is not None else []
        return self._memory.read(
            lambda transaction: runs.select_runs(
                transaction, *conditions, target=target, few=open_only, limit=within(limit)
            )
        )

    def events(self, run_id: str, after: int = 0) -> Sequence[RunEvent]:
        return self._memory.read(
            lambda transaction: progress.since(transaction, run_id, within(after, 0, 2**62), MOST_ROWS)
        )

    def consult(self, run_id: str, question: Callable[[Ledger], Answer]) -> Answer:
        return self._memory.read(lambda transaction: question(StoredLedger(transaction, run_id)))

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
        names = tuple(sorted(set(map(name, targets)) - {""}))
        if not names or (deadline_s is not None and not 0 < deadline_s < math.inf):
            raise UsageError("a run needs a target, and a deadline in the future or none")
        rights.span(ttl_s)

        def work(transaction: Transaction) -> tuple[Run, Lease | None, Sequence[GuardAnswer]]:
            run = _unbegun(runs.get(transaction, run_id))
            answers = (*guards(StoredLedger(transaction, run.id)), rights.obstacle(transaction, run.id, names))
            if any(answer.stops for answer in answers):
                return _refuse(transaction, run, answers), None, answers
            lease = rights.take(transaction, run, owner=owner, targets=names, ttl_s=ttl_s)
            return _commit_to(transaction, run, lease, deadline_s, answers), lease, answers

        self._memory.database.prepare()
        return self._memory.write(work)

    def take_over(self, run_id: str, *, owner: str, ttl_s: float) -> tuple[Run, Lease] | None:
        def work(transaction: Transaction) -> tuple[Run, Lease] | None:
            run = runs.get(transaction, run_id)
            if run.state.is_final or not run.fence or rights.lives(transaction, run.id):
                return None
            targets = rights.targets_of(transaction, run.id)
            lease = rights.take(transaction, run, owner=owner, targets=targets, ttl_s=ttl_s)
            runs.change(transaction, run.id, {"fence": lease.fence})
            run = runs.get(transaction, run.id)
            runs.told(transaction, run, f"{lease.owner} takes over: its owner is gone", {"owner": lease.owner})
            return run, lease

        return self._memory.write(work, outcome=True)

    def renew(self, lease: Lease, ttl_s: float) -> Lease:
        return self._memory.write(lambda transaction: rights.prolong(transaction, lease, ttl_s), outcome=True)

    def check(self, lease: Lease, needs_s: float) -> None:
        self._memory.read(lambda transaction: rights.valid(transaction, lease, needs_s))

    def steal(self, target: str, *, actor: str, reason: str) -> Lease | None:
        return self._memory.write(lambda transaction: rights.steal(transaction, target, actor=actor, reason=reason))

    def release(self, lease: Lease) -> None:
        self._memory.write(lambda transaction: rights.free(transaction, lease), outcome=True)

    def intend(self, lease: Lease, *, call: str, undo: str, remote: str) -> Step:
        def work(transaction: Transaction) -> Step:
            run = rights.valid(transaction, lease)
            return progress.intend(transaction, run, call=call, undo=undo, remote=remote)

        return self._memory.write(work, outcome=True)

    def mark(self, lease: Lease, number: int, state: StepState, *, detail: str = "", remote: str = "") -> None:
        def work(transaction: Transaction) -> None:
            progress.mark(transaction, runs.fenced(transaction, lease), number, state, detail=detail, remote=remote)

        self._memory.write(work, outcome=True)

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
        def work(transaction: Transaction) -> Run:
            run = _held(transaction, run_id, lease) if lease else _unbegun(runs.get(transaction, run_id))
            return runs.advance(
                transaction, run, state, text, data=data, verdict=verdict, outcome=outcome, result=result
            )

        return self._memory.write(work, outcome=lease is not None)

    def note(
        self, run_id: str, text: str, data: Mapping[str, object] | None = None, *, lease: Lease | None = None
    ) -> None:
        def work(transaction: Transaction) -> None:
            run = _held(transaction, run_id, lease) if lease else runs.get(transaction, run_id)
            progress.add(transaction, run.id, run.state, text, data)

        self._memory.write(work, outcome=lease is not None)

    def ask_abort(self, run_id: str, *, actor: str, reason: str) -> None:
        def work(transaction: Transaction) -> None:
            run = runs.get(transaction, run_id)
            if run.state.is_final:
                raise RefusedError(f"run {run.id} has ended already: {run.state}")
            words = clean(f"{name(actor)}: {reason}" if reason else name(actor), limit=TEXT_LIMIT)
            if not run.abort:
                runs.change(transaction, run.id, {"abort": words})
            progress.add(transaction, run.id, run.state, f"asked to stop by {words}")
            data = {"run": run.id, "reason": reason}
            audit.record(transaction, "run.abort", actor=actor, target=run.request.target, data=data)

        self._memory.write(work, outcome=True)

    def beat(self, presence: Presence, *, watching: Sequence[str] = ()) -> None:
        self._memory.write(lambda transaction: people.beat(transaction, presence, watching))

    def leave(self, presence_id: str) -> None:
        self._memory.write(lambda transaction: people.leave(transaction, presence_id))

    def present(self, within_s: float) -> Sequence[Presence]:
        return self._memory.read(lambda transaction: people.present(transaction, within_s))

    def operator_seen_s(self, run_id: str) -> float | None:
        return self._memory.read(lambda transaction: people.watched_s(transaction, run_id))

    def set_switch(self, name: str, reason: str, *, actor: str) -> None:
        self._memory.write(lambda transaction: switches.put(transaction, name, reason, actor=actor), outcome=True)

    def audit(self, kind: str, *, actor: str, target: str, data: Mapping[str, object]) -> AuditLine:
        return self._memory.write(
            lambda transaction: audit.record(transaction, kind, actor=actor, target=target, data=data)
        )

    def audit_lines(self, *, after: int = 0, limit: int = 1000) -> Sequence[AuditLine]:
        return self._memory.read(lambda transaction: audit.lines(transaction, within(after, 0, 2**62), within(limit)))

    def audit_problem(self) -> str:
        return verification.problem(self._memory)


def _held(transaction: Transaction, run_id: str, lease: Lease) -> Run:
    if name(run_id) != lease.run_id:
        raise UsageError(f"a lease of run {lease.run_id} does not move run {name(run_id)}")
    return runs.fenced(transaction, lease)


def _unbegun(run: Run) -> Run:
    if run.state.is_final:
        raise FencedError(f"run {run.id} has ended already: {run.state}")
    if run.fence:
        raise FencedError(
            f"run {run.id} is being carried out already (fence {run.fence})", hint="watch it, or `npconsole recover`"
        )
    return run


def _refuse(transaction: Transaction, run: Run, answers: Sequence[GuardAnswer]) -> Run:
    words = "; ".join(answer.reason for answer in answers if answer.stops)
    data = {"guards": [asdict(answer) for answer in answers]}
    return runs.advance(transaction, run, RunState.REFUSED, f"refused: {words}", data=data, outcome=words)


def _commit_to(
    transaction: Transaction, run: Run, lease: Lease, deadline_s: float | None, answers: Sequence[GuardAnswer]
) -> Run:
    now = transaction.now
    values = {"fence": lease.fence, "epoch": now.epoch, "intent_at": now.at, "intent_wall": now.wall}
    runs.change(transaction, run.id, {**values, "deadline_s": deadline_s})
    data = {"owner": lease.owner, "targets": lease.targets, "guards": [asdict(answer) for answer in answers]}
    text = f"{lease.owner} begins {run.request.action} {run.request.target}"
    return runs.advance(transaction, run, RunState.INTENT, text, data=data)
