"""What a run leaves in the journal: its state, its steps, its words.

Nothing is written without the lease. While a run is being undone a journal that cannot be written is no obstacle: it
must not keep a drained region from coming back.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from npconsole.actions.frame import Call
from npconsole.actions.stage import Stage
from npconsole.errors import StoreError
from npconsole.model.run import Lease, Run, RunState, Step, StepState, Verdict
from npconsole.net.text import clean

T = TypeVar("T")


class Record:
    """The journal's side of one run. `result` collects what was measured, by name, as plain JSON. `past` are the steps
    of the run that this one takes back, if it does.

    Writing raises FencedError when the lease is lost, and StoreError unless `undoing`.
    """

    def __init__(self, stage: Stage, run: Run, lease: Lease) -> None:
        self.stage = stage
        self.pace = stage.rules.pace
        self.run = run
        self.lease = lease
        self.undoing = False
        self.result: dict[str, object] = dict(run.result)
        self.past: tuple[Step, ...] = ()
        self._steps = {step.number: step for step in run.steps}

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of the run so far, also those of an owner before, in the order they were sent."""
        return tuple(self._steps[number] for number in sorted(self._steps))

    @property
    def touched(self) -> tuple[Step, ...]:
        """The steps that have changed the world, or may have."""
        return _touching(self.steps)

    @property
    def touched_before(self) -> tuple[Step, ...]:
        """The same, after those of the run that this one takes back."""
        return _touching((*self.past, *self.steps))

    def intend(self, call: Call[T]) -> int:
        """The number of a new step, which is on disk with its undo."""
        number = max(self._steps, default=0) + 1
        unwritten = Step(number, call.summary, StepState.INTENT, undo=call.undo, remote=call.remote)

        def write() -> Step:
            return self.stage.journal.intend(self.lease, call=call.summary, undo=call.undo, remote=call.remote)

        step = self._written(write, otherwise=unwritten)
        self._steps[step.number] = step
        self.stage.reached("intended")
        return step.number

    def advance(self, state: RunState, text: str, *, verdict: Verdict | None = None, outcome: str = "") -> None:
        """Put the run into a state, with all that was measured so far."""

        def write() -> Run:
            return self.stage.journal.advance(
                self.run.id,
                state,
                clean(text),
                lease=self.lease,
                verdict=verdict,
                outcome=clean(outcome, limit=1000),
                result=dict(self.result),
            )

        self.run = self._written(write, otherwise=replace(self.run, state=state, outcome=outcome, verdict=verdict))

    def mark(self, number: int, state: StepState, *, detail: str = "", remote: str = "") -> None:
        """How far a step came. Raises FencedError when the lease is lost."""

        def write() -> None:
            self.stage.journal.mark(self.lease, number, state, detail=clean(detail), remote=remote)

        self._written(write, otherwise=None)
        step = self._steps[number]
        self._steps[number] = replace(step, state=state, detail=detail or step.detail, remote=remote or step.remote)

    def renew(self) -> None:
        """A whole lease again. Raises FencedError when it is lost."""
        self.lease = self.stage.journal.renew(self.lease, self.pace.lease_ttl_s)

    def prolong(self) -> None:
        """The same before a call; an undo goes on without it."""
        self._written(self.renew, otherwise=None)

    def release(self) -> None:
        """Give the targets free; an ended run needs them no more."""
        try:
            self.stage.journal.release(self.lease)
        except StoreError:
            return

    def check(self, deadline_s: float) -> None:
        """Raise FencedError unless the lease outlasts a call: in the line before it goes out."""
        needs_s = deadline_s + self.pace.lease_margin_s
        self._written(lambda: self.stage.journal.check(self.lease, needs_s), otherwise=None)

    def say(self, text: str, data: Mapping[str, object] | None = None) -> None:
        """Progress for those who watch. A memory that cannot be written does not fail a run for want of it."""
        try:
            self.stage.journal.note(self.run.id, clean(text), data, lease=self.lease)
        except StoreError:
            return

    def _written(self, write: Callable[[], T], *, otherwise: T) -> T:
        """Write to the journal; an undo goes on without it."""
        try:
            return write()
        except StoreError:
            if not self.undoing:
                raise
            return otherwise


def _touching(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(step for step in steps if step.state not in (StepState.INTENT, StepState.FAILED))
