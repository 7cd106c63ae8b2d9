"""Leases: who may act on targets now. One row for each target; a row whose run is open keeps every other run away.

A fence number is given out once and only grows. Writing what has happened needs the run's present fence; what will
happen needs the lease in force as well.
"""

import math
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from npconsole.errors import FencedError, UsageError
from npconsole.model.run import GuardAnswer, Lease, Run
from npconsole.net.text import clean
from npconsole.store import audit, runs
from npconsole.store.plain import TEXT_LIMIT, name
from npconsole.store.tables import leases
from npconsole.store.transaction import Transaction

_LONGEST_S = 86400.0


def on(transaction: Transaction, target: str) -> Lease | None:
    """The lease in force on a target."""
    row = _row(transaction, name(target))
    return _lease(transaction, row) if row is not None and _in_force(transaction, row) else None


def obstacle(transaction: Transaction, run_id: str, targets: Sequence[str]) -> GuardAnswer:
    """The guard `lease`: whether nobody else acts on any of the targets."""
    for target in targets:
        row = _row(transaction, target)
        if row is None or row.run_id == run_id:
            continue
        holder = runs.find(transaction, row.run_id)
        in_force = _in_force(transaction, row)
        if in_force or (holder is not None and not holder.state.is_final):
            return GuardAnswer("lease", passed=False, reason=_words(transaction, row, holder, in_force=in_force))
    return GuardAnswer("lease", passed=True, reason=f"nobody else acts on {', '.join(targets)}")


def take(transaction: Transaction, run: Run, *, owner: str, targets: Sequence[str], ttl_s: float) -> Lease:
    """Rows for all targets with a new fence, in place of rows that are no obstacle."""
    lease = Lease(
        targets=tuple(targets),
        owner=name(owner),
        run_id=run.id,
        fence=transaction.next_fence(),
        expires_at=transaction.now.at + span(ttl_s),
        reason=clean(f"{run.request.action} {run.request.target}", limit=TEXT_LIMIT),
    )
    environment = transaction.environment
    transaction.connection.execute(
        delete(leases).where(leases.c.environment == environment, leases.c.target.in_(targets))
    )
    common = {"environment": environment, "owner": lease.owner, "run_id": run.id, "fence": lease.fence}
    common |= {"expires_at": lease.expires_at, "epoch": transaction.now.epoch, "reason": lease.reason}
    transaction.connection.execute(insert(leases), [common | {"target": target} for target in targets])
    return lease


def targets_of(transaction: Transaction, run_id: str) -> tuple[str, ...]:
    """The targets that a run holds, or held while it is open."""
    return tuple(row.target for row in _rows(transaction, run_id))


def lives(transaction: Transaction, run_id: str) -> bool:
    """Whether a run's lease is in force."""
    return any(_in_force(transaction, row) for row in _rows(transaction, run_id))


def valid(transaction: Transaction, lease: Lease, needs_s: float = 0.0) -> Run:
    """The run of a lease that is in force for more than `needs_s` seconds. Raises FencedError otherwise."""
    run = runs.fenced(transaction, lease)
    rows = _rows(transaction, lease.run_id)
    left_s = min((transaction.now.left_s(row.expires_at, row.epoch) for row in rows), default=-math.inf)
    if not left_s > needs_s:
        raise FencedError(
            f"the lease of run {run.id} on {', '.join(lease.targets)} "
            + (f"lasts {left_s:.1f} s more and {needs_s:.1f} s are needed" if left_s > 0 else "has expired"),
            hint="`npconsole recover` finishes or undoes the run",
        )
    return run


def prolong(transaction: Transaction, lease: Lease, ttl_s: float) -> Lease:
    """The lease, from now on for `ttl_s` seconds."""
    valid(transaction, lease)
    expires_at = transaction.now.at + span(ttl_s)
    transaction.connection.execute(
        update(leases).where(_of(transaction, lease.run_id)).values(expires_at=expires_at, epoch=transaction.now.epoch)
    )
    return Lease(lease.targets, lease.owner, lease.run_id, lease.fence, expires_at, lease.reason)


def free(transaction: Transaction, lease: Lease) -> None:
    """Give up the rows of an ended run; those of an open one expire now, so that it can be taken over at once."""
    run = runs.find(transaction, lease.run_id)
    if run is None or run.fence != lease.fence:
        return
    if run.state.is_final:
        transaction.connection.execute(delete(leases).where(_of(transaction, run.id)))
    else:
        _expire(transaction, run.id)


def steal(transaction: Transaction, target: str, *, actor: str, reason: str) -> Lease | None:
    """End the lease in force on a target, and fence its owner off."""
    lease = on(transaction, target)
    if lease is None:
        return None
    if not clean(reason).strip():
        raise UsageError("a lease is not taken away without a reason", hint="say why with --reason")
    fence = transaction.next_fence()
    runs.change(transaction, lease.run_id, {"fence": fence})
    _expire(transaction, lease.run_id, fence=fence)
    data = {"run": lease.run_id, "owner": lease.owner, "targets": lease.targets, "fence": lease.fence}
    audit.record(
        transaction, "lease.stolen", actor=actor, target=target, data={**data, "new_fence": fence, "reason": reason}
    )
    return lease


def span(ttl_s: float) -> float:
    """How long a lease lasts: more than nothing and a day at most."""
    if not 0 < ttl_s <= _LONGEST_S:
        raise UsageError(f"a lease lasts more than 0 s and at most {_LONGEST_S:.0f} s, not {ttl_s} s")
    return float(ttl_s)


def _expire(transaction: Transaction, run_id: str, **values: int) -> None:
    transaction.connection.execute(
        update(leases)
        .where(_of(transaction, run_id))
        .values(expires_at=transaction.now.at, epoch=transaction.now.epoch, **values)
    )


def _of(transaction: Transaction, run_id: str) -> ColumnElement[bool]:
    return (leases.c.environment == transaction.environment) & (leases.c.run_id == run_id)


def _rows(transaction: Transaction, run_id: str) -> Sequence[Row[Any]]:
    return transaction.connection.execute(
        select(leases).where(_of(transaction, run_id)).order_by(leases.c.target)
    ).all()


def _row(transaction: Transaction, target: str) -> Row[Any] | None:
    return transaction.connection.execute(
        select(leases).where(leases.c.environment == transaction.environment, leases.c.target == target)
    ).first()


def _in_force(transaction: Transaction, row: Row[Any]) -> bool:
    return transaction.now.left_s(row.expires_at, row.epoch) > 0


def _lease(transaction: Transaction, row: Row[Any]) -> Lease:
    targets = targets_of(transaction, row.run_id)
    return Lease(targets, row.owner, row.run_id, row.fence, row.expires_at, row.reason)


def _words(transaction: Transaction, row: Row[Any], holder: Run | None, *, in_force: bool) -> str:
    who = f" of {holder.request.actor.name}" if holder else ""
    what = f"{row.target} is held by {row.owner} for run {row.run_id} ({row.reason}{who})"
    if in_force:
        return f"{what}, {transaction.now.left_s(row.expires_at, row.epoch):.0f} s left"
    state = holder.state.value if holder else "gone"
    return f"{what}, which has not ended ({state}) and whose owner is gone: `npconsole recover` finishes it"
