"""The actions `redeploy` and `rollback`. Each names a change, not a state, so neither is ever sent a second time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from npconsole.actions.conduct import Conduct
from npconsole.actions.frame import Action, Call, Draft, Order
from npconsole.actions.guard import Guard
from npconsole.actions.guards import estate, vendors
from npconsole.actions.redeploy.change import RECENT, Before, happened, see_through
from npconsole.actions.together import regions_together
from npconsole.actions.world import World
from npconsole.errors import NotAppliedError, SourceError, UsageError
from npconsole.model.action import AccessRole, ActionSpec, Danger, Direction, Effect, Parameter, TargetKind
from npconsole.model.controls import Deployment, DeploymentState, ServiceControl
from npconsole.model.run import PlannedCall, Step, StepState

VENDOR = "railway"
BUILD_S = 900.0
"""How long a build and a deploy may take."""

_EFFECT = Effect(
    "p95_ms", Direction.DOWN, 180.0, "the region answers healthy and p95 falls, within 3 min of the deploy"
)
_UNDER_WAY = (DeploymentState.CHANGING, DeploymentState.PENDING)
GUARDS: tuple[Guard, ...] = (estate.LAST_HEALTHY, estate.FRESH, vendors.DEPLOYING)


@dataclass(frozen=True, slots=True)
class Service:
    """A region's service as it is now: what is live, and what was deployed lately."""

    control: ServiceControl
    live: Deployment
    recent: Sequence[Deployment]

    @property
    def before(self) -> Before:
        return Before.of(self.live, self.recent)

    def draft(
        self, call: PlannedCall, scope: tuple[str, ...], *, undo: str, notes: tuple[str, ...], problem: str
    ) -> Draft:
        """The part of the plan that both actions share."""
        moving = tuple(each for each in self.recent if each.state in _UNDER_WAY and each.id != self.live.id)
        return Draft(
            calls=(call, PlannedCall(VENDOR, "deployments", "watch the new one come up", writes=False)),
            scope=scope,
            undo=undo,
            takes_out=scope,
            vendors=(VENDOR,),
            objects=(f"deployment {self.live.id}",),
            notes=notes,
            problem=problem,
            deployments=(self.live, *moving),
        )

    async def replace(self, conduct: Conduct, summary: str, do: Callable[[], Awaitable[Any]]) -> None:
        """Send the one call, and see the new deployment come up."""
        before = self.before
        await conduct.send(Call(summary=summary, remote=before.text(), do=do, deadline_s=conduct.pace.call_timeout_s))
        await see_through(conduct, self.control, before, within_s=BUILD_S)


class Redeploy(Action):
    """Deploys the live image again."""

    spec: ClassVar[ActionSpec] = ActionSpec(
        id="redeploy",
        title="Redeploy service",
        key="",
        danger=Danger.CONFIRM,
        role=AccessRole.OPERATOR,
        target=TargetKind.REGION,
        summary="Deploy the image that is live in a region once more, as a new deployment.",
        effect=_EFFECT,
    )
    guards: ClassVar[tuple[Guard, ...]] = GUARDS

    async def plan(self, order: Order, world: World) -> Draft:
        service = await _service(order.target, world)
        live = service.live
        return service.draft(
            PlannedCall(VENDOR, f"deploymentRedeploy {live.id}", "deploy the live image again", writes=True),
            await regions_together(order.target, live, world),
            undo=f"by hand: `npconsole run rollback {order.target}`",
            notes=_commit(live, "commit"),
            problem="" if live.can_redeploy else f"deployment {live.id} cannot be deployed again, says the vendor",
        )

    async def execute(self, conduct: Conduct) -> None:
        """The deployment that was planned, if it still is the live one."""
        service = await _planned(conduct)
        live = service.live
        await service.replace(conduct, f"deploymentRedeploy {live.id}", lambda: service.control.redeploy(live.id))

    async def reconcile(self, step: Step, conduct: Conduct) -> StepState:
        return await happened(step, conduct.world.service_of(conduct.order.target))


class Rollback(Action):
    """Makes an earlier deployment the live one."""

    spec: ClassVar[ActionSpec] = ActionSpec(
        id="rollback",
        title="Roll back service",
        key="",
        danger=Danger.CONFIRM,
        role=AccessRole.OPERATOR,
        target=TargetKind.REGION,
        summary="Go back to the deployment before the live one, or to an earlier one.",
        parameters=(Parameter("to", "text", "Id of the deployment to go back to; else the one before."),),
        effect=_EFFECT,
    )
    guards: ClassVar[tuple[Guard, ...]] = GUARDS

    async def plan(self, order: Order, world: World) -> Draft:
        service = await _service(order.target, world)
        earlier = _earlier(service, order.inputs.text("to"))
        scope = await regions_together(order.target, service.live, world)
        return service.draft(
            PlannedCall(VENDOR, f"deploymentRollback {earlier.id}", f"go back to {_shown(earlier)}", writes=True),
            scope,
            undo=f"by hand: `npconsole run rollback {order.target} --param to={service.live.id}`",
            notes=(*_commit(service.live, "live: commit"), *_commit(earlier, "back to commit")),
            problem="",
        )

    async def execute(self, conduct: Conduct) -> None:
        service = await _planned(conduct)
        earlier = _earlier(service, conduct.order.inputs.text("to"))
        summary = f"deploymentRollback {earlier.id}"
        if conduct.draft is None or conduct.draft.calls[0].call != summary:
            raise NotAppliedError("nothing was sent: another deployment is the one before, since the plan was made")
        await service.replace(conduct, summary, lambda: service.control.rollback(earlier.id))

    async def reconcile(self, step: Step, conduct: Conduct) -> StepState:
        return await happened(step, conduct.world.service_of(conduct.order.target))


async def _service(target: str, world: World) -> Service:
    control = world.service_of(target)
    live, recent = await asyncio.gather(control.live(), control.recent(RECENT))
    return Service(control, live, recent)


async def _planned(conduct: Conduct) -> Service:
    """The service, right before the call. Raises NotAppliedError when another deployment is live than planned."""
    try:
        async with asyncio.timeout(conduct.pace.read_timeout_s):
            service = await _service(conduct.order.target, conduct.world)
    except (SourceError, TimeoutError) as error:
        reason = error.message if isinstance(error, SourceError) else "no answer in time"
        raise NotAppliedError(f"nothing was sent: {reason}") from None
    if conduct.draft is None or service.live.id != conduct.draft.deployments[0].id:
        raise NotAppliedError(f"nothing was sent: deployment {service.live.id} went live since the plan was made")
    return service


def _earlier(service: Service, wanted: str) -> Deployment:
    """The deployment to go back to. Raises UsageError when there is none that the vendor can go back to."""
    live = service.live
    possible = [each for each in service.recent if each.can_rollback and each.id != live.id]
    if wanted:
        possible = [each for each in possible if each.id == wanted]
    elif live.created:
        possible = [each for each in possible if each.created < live.created]
    if not possible:
        what = f"to {wanted}" if wanted else f"from {live.id}"
        raise UsageError(f"there is no way back {what}: the vendor keeps no image of an earlier deployment")
    return max(possible, key=lambda each: each.created)


def _commit(deployment: Deployment, label: str) -> tuple[str, ...]:
    return (f"{label} {deployment.commit[:12]}",) if deployment.commit else ()


def _shown(deployment: Deployment) -> str:
    return f"deployment {deployment.id}" + (f" of {deployment.created}" if deployment.created else "")
