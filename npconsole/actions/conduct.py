"""The one way in which an action changes the world: intent and undo on disk, lease checked, sent, outcome on disk.

No call goes out without its intent in the journal, and none after the lease is lost. Only an undo goes out although
the memory is gone: a journal that cannot be written must not keep a drained region from coming back.
"""

import asyncio
from collections.abc import Mapping
from typing import TypeVar

from npconsole.actions.frame import Action, Call, Draft, Order, Recovery
from npconsole.actions.reconcile import reconcile
from npconsole.actions.record import Record
from npconsole.actions.stage import Stage
from npconsole.actions.stop import Stop, StoppedError
from npconsole.errors import (
    FencedError,
    LimitedError,
    NotAppliedError,
    NpconsoleError,
    UnauthorisedError,
    UnknownOutcomeError,
    UsageError,
)
from npconsole.model.action import Undo
from npconsole.model.run import Lease, Run, RunState, Step, StepState
from npconsole.net.text import clean

T = TypeVar("T")

SENDS_OF_A_STATE = 3
"""How often a call that sets a state is sent at most when its outcome stays unknown."""

_ON_THE_WAY = frozenset({RunState.INTENT, RunState.SENT, RunState.APPLIED, RunState.UNKNOWN})
_CERTAINLY_NOT = (NotAppliedError, LimitedError, UnauthorisedError, UsageError)


class Conduct(Record):
    """One run in the hands of the owner of its lease. `draft` is what was planned, None after a recovery."""

    def __init__(
        self, stage: Stage, action: Action, order: Order, run: Run, lease: Lease, draft: Draft | None = None
    ) -> None:
        super().__init__(stage, run, lease)
        self.world = stage.world
        self.clock = stage.world.clock
        self.action = action
        self.order = order
        self.draft = draft
        self._stop: Stop | None = None
        self._declined = False
        self._stopping = asyncio.Event()
        self._limit: asyncio.Timeout | None = None

    @property
    def before(self) -> Mapping[str, object]:
        """What was measured of the target before the run, by metric."""
        found = self.result.get("before")
        return found if isinstance(found, Mapping) else {}

    async def send(self, call: Call[T]) -> T | None:
        """Make one call that changes the world; its answer, or None when only reading told that it was applied.

        Raises NotAppliedError, LimitedError or another certain refusal when nothing was done, UnknownOutcomeError when
        it cannot be known, StoppedError before sending when the run shall stop, FencedError when the lease is lost.
        """
        sends = SENDS_OF_A_STATE if call.sets_state and not self.undoing else 1
        while True:
            self.heed()
            sends -= 1
            number = self.intend(call)
            try:
                return await self._send(call, number)
            except UnknownOutcomeError:
                if self.undoing:
                    raise
                if await self._reconciled(self._steps[number]):
                    return None
                if not sends:
                    raise

    def heed(self) -> None:
        """Raise StoppedError when the run shall stop. While it is being undone it does not."""
        if self._stop is not None and not self.undoing:
            raise StoppedError(self._stop)

    async def pause(self, seconds: float) -> None:
        """Wait. Raises StoppedError as soon as the run shall stop."""
        self.heed()
        if self.undoing:
            await asyncio.sleep(seconds)
            return
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
        self.heed()

    def stop(self, stop: Stop) -> None:
        """Ask the run to stop. The first cause stands. What is done and cannot be undone is followed to its end."""
        if self._stop is not None or self.undoing:
            return
        if self.touched and self.action.spec.undo is Undo.NONE and self.action.recovery is Recovery.VERIFY:
            if not self._declined:
                self.say(f"too late to stop, it is done and goes to its end: {stop.words}")
            self._declined = True
            return
        self._stop = stop
        self._stopping.set()
        if self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time() + self.pace.heed_s)
        self.say(f"stopping: {stop.words}")

    async def execute(self) -> None:
        """Have the action do it. Raises what it raises, and StoppedError also when it does not heed a stop in time."""
        try:
            async with asyncio.timeout(None) as self._limit:
                await self.action.execute(self)
        except TimeoutError:
            if self._stop is None or not self._limit or not self._limit.expired():
                raise
            raise StoppedError(self._stop) from None
        finally:
            self._limit = None

    def hold(self, text: str) -> None:
        """The change is in force and is held. Wait with `pause`, which a stop ends."""
        self.advance(RunState.HOLDING, text)
        self.stage.reached("holding")

    async def _send(self, call: Call[T], number: int) -> T:
        self._prepare(number, call.summary)
        self.check(call.deadline_s)
        try:
            async with asyncio.timeout(call.deadline_s):
                answer = await call.do()
            receipt = call.receipt(answer)
        except _CERTAINLY_NOT as error:
            self._not_applied(number, call.summary, error)
            raise
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the call was out: it is unknown and recorded
            raise self._unknown(number, call, _reason(error)) from None
        self.stage.reached("called")
        self.mark(number, StepState.APPLIED, remote=receipt)
        self._progress(RunState.APPLIED, f"done: {call.summary}")
        self.stage.reached("applied")
        return answer

    def _prepare(self, number: int, summary: str) -> None:
        """SENT is on disk before anything is on the wire: whoever finds it must look at the world."""
        self.prolong()
        self.mark(number, StepState.SENT)
        self._progress(RunState.SENT, summary)
        self.stage.reached("sent")

    def _not_applied(self, number: int, summary: str, error: NpconsoleError) -> None:
        self.mark(number, StepState.FAILED, detail=error.message)
        self.say(f"refused: {summary}: {error.message}")

    def _unknown(self, number: int, call: Call[T], reason: str) -> UnknownOutcomeError:
        self.stage.reached("called")
        try:
            self.mark(number, StepState.UNKNOWN, detail=reason)
        except FencedError:
            self.stage.tell(self.run, f"{call.summary} may take effect late: the lease was lost while it was out")
            raise
        self._progress(RunState.UNKNOWN, f"no certain answer to {call.summary}: {reason}")
        self.stage.reached("unknown")
        return UnknownOutcomeError(f"{call.summary}: {reason}")

    async def _reconciled(self, step: Step) -> bool:
        """Whether the step was applied after all; False when that cannot be known. NotAppliedError: certainly not."""
        match await reconcile(self, step):
            case StepState.APPLIED:
                return True
            case StepState.FAILED:
                raise NotAppliedError(f"{step.call} had no effect, as the vendor shows")
            case _:
                return False

    def _progress(self, state: RunState, text: str) -> None:
        """The run's state follows its calls, but not while it holds or is being undone."""
        if self.run.state in _ON_THE_WAY and not self.undoing:
            self.advance(state, text)
        else:
            self.say(text)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return clean(error.message if isinstance(error, NpconsoleError) else type(error).__name__)
