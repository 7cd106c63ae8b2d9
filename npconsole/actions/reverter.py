"""Takes a run back, step by step from the last, and stays until nothing late can undo the undoing.

It never gives up: while it cannot, the run is REVERT_FAILED, people are told again and again, and it goes on trying.
"""

import asyncio

from npconsole.actions.conduct import Conduct
from npconsole.actions.frame import Restored
from npconsole.errors import ControlError, FencedError, SourceError, StoreError, UsageError
from npconsole.model.run import RunState, Step

PATIENT_TRIES = 3
"""Failures in a row after which people are told."""


class Reverter:
    """Reverts one run. From here on no stop is heeded."""

    def __init__(self, conduct: Conduct) -> None:
        self._conduct = conduct
        self._told_at: float | None = None
        self._failures = 0

    async def revert(self, why: str) -> tuple[Step, ...]:
        """Take every step back that can be, and settle. The steps that somebody else had changed meanwhile."""
        conduct = self._conduct
        conduct.undoing = True
        conduct.advance(RunState.REVERTING, f"taking it back: {why}")
        conduct.stage.reached("reverting")
        conflicts = await self._pass()
        if len(conflicts) < len(self._steps()):
            conduct.advance(RunState.SETTLING, "taken back; staying until no late call can change it again")
            conduct.stage.reached("settling")
            conflicts = await self._settle(conflicts)
        return tuple(step for step in self._steps() if step.number in conflicts)

    async def _settle(self, conflicts: frozenset[int]) -> frozenset[int]:
        """Read again and again until everything stayed as it is for long enough."""
        pace, clock = self._conduct.pace, self._conduct.clock
        quiet_since = clock.now()
        while clock.now() - quiet_since < pace.quiet_s:
            await asyncio.sleep(pace.reread_s)
            sent = len(self._conduct.steps)
            conflicts |= await self._pass(without=conflicts)
            if len(self._conduct.steps) > sent:
                self._conduct.say("a late call had undone it: taken back once more")
                quiet_since = clock.now()
        return conflicts

    async def _pass(self, *, without: frozenset[int] = frozenset()) -> frozenset[int]:
        """Take back each step once. The numbers of those in conflict."""
        conflicts = set()
        for step in reversed(self._steps()):
            if step.number not in without and await self._take_back(step) is Restored.CONFLICT:
                conflicts.add(step.number)
                self._conduct.say(f"left as it is, somebody else has changed it: {step.call}")
        return frozenset(conflicts)

    async def _take_back(self, step: Step) -> Restored:
        """As often as it takes."""
        conduct, pace = self._conduct, self._conduct.pace
        while True:
            try:
                async with asyncio.timeout(2 * pace.call_timeout_s + pace.read_timeout_s):
                    restored = await conduct.action.revert(step, conduct)
            except FencedError:
                raise
            except (ControlError, SourceError, StoreError, UsageError) as error:
                reason = error.message
            except TimeoutError:
                reason = "no answer in time"
            except Exception as error:  # noqa: BLE001 - a fault of ours must not leave a region drained: say it, go on
                reason = type(error).__name__
            else:
                self._succeeded()
                return restored
            self._failed(step, reason)
            await asyncio.sleep(min(pace.retry_s * 2 ** min(self._failures - 1, 10), pace.longest_retry_s))

    def _failed(self, step: Step, reason: str) -> None:
        conduct = self._conduct
        self._failures += 1
        conduct.say(f"could not be taken back yet: {step.call}: {reason}")
        now = conduct.clock.now()
        due = self._told_at is None or now - self._told_at >= conduct.pace.page_every_s
        if self._failures < PATIENT_TRIES or not due:
            return
        self._told_at = now
        words = f"{step.call} is still in force on {conduct.order.target} and cannot be taken back: {reason}"
        if conduct.run.state is not RunState.REVERT_FAILED:
            conduct.advance(RunState.REVERT_FAILED, words, outcome=f"{words}; trying on, or do it by hand")
            conduct.stage.reached("revert_failed")
        conduct.stage.tell(conduct.run, words)

    def _succeeded(self) -> None:
        self._failures = 0
        if self._conduct.run.state is RunState.REVERT_FAILED:
            self._conduct.advance(RunState.REVERTING, "the vendor can be reached again")

    def _steps(self) -> tuple[Step, ...]:
        """Those that may have changed something and know how to be taken back."""
        return tuple(step for step in self._conduct.touched if step.undo)
