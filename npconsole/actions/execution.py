"""A run from its intent to its end, in the hands of the owner of its lease: do, then verify or take back, then say.

An execution may be the second one: then the steps in the journal are all that is known of the first.
"""

from dataclasses import dataclass

from npconsole.actions.conduct import Conduct
from npconsole.actions.frame import Recovery
from npconsole.actions.keeper import Keeper
from npconsole.actions.reconcile import reconcile
from npconsole.actions.reverter import Reverter
from npconsole.actions.stop import StoppedError
from npconsole.actions.verdict import Finding
from npconsole.errors import ExitCode, FencedError, NpconsoleError, StoreError, UnknownOutcomeError
from npconsole.model.action import Undo
from npconsole.model.run import Run, RunState, StepState, Verdict

_GOING_BACK = frozenset({RunState.HOLDING, RunState.REVERTING, RunState.SETTLING, RunState.REVERT_FAILED})
_BRIEF = {
    Verdict.HELPED: "it helped",
    Verdict.NO_EFFECT: "no effect",
    Verdict.WORSE: "it made things worse",
    Verdict.UNKNOWN: "whether it helped is not known",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How the doing ended: well, or with the exit code of what went wrong. `stopped` when it was asked to."""

    exit_code: ExitCode = ExitCode.OK
    words: str = ""
    stopped: bool = False

    @property
    def done(self) -> bool:
        return self.exit_code is ExitCode.OK


class Execution:
    """Brings one run to its end. Raises FencedError when it is no longer ours, StoreError when the memory is gone."""

    def __init__(self, conduct: Conduct) -> None:
        self._conduct = conduct
        self._action = conduct.action

    async def begin(self, *, deadline_s: float | None) -> Run:
        """Execute a run whose intent was just written."""
        return await Keeper(self._conduct, deadline_s=deadline_s).attend(self._begin())

    async def recover(self) -> Run:
        """Finish or take back a run whose owner has died."""
        return await Keeper(self._conduct, deadline_s=self._conduct.run.remaining_s).attend(self._recover())

    async def _begin(self) -> Run:
        return await self._conclude(await self._executed())

    async def _recover(self) -> Run:
        conduct = self._conduct
        self._sort_steps()
        if not conduct.touched:
            return self._end(RunState.FAILED, Ending(ExitCode.FAILED, "nothing was sent: its runner died before"))
        if self._goes_back():
            return await self._taken_back(Ending(ExitCode.FAILED, "its runner died"))
        try:
            for step in conduct.steps:
                if step.state is StepState.UNKNOWN:
                    await reconcile(conduct, step)
        except StoppedError as error:
            return await self._conclude(Ending(error.exit_code, error.message, stopped=True))
        if self._action.recovery is Recovery.RESUME:
            return await self._conclude(await self._executed())
        return await self._conclude(self._found())

    def _sort_steps(self) -> None:
        """What was written before a call says that it never went out; what was written as sent may have."""
        for step in self._conduct.steps:
            if step.state is StepState.INTENT:
                self._conduct.mark(step.number, StepState.FAILED, detail="not sent: its runner died before")
            elif step.state is StepState.SENT:
                self._conduct.mark(step.number, StepState.UNKNOWN, detail="its runner died while it was out")
        self._conduct.stage.reached("sorted")

    def _goes_back(self) -> bool:
        conduct = self._conduct
        undoable = self._action.spec.undo is not Undo.NONE
        return self._action.recovery is Recovery.REVERT or (
            undoable and (conduct.run.state in _GOING_BACK or bool(conduct.run.abort))
        )

    def _found(self) -> Ending:
        """How the doing of a dead owner ended, as far as its steps tell."""
        states = {step.state for step in self._conduct.steps}
        if StepState.UNKNOWN in states:
            return Ending(ExitCode.UNVERIFIED, "its runner died, and whether the last call had an effect is not known")
        if StepState.APPLIED not in states:
            return Ending(ExitCode.FAILED, "its runner died, and nothing was done")
        return Ending()

    async def _executed(self) -> Ending:
        try:
            await self._conduct.execute()
        except (FencedError, StoreError) as error:
            if isinstance(error, StoreError) and self._action.recovery is Recovery.REVERT and self._conduct.touched:
                return Ending(error.exit_code, error.message)
            raise
        except StoppedError as error:
            return Ending(error.exit_code, error.message, stopped=True)
        except NpconsoleError as error:
            return Ending(error.exit_code, f"{error.message} ({error.hint})" if error.hint else error.message)
        except TimeoutError:
            return Ending(ExitCode.UNREACHABLE, "no answer in time")
        except Exception as error:  # noqa: BLE001 - the runner records what went wrong and cleans up after it
            return Ending(ExitCode.FAILED, f"a fault in npconsole itself: {type(error).__name__}")
        return Ending()

    async def _conclude(self, ending: Ending) -> Run:
        conduct, undo = self._conduct, self._action.spec.undo
        if not conduct.touched and not ending.done:
            return self._end(RunState.CANCELLED if ending.stopped else RunState.FAILED, ending)
        if undo is Undo.ALWAYS or (undo is Undo.ON_REQUEST and ending.stopped):
            return await self._taken_back(ending)
        if ending.done:
            return await self._verified()
        return self._broken_off(ending)

    async def _verified(self) -> Run:
        conduct = self._conduct
        conduct.advance(RunState.VERIFYING, "measuring what it did")
        conduct.stage.reached("verifying")
        finding = await self._measured()
        good = finding.well and finding.verdict in (Verdict.HELPED, Verdict.NO_EFFECT)
        if not good:
            return self._end(RunState.DEGRADED, Ending(finding.exit_code or ExitCode.UNVERIFIED), finding)
        state = RunState.SUCCEEDED if finding.exit_code is ExitCode.OK else RunState.FAILED
        return self._end(state, Ending(finding.exit_code), finding)

    async def _measured(self) -> Finding:
        try:
            return await self._action.verify(self._conduct)
        except StoppedError as error:
            return Finding(Verdict.UNKNOWN, well=False, words=f"not measured to the end: {error.message}")
        except (FencedError, StoreError):
            raise
        except Exception as error:  # noqa: BLE001 - what cannot be measured is unknown, whatever the reason
            return Finding(Verdict.UNKNOWN, well=False, words=f"not measured: {_brief(error)}")

    async def _taken_back(self, ending: Ending) -> Run:
        conflicts = await Reverter(self._conduct).revert(ending.words or "as planned")
        if conflicts:
            calls = "; ".join(step.call for step in conflicts)
            words = f"somebody else has changed what it touched, so it was left as it is: {calls}"
            return self._end(RunState.CONFLICT, Ending(ExitCode.UNVERIFIED, words))
        finding = await self._measured() if ending.done else None
        if finding is not None and not finding.well:
            ending = Ending(ExitCode.UNVERIFIED)
        return self._end(RunState.REVERTED, ending, finding)

    def _broken_off(self, ending: Ending) -> Run:
        """Ended early and cannot be taken back: say exactly how far it came."""
        applied = sum(step.state is StepState.APPLIED for step in self._conduct.steps)
        unknown = [step for step in self._conduct.steps if step.state is StepState.UNKNOWN]
        if unknown:
            return self._end(
                RunState.DEGRADED,
                Ending(ExitCode.UNVERIFIED, f"{ending.words}; it is not sent again: look at the vendor first"),
                Finding(Verdict.UNKNOWN, well=False, words=""),
            )
        words = f"{ending.words}; {applied} of {len(self._conduct.steps)} calls were done"
        state = RunState.CANCELLED if ending.stopped else RunState.FAILED
        return self._end(state, Ending(ExitCode.PARTIAL, words))

    def _end(self, state: RunState, ending: Ending, finding: Finding | None = None) -> Run:
        conduct = self._conduct
        conduct.result["exit"] = int(ending.exit_code)
        parts = [ending.words]
        if finding is not None:
            conduct.result.update(finding.figures)
            parts += [(finding.brief or _BRIEF[finding.verdict]) if finding.words else "", finding.words]
        words = "; ".join(part for part in parts if part) or state.value.replace("_", " ")
        conduct.advance(state, words, verdict=finding.verdict if finding else None, outcome=words)
        conduct.stage.reached("ended")
        conduct.release()
        if state in (RunState.DEGRADED, RunState.CONFLICT):
            conduct.stage.tell(conduct.run, words)
        return conduct.run


def _brief(error: Exception) -> str:
    match error:
        case UnknownOutcomeError() | NpconsoleError():
            return error.message
        case TimeoutError():
            return "no answer in time"
        case _:
            return type(error).__name__
