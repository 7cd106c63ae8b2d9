"""Runs as rows: asked for, found again, and put from state to state with an event and an audit line."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, and_, insert, select, update

from npconsole.errors import FencedError, StoreError, UsageError
from npconsole.model.run import Actor, Lease, Run, RunRequest, RunState, Step, StepState, Verdict
from npconsole.net.text import clean
from npconsole.store import audit, progress
from npconsole.store.instant import Instant
from npconsole.store.plain import OUTCOME_LIMIT, REQUEST_LIMIT, RESULT_LIMIT, TEXT_LIMIT, exact, name, packed, unpacked
from npconsole.store.tables import leases, runs, steps
from npconsole.store.transaction import Transaction

IS_OPEN = runs.c.state.in_([state.value for state in RunState if not state.is_final])


def ask(transaction: Transaction, request: RunRequest) -> Run:
    """A new run in REQUESTED, or the earlier one with the same key.

    Raises UsageError when the key was used for something else, or when a parameter cannot be kept as it is.
    """
    request = _cleaned(request)
    if request.idempotency_key and (earlier := _by_key(transaction, request.idempotency_key)):
        if (earlier.request.action, earlier.request.target) != (request.action, request.target):
            raise UsageError(
                f"the idempotency key {request.idempotency_key} was used for {earlier.request.action} "
                f"{earlier.request.target} already (run {earlier.id})",
                hint="use a key of its own for each thing that is asked for",
            )
        return earlier
    run_id, wall = name(transaction.identity()), transaction.now.wall
    transaction.connection.execute(
        insert(runs).values(
            id=run_id,
            environment=transaction.environment,
            idempotency_key=request.idempotency_key or None,
            action=request.action,
            target=request.target,
            request=exact(msgspec.json.encode(request).decode(), "the request", limit=REQUEST_LIMIT),
            state=RunState.REQUESTED.value,
            created_wall=wall,
            changed_wall=wall,
        )
    )
    run = Run(run_id, request, RunState.REQUESTED, wall, wall)
    facts = {"reason": request.reason, "overrides": request.overrides, "parameters": request.parameters}
    who = {"role": request.actor.role, "via": request.actor.via, "facts": request.actor.facts}
    told(transaction, run, f"{request.actor.name} asks for {request.action} {request.target}", {**facts, **who})
    return run


def find(transaction: Transaction, run_id: str) -> Run | None:
    found = select_runs(transaction, runs.c.id == name(run_id), limit=1)
    return found[0] if found else None


def get(transaction: Transaction, run_id: str) -> Run:
    """The run. Raises StoreError when there is none: somebody looks into another memory."""
    run = find(transaction, run_id)
    if run is None:
        raise StoreError(f"there is no run {name(run_id)} in environment {transaction.environment}")
    return run


def select_runs(
    transaction: Transaction, *conditions: ColumnElement[bool], target: str = "", few: bool = False, limit: int
) -> Sequence[Run]:
    """Runs of this environment, latest first; with a target those that are aimed at it or hold it.

    `few` says that few fit the conditions: they are looked up and sorted. Else runs are walked through from the latest,
    until the limit is reached; SQLite keeps no statistics here by which it could tell.
    """
    rows = _rows(transaction, *conditions, *([runs.c.target == name(target)] if target else []), few=few, limit=limit)
    if target:
        holder = select(leases.c.run_id).where(
            leases.c.environment == transaction.environment, leases.c.target == name(target)
        )
        rows |= _rows(transaction, *conditions, runs.c.id == holder.scalar_subquery(), few=True, limit=1)
    chosen = [rows[number] for number in sorted(rows, reverse=True)[:limit]]
    done = _steps(transaction, [row.id for row in chosen])
    return [_run(row, done.get(row.id, ()), transaction.now) for row in chosen]


def begun_and_open() -> ColumnElement[bool]:
    """Runs whose intent is on disk and that have not ended."""
    return and_(IS_OPEN, runs.c.fence > 0)


def change(transaction: Transaction, run_id: str, values: Mapping[str, Any]) -> None:
    """Set columns of a run, and when."""
    transaction.connection.execute(
        update(runs).where(runs.c.id == run_id).values(**values, changed_wall=transaction.now.wall)
    )


def advance(
    transaction: Transaction,
    run: Run,
    state: RunState,
    text: str,
    *,
    data: Mapping[str, object] | None = None,
    verdict: Verdict | None = None,
    outcome: str = "",
    result: Mapping[str, object] | None = None,
) -> Run:
    """Put a run into a state, with its event and its audit line. Raises FencedError when it has ended already."""
    if run.state.is_final:
        raise FencedError(f"run {run.id} has ended already: {run.state}")
    values: dict[str, Any] = {"state": state.value}
    values |= {"verdict": verdict.value} if verdict else {}
    values |= {"outcome": clean(outcome, limit=OUTCOME_LIMIT)} if outcome else {}
    values |= {"result": packed(result, limit=RESULT_LIMIT, items=5000)} if result is not None else {}
    values |= {"ended_line": transaction.head.sequence + 1} if state.is_final else {}
    change(transaction, run.id, values)
    changed = get(transaction, run.id)
    told(transaction, changed, text, {**(data or {}), **_said(verdict, outcome)})
    return changed


def told(transaction: Transaction, run: Run, text: str, data: Mapping[str, object]) -> None:
    """The event and the audit line of a run's new state."""
    text = clean(text, limit=TEXT_LIMIT)
    progress.add(transaction, run.id, run.state, text, data)
    audit.record(
        transaction,
        f"run.{run.state.value}",
        actor=run.request.actor.name,
        target=run.request.target,
        data={"run": run.id, "action": run.request.action, "fence": run.fence, "text": text, **data},
    )


def fenced(transaction: Transaction, lease: Lease) -> Run:
    """The run of a lease. Raises FencedError when somebody else's fence is on it by now."""
    run = get(transaction, lease.run_id)
    if run.fence != lease.fence:
        raise FencedError(
            f"run {run.id} was taken over: its fence is {run.fence}, not {lease.fence}",
            hint=f"`npconsole recover` tells who finishes it; {name(lease.owner)} sends nothing more",
        )
    return run


def _said(verdict: Verdict | None, outcome: str) -> dict[str, object]:
    said: dict[str, object] = {"verdict": verdict.value} if verdict else {}
    return said | ({"outcome": outcome} if outcome else {})


def _by_key(transaction: Transaction, key: str) -> Run | None:
    found = select_runs(transaction, runs.c.idempotency_key == key, limit=1)
    return found[0] if found else None


def _cleaned(request: RunRequest) -> RunRequest:
    """Texts for people are cleaned; what a machine will act on is kept as it is or refused."""
    for parameter, values in request.parameters.items():
        for value in (parameter, *values):
            exact(value, f"parameter {name(parameter)}", limit=OUTCOME_LIMIT * 4)
    actor = Actor(
        name(request.actor.name),
        request.actor.role,
        name(request.actor.via),
        {name(fact): clean(value) for fact, value in list(request.actor.facts.items())[:50]},
    )
    return RunRequest(
        action=name(request.action),
        target=name(request.target),
        actor=actor,
        parameters=request.parameters,
        reason=clean(request.reason, limit=TEXT_LIMIT),
        overrides=tuple(map(name, request.overrides)),
        confirmed=request.confirmed,
        typed=name(request.typed),
        idempotency_key=exact(request.idempotency_key, "the idempotency key", limit=TEXT_LIMIT),
        plan_digest=name(request.plan_digest),
    )


def _rows(transaction: Transaction, *conditions: ColumnElement[bool], few: bool, limit: int) -> dict[int, Row[Any]]:
    # a sum is not what the index is sorted by, so that the index of the conditions is taken
    order = runs.c.number + 0 if few else runs.c.number
    rows = transaction.connection.execute(
        select(runs)
        .where(runs.c.environment == transaction.environment, *conditions)
        .order_by(order.desc())
        .limit(limit)
    )
    return {row.number: row for row in rows}


def _steps(transaction: Transaction, run_ids: Sequence[str]) -> dict[str, tuple[Step, ...]]:
    if not run_ids:
        return {}
    rows = transaction.connection.execute(
        select(steps).where(steps.c.run_id.in_(run_ids)).order_by(steps.c.run_id, steps.c.number)
    )
    found: dict[str, tuple[Step, ...]] = {}
    for row in rows:
        step = Step(row.number, row.call, StepState(row.state), row.undo, row.remote, row.sent_wall, row.detail)
        found[row.run_id] = (*found.get(row.run_id, ()), step)
    return found


def _run(row: Row[Any], done: tuple[Step, ...], now: Instant) -> Run:
    try:
        request = msgspec.json.decode(row.request, type=RunRequest)
        state, verdict = RunState(row.state), Verdict(row.verdict) if row.verdict else None
    except (msgspec.DecodeError, ValueError) as error:
        raise StoreError(f"run {clean(row.id)} in the memory is damaged: {clean(error)}") from error
    has_deadline = row.deadline_s is not None and row.intent_at is not None
    left_s = now.left_s(row.intent_at + row.deadline_s, row.epoch) if has_deadline else None
    return Run(
        id=row.id,
        request=request,
        state=state,
        created_wall=row.created_wall,
        changed_wall=row.changed_wall,
        fence=row.fence,
        steps=done,
        deadline_wall=row.intent_wall + row.deadline_s if has_deadline else None,
        remaining_s=None if left_s is None else max(0.0, left_s) if math.isfinite(left_s) else 0.0,
        verdict=verdict,
        outcome=row.outcome,
        result=unpacked(row.result),
        abort=row.abort,
    )
