"""Resolve, archive or assign one issue. What it was is kept with the run, so that it can be put back."""

import asyncio
import json
from abc import abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, ClassVar

from npconsole.actions.conduct import Conduct
from npconsole.actions.frame import Action, Call, Draft, Order, Restored
from npconsole.actions.verdict import Finding
from npconsole.actions.world import World
from npconsole.errors import BadAnswerError, NpconsoleError
from npconsole.model.action import AccessRole, ActionSpec, Danger, Direction, Effect, Parameter, TargetKind, Undo
from npconsole.model.controls import IssueControl, IssueStatus
from npconsole.model.run import PlannedCall, Step, StepState, Verdict

VENDOR = "sentry"
NOBODY = "nobody"
_SOON_S = 15.0


class IssueAction(Action):
    """What the three have in common: one issue, one call by its own path, and a status to compare with."""

    @abstractmethod
    def is_done(self, status: IssueStatus, order: Order) -> bool:
        """Whether the issue certainly is as asked."""

    def fits(self, status: IssueStatus, order: Order) -> bool:
        """Whether the issue is as it may be after the call."""
        return self.is_done(status, order)

    @abstractmethod
    def call(self, control: IssueControl, issue_id: str, order: Order) -> Callable[[], Awaitable[None]]:
        """The call that makes it so."""

    @abstractmethod
    def words(self, order: Order) -> str:
        """What is done, without the issue's name: `resolve`."""

    async def plan(self, order: Order, world: World) -> Draft:
        control = world.issue_control()
        issue_id = await control.find(order.target)
        status = await control.status(issue_id)
        note = f"{order.target} is {_shown(status)}"
        return Draft(
            calls=(
                PlannedCall(VENDOR, f"PUT issue {issue_id}", self.words(order), writes=True, undo=f"as it was: {note}"),
            ),
            scope=(order.target,),
            undo=f"on request: {order.target} becomes {_shown(status)} again",
            vendors=(VENDOR,),
            objects=(f"issue {order.target}",),
            notes=(f"{note}, which is what is asked for" if self.is_done(status, order) else note,),
        )

    async def execute(self, conduct: Conduct) -> None:
        """Nothing is sent when the issue is as asked already."""
        control, order = conduct.world.issue_control(), conduct.order
        issue_id = await control.find(order.target)
        before = await control.status(issue_id)
        conduct.result["issue_before"] = asdict(before)
        if self.is_done(before, order):
            return
        await conduct.send(
            Call(
                summary=f"{self.words(order)} {order.target}",
                remote=issue_id,
                do=self.call(control, issue_id, order),
                deadline_s=conduct.pace.call_timeout_s,
                undo=json.dumps(asdict(before)),
                sets_state=True,
            )
        )

    async def reconcile(self, step: Step, conduct: Conduct) -> StepState:
        status = await conduct.world.issue_control().status(step.remote)
        changed = self.fits(status, conduct.order) and status != _status(step)
        return StepState.APPLIED if changed else StepState.UNKNOWN

    async def revert(self, step: Step, conduct: Conduct) -> Restored:
        """Put back what was, if the issue is still as the run has left it."""
        control, before = conduct.world.issue_control(), _status(step)
        now = await control.status(step.remote)
        if now == before:
            return Restored.ALREADY
        if not self.fits(now, conduct.order):
            return Restored.CONFLICT
        await conduct.send(
            Call(
                summary=f"make {conduct.order.target} {_shown(before)} again",
                remote=step.remote,
                do=lambda: control.restore(step.remote, before),
                deadline_s=conduct.pace.call_timeout_s,
            )
        )
        return Restored.RESTORED

    async def verify(self, conduct: Conduct) -> Finding:
        """Read it again: the vendor's answer to the change is not proof."""
        order = conduct.order
        try:
            async with asyncio.timeout(conduct.pace.read_timeout_s):
                control = conduct.world.issue_control()
                now = await control.status(await control.find(order.target))
        except (NpconsoleError, TimeoutError):
            return Finding(Verdict.UNKNOWN, well=False, words=f"{order.target} could not be read afterwards")
        done = self.fits(now, order)
        verdict = Verdict.HELPED if done and conduct.touched else Verdict.NO_EFFECT
        before = "" if conduct.touched else ", as it was before"
        return Finding(
            verdict, well=done, words=f"{order.target} is {_shown(now)}{before}", figures={"after": asdict(now)}
        )


class Resolve(IssueAction):
    """The action `resolve`."""

    spec: ClassVar[ActionSpec] = ActionSpec(
        id="resolve",
        title="Resolve issue",
        key="",
        danger=Danger.CONFIRM,
        role=AccessRole.OPERATOR,
        target=TargetKind.ISSUE,
        summary="Mark an issue as resolved, now or with the next release.",
        parameters=(Parameter("next-release", "flag", "Only with the next release.", default="no"),),
        effect=Effect("status", Direction.DOWN, _SOON_S, "the issue is resolved"),
        undo=Undo.ON_REQUEST,
    )

    def is_done(self, status: IssueStatus, order: Order) -> bool:
        return status.status == "resolved"

    def call(self, control: IssueControl, issue_id: str, order: Order) -> Callable[[], Awaitable[None]]:
        return lambda: control.resolve(issue_id, in_next_release=order.inputs.flag("next-release"))

    def words(self, order: Order) -> str:
        return "resolve with the next release" if order.inputs.flag("next-release") else "resolve"


class Archive(IssueAction):
    """The action `archive`."""

    spec: ClassVar[ActionSpec] = ActionSpec(
        id="archive",
        title="Archive issue",
        key="",
        danger=Danger.CONFIRM,
        role=AccessRole.OPERATOR,
        target=TargetKind.ISSUE,
        summary="Take an issue off the list until it escalates.",
        effect=Effect("status", Direction.DOWN, _SOON_S, "the issue is archived"),
        undo=Undo.ON_REQUEST,
    )

    def is_done(self, status: IssueStatus, order: Order) -> bool:
        return status.status == "ignored"

    def call(self, control: IssueControl, issue_id: str, order: Order) -> Callable[[], Awaitable[None]]:
        return lambda: control.archive(issue_id)

    def words(self, order: Order) -> str:
        return "archive until it escalates"


class Assign(IssueAction):
    """The action `assign`. The vendor makes a user of an e-mail address, so afterwards any user may be that one."""

    spec: ClassVar[ActionSpec] = ActionSpec(
        id="assign",
        title="Assign issue",
        key="",
        danger=Danger.CONFIRM,
        role=AccessRole.OPERATOR,
        target=TargetKind.ISSUE,
        summary="Give an issue to a person or a team, or to nobody.",
        parameters=(Parameter("to", "text", "user:<id>, team:<id>, an e-mail address, or nobody.", required=True),),
        effect=Effect("assigned_to", Direction.UP, _SOON_S, "the issue is theirs"),
        undo=Undo.ON_REQUEST,
    )

    def is_done(self, status: IssueStatus, order: Order) -> bool:
        return status.assigned_to == _assignee(order)

    def fits(self, status: IssueStatus, order: Order) -> bool:
        by_mail = "@" in _assignee(order) and status.assigned_to.startswith("user:")
        return by_mail or self.is_done(status, order)

    def call(self, control: IssueControl, issue_id: str, order: Order) -> Callable[[], Awaitable[None]]:
        return lambda: control.assign(issue_id, _assignee(order))

    def words(self, order: Order) -> str:
        return f"assign to {order.inputs.text('to')}"


def _assignee(order: Order) -> str:
    to = order.inputs.text("to")
    return "" if to == NOBODY else to


def _status(step: Step) -> IssueStatus:
    try:
        data: Any = json.loads(step.undo)
        return IssueStatus(**data)
    except (ValueError, TypeError):
        raise BadAnswerError(f"step {step.number} does not say what the issue was") from None


def _shown(status: IssueStatus) -> str:
    more = f" ({status.substatus})" if status.substatus else ""
    return f"{status.status}{more}, " + (
        f"assigned to {status.assigned_to}" if status.assigned_to else "assigned to nobody"
    )
