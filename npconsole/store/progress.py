"""Events and steps of a run: what those who watch see, and what is on disk before anything is sent."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, insert, select, update

from npconsole.errors import StoreError
from npconsole.model.run import Run, RunEvent, RunState, Step, StepState
from npconsole.net.text import clean
from npconsole.store import audit
from npconsole.store.plain import OUTCOME_LIMIT, TEXT_LIMIT, exact, name, packed, unpacked
from npconsole.store.tables import events, steps
from npconsole.store.transaction import Transaction


def add(
    transaction: Transaction, run_id: str, state: RunState, text: str, data: Mapping[str, object] | None = None
) -> None:
    """The next event of a run."""
    last = transaction.connection.execute(select(func.max(events.c.sequence)).where(events.c.run_id == run_id)).scalar()
    transaction.connection.execute(
        insert(events).values(
            run_id=run_id,
            sequence=(last or 0) + 1,
            wall=transaction.now.wall,
            state=state.value,
            text=clean(text, limit=TEXT_LIMIT),
            data=packed(data),
        )
    )


def since(transaction: Transaction, run_id: str, after: int, limit: int) -> Sequence[RunEvent]:
    """Events above `after`, oldest first."""
    rows = transaction.connection.execute(
        select(events)
        .where(events.c.run_id == name(run_id), events.c.sequence > after)
        .order_by(events.c.sequence)
        .limit(limit)
    )
    return [
        RunEvent(row.run_id, row.sequence, row.wall, RunState(row.state), row.text, unpacked(row.data)) for row in rows
    ]


def intend(transaction: Transaction, run: Run, *, call: str, undo: str, remote: str) -> Step:
    """The next step, with what takes it back kept to the letter. Raises UsageError when that does not fit."""
    step = Step(
        number=len(run.steps) + 1,
        call=clean(call, limit=TEXT_LIMIT),
        state=StepState.INTENT,
        undo=exact(undo, f"the undo of step {len(run.steps) + 1}"),
        remote=exact(remote, f"what step {len(run.steps) + 1} touches"),
    )
    row = {"run_id": run.id, "number": step.number, "call": step.call, "state": step.state.value}
    transaction.connection.execute(insert(steps).values(row | {"undo": step.undo, "remote": step.remote}))
    _tell(transaction, run, step)
    return step


def mark(transaction: Transaction, run: Run, number: int, state: StepState, *, detail: str, remote: str) -> None:
    """How far a step came. Raises StoreError when the run has no such step."""
    step = next((step for step in run.steps if step.number == number), None)
    if step is None:
        raise StoreError(f"run {run.id} has no step {number}")
    values: dict[str, object] = {"state": state.value, "detail": clean(detail, limit=OUTCOME_LIMIT)}
    values |= {"remote": exact(remote, f"what step {number} touches")} if remote else {}
    values |= {"sent_wall": transaction.now.wall} if state is StepState.SENT else {}
    transaction.connection.execute(
        update(steps).where(steps.c.run_id == run.id, steps.c.number == number).values(**values)
    )
    _tell(transaction, run, Step(number, step.call, state, step.undo, remote or step.remote, detail=detail))


def _tell(transaction: Transaction, run: Run, step: Step) -> None:
    data = {"step": step.number, "call": step.call, "step_state": step.state, "detail": step.detail}
    add(transaction, run.id, run.state, f"{step.state.value}: {step.call}", data)
    audit.record(
        transaction,
        f"step.{step.state.value}",
        actor=run.request.actor.name,
        target=run.request.target,
        data={**data, "run": run.id, "fence": run.fence, "remote": step.remote, "undo": step.undo},
    )
