"""What became of a call whose outcome is unknown: the world is read until it tells, or nothing late can come."""

import asyncio
from typing import TYPE_CHECKING

from npconsole.errors import SourceError
from npconsole.model.action import Undo
from npconsole.model.run import RunState, Step, StepState

if TYPE_CHECKING:
    from npconsole.actions.conduct import Conduct


async def reconcile(conduct: "Conduct", step: Step) -> StepState:
    """APPLIED, FAILED, or UNKNOWN when the world did not tell for as long as a late call may take; as marked.

    A run that can be undone heeds a stop meanwhile. Raises StoppedError then, FencedError when the lease is lost.
    """
    pace, clock = conduct.pace, conduct.clock
    end = clock.now() + pace.quiet_s
    while True:
        state = await _read(conduct, step)
        if state is not StepState.UNKNOWN:
            conduct.mark(step.number, state, detail="as read from the vendor afterwards")
            if conduct.run.state is RunState.UNKNOWN and state is StepState.APPLIED:
                conduct.advance(RunState.APPLIED, f"done, as the vendor shows: {step.call}")
            conduct.stage.reached("reconciled")
            return state
        if clock.now() >= end:
            conduct.say(f"still not known whether it had an effect: {step.call}")
            return StepState.UNKNOWN
        if conduct.action.spec.undo is Undo.NONE:
            await asyncio.sleep(pace.reread_s)
        else:
            await conduct.pause(pace.reread_s)


async def _read(conduct: "Conduct", step: Step) -> StepState:
    try:
        async with asyncio.timeout(conduct.pace.read_timeout_s):
            return await conduct.action.reconcile(step, conduct)
    except (SourceError, TimeoutError):
        return StepState.UNKNOWN
