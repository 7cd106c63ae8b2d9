"""Restart a region's service: the live deployment once, without a build.

A restart names a change, not a state, so it is never sent a second time. Whether one happened shows in the deployment's
time stamp, which moves although its id and its word stay the same.
"""

import json
from typing import ClassVar

from npconsole.actions.conduct import Conduct
from npconsole.actions.frame import Action, Call, Draft, Order
from npconsole.actions.guard import Guard
from npconsole.actions.guards import estate, ledger, vendors
from npconsole.actions.together import regions_together
from npconsole.actions.world import World
from npconsole.errors import NotAppliedError, SourceError
from npconsole.model.action import AccessRole, ActionSpec, Danger, Direction, Effect, OnDisconnect, TargetKind, Undo
from npconsole.model.controls import Deployment, DeploymentState, ServiceControl
from npconsole.model.run import PlannedCall, Step, StepState

VENDOR = "railway"
_RUNNING = "RUNNING"
_RECENT = 3


class Restart(Action):
    """The action `restart`."""

    spec: ClassVar[ActionSpec] = ActionSpec(
        id="restart",
        title="Restart service",
        key="R",
        danger=Danger.CONFIRM,
        role=AccessRole.OPERATOR,
        target=TargetKind.REGION,
        summary="Restart a region's service, once, and measure whether it helped.",
        effect=Effect("p95_ms", Direction.DOWN, 180.0, "the region answers healthy and p95 falls, within 3 min"),
        undo=Undo.NONE,
        on_disconnect=OnDisconnect.RUN_ON,
    )
    guards: ClassVar[tuple[Guard, ...]] = (
        estate.LAST_HEALTHY,
        estate.FRESH,
        ledger.IN_BUDGET,
        ledger.COOLED_DOWN,
        vendors.DEPLOYING,
    )

    async def plan(self, order: Order, world: World) -> Draft:
        control = world.service_of(order.target)
        live = await control.live()
        under_way = [each for each in await control.recent(_RECENT) if _moving(each) and each.id != live.id]
        together = await regions_together(order.target, live, world)
        notes = [f"deployment {live.id} of commit {live.commit[:12]}"] if live.commit else []
        if len(together) > 1:
            notes.append(f"one deployment serves {', '.join(together)}: all of them restart")
        return Draft(
            calls=(
                PlannedCall(VENDOR, f"deploymentRestart {live.id}", "restart the live deployment", writes=True),
                PlannedCall(VENDOR, f"deployment {live.id}", "watch its time stamp and instances", writes=False),
            ),
            scope=together,
            undo="a restart cannot be undone",
            takes_out=together,
            vendors=(VENDOR,),
            objects=(f"deployment {live.id}",),
            notes=tuple(notes),
            deployments=(live, *under_way),
        )

    async def execute(self, conduct: Conduct) -> None:
        """Resolve the live deployment again right before, restart it, and watch it come back."""
        control = conduct.world.service_of(conduct.order.target)
        try:
            live = await control.live()
        except SourceError as error:
            raise NotAppliedError(f"nothing was sent: {error.message}", exit_code=error.exit_code) from None
        planned = conduct.draft.deployments[0].id if conduct.draft and conduct.draft.deployments else live.id
        if live.id != planned:
            raise NotAppliedError(f"nothing was sent: deployment {live.id} went live since the plan was made")
        await conduct.send(
            Call(
                summary=f"deploymentRestart {live.id}",
                remote=_trace(live),
                do=lambda: control.restart(live.id),
                deadline_s=conduct.pace.call_timeout_s,
            )
        )
        await self._watch(conduct, control, live)

    async def reconcile(self, step: Step, conduct: Conduct) -> StepState:
        """Applied once the time stamp or the instances have moved. That they have not yet proves nothing."""
        before = _traced(step.remote)
        control = conduct.world.service_of(conduct.order.target)
        now = await control.deployment(str(before["deployment"]))
        return StepState.APPLIED if _moved(before, now) else StepState.UNKNOWN

    async def _watch(self, conduct: Conduct, control: ServiceControl, before: Deployment) -> None:
        """Until it runs again, or for half the time that the effect may take; verification has the last word."""
        effect = self.spec.effect
        end = conduct.clock.now() + (effect.deadline_s / 2 if effect else 0.0)
        said = ""
        while conduct.clock.now() < end:
            await conduct.pause(conduct.pace.reread_s)
            try:
                now = await control.deployment(before.id)
            except SourceError as error:
                conduct.say(f"the deployment cannot be read: {error.message}")
                continue
            words = _words(now)
            if words != said:
                conduct.say(words, {"deployment": now.id, "state": now.state.value, "changed": now.changed})
            said = words
            if _moved(_traced(_trace(before)), now) and _runs(now):
                return


def _trace(deployment: Deployment) -> str:
    """What a later look is compared with, as JSON text."""
    trace = {
        "deployment": deployment.id,
        "changed": deployment.changed,
        "instances": sorted(each for each, _ in deployment.instances),
    }
    return json.dumps(trace, ensure_ascii=True)


def _traced(remote: str) -> dict[str, object]:
    found = json.loads(remote)
    return found if isinstance(found, dict) else {}


def _moved(before: dict[str, object], now: Deployment) -> bool:
    """Whether it was restarted since. A removed deployment was replaced by another, which says nothing."""
    if now.state is DeploymentState.REMOVED:
        return False
    instances = sorted(each for each, _ in now.instances)
    return now.changed != before["changed"] or instances != before["instances"]


def _moving(deployment: Deployment) -> bool:
    return deployment.state in (DeploymentState.CHANGING, DeploymentState.PENDING)


def _runs(deployment: Deployment) -> bool:
    words = [word.upper() for _, word in deployment.instances]
    return deployment.state is DeploymentState.LIVE and all(word == _RUNNING for word in words)


def _words(deployment: Deployment) -> str:
    instances = ", ".join(sorted(word.lower() for _, word in deployment.instances))
    return f"deployment {deployment.word.lower()}" + (f", instances {instances}" if instances else "")
