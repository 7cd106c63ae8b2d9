"""Undo a run that has ended, where its action knows how: the steps are taken back by what they left in the journal.

It is a run of its own, with plan, guards, journal and verdict. What somebody else has changed since is left as it is.
"""

from collections.abc import Callable
from typing import ClassVar

from npconsole.actions.conduct import Conduct
from npconsole.actions.frame import Action, Draft, Order, Recovery, Restored
from npconsole.actions.inputs import check_inputs
from npconsole.actions.verdict import Finding
from npconsole.actions.world import World
from npconsole.errors import NotAppliedError, UnknownOutcomeError, UsageError
from npconsole.model.action import AccessRole, ActionSpec, Danger, TargetKind, Undo
from npconsole.model.journal import Journal
from npconsole.model.run import PlannedCall, Run, RunState, Step, StepState, Verdict

_ENDED = frozenset({RunState.SUCCEEDED, RunState.DEGRADED, RunState.FAILED, RunState.CANCELLED})
_LOOKED_BACK = 100
_RESULT = "taken_back"


class TakeBack(Action):
    """The action `undo`."""

    spec: ClassVar[ActionSpec] = ActionSpec(
        id="undo",
        title="Undo a run",
        key="u",
        danger=Danger.CONFIRM,
        role=AccessRole.OPERATOR,
        target=TargetKind.RUN,
        summary="Take back an earlier run, if nobody has changed what it left.",
    )
    recovery: ClassVar[Recovery] = Recovery.RESUME

    async def plan(self, order: Order, world: World) -> Draft:
        run = _past(order.target, world)
        steps = undoable(run)
        if run.state not in _ENDED or not steps:
            raise UsageError(f"{_named(run)} is {run.state.value.replace('_', ' ')}: there is nothing to undo")
        return Draft(
            calls=tuple(PlannedCall("", f"undo of {step.call}", "put back what was", writes=True) for step in steps),
            scope=(run.request.target,),
            undo="asking for it again",
            objects=(_named(run),),
        )

    async def execute(self, conduct: Conduct) -> None:
        """From the last step to the first, and each read again afterwards."""
        run = _past(conduct.order.target, conduct.world)
        action = conduct.stage.find(run.request.action)
        actor = conduct.run.request.actor
        if not actor.role.allows(action.spec.role):
            raise NotAppliedError(f"{run.request.action} needs the role {action.spec.role.value}, and so does its undo")
        own, conduct.order = conduct.order, _order(action, run)
        conduct.past = run.steps
        try:
            restored = [await _taken_back(action, step, conduct) for step in undoable(run)]
        finally:
            conduct.order = own
        conduct.result[_RESULT] = Restored.RESTORED in restored

    async def verify(self, conduct: Conduct) -> Finding:
        """What `execute` has read again."""
        run = _past(conduct.order.target, conduct.world)
        if conduct.result.get(_RESULT):
            return Finding(Verdict.HELPED, well=True, words=f"{_named(run)} is taken back, as read again")
        return Finding(Verdict.NO_EFFECT, well=True, words=f"what {_named(run)} had changed was as before already")


def undoable(run: Run) -> tuple[Step, ...]:
    """The steps that changed something, or may have, and can be taken back; the last first."""
    return tuple(
        step for step in reversed(run.steps) if step.undo and step.state in (StepState.APPLIED, StepState.UNKNOWN)
    )


def last_undoable(journal: Journal, find: Callable[[str], Action]) -> Run | None:
    """The latest run that can be undone on request and was not yet; None when there is none."""
    undone: set[str] = set()
    for run in journal.runs(limit=_LOOKED_BACK):
        if run.request.action == TakeBack.spec.id:
            undone |= {run.request.target} if run.state is RunState.SUCCEEDED else set()
        elif run.state in _ENDED and run.id not in undone and undoable(run) and _on_request(run, find):
            return run
    return None


def undo_of(action: Action, run: Run) -> Undo:
    """How a run of an action is taken back; never, when its parameters are not those of the action any more."""
    try:
        return action.ordered(check_inputs(action.spec, run.request.parameters)).spec.undo
    except UsageError:
        return Undo.NONE


async def _taken_back(action: Action, step: Step, conduct: Conduct) -> Restored:
    """Until the world, read again, is as before. A call whose outcome is unknown is answered by reading, too."""
    changed = Restored.ALREADY
    for _ in range(3):
        try:
            found = await action.revert(step, conduct)
        except UnknownOutcomeError as error:
            conduct.say(f"looking again: {error.message}")
            changed = Restored.RESTORED
            continue
        if found is Restored.CONFLICT:
            raise NotAppliedError(f"somebody else has changed it since, so it is left as it is: {step.call}")
        if found is Restored.ALREADY:
            return changed
        changed = found
        await conduct.pause(conduct.pace.reread_s)
    raise UnknownOutcomeError(f"it does not stay taken back: {step.call}")


def _past(run_id: str, world: World) -> Run:
    run = world.past(run_id)
    if run is None:
        raise UsageError(f"there is no run {run_id}", hint="`npconsole audit list` shows them")
    return run


def _order(action: Action, run: Run) -> Order:
    return Order(run.request.target, check_inputs(action.spec, run.request.parameters))


def _named(run: Run) -> str:
    return f"{run.request.action} {run.request.target} (run {run.id})"


def _on_request(run: Run, find: Callable[[str], Action]) -> bool:
    try:
        return undo_of(find(run.request.action), run) is Undo.ON_REQUEST
    except UsageError:
        return False
