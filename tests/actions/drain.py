"""The smallest action that always comes back, for tests of the frame: switch a pool off, hold, switch it on."""

import asyncio
import json
from dataclasses import replace
from typing import ClassVar

from npconsole.actions.conduct import Conduct
from npconsole.actions.frame import Action, Call, Draft, Order, Recovery, Restored
from npconsole.actions.guard import Guard
from npconsole.actions.guards import estate
from npconsole.actions.verdict import Finding
from npconsole.actions.world import World
from npconsole.model.action import AccessRole, ActionSpec, Danger, OnDisconnect, Parameter, TargetKind, Undo
from npconsole.model.run import PlannedCall, Step, StepState, Verdict


class Drain(Action):
    """Drains one region and always restores it."""

    spec: ClassVar[ActionSpec] = ActionSpec(
        id="drain",
        title="Drain",
        key="",
        danger=Danger.TYPED,
        role=AccessRole.ADMIN,
        target=TargetKind.REGION,
        summary="Switch a pool off and on again.",
        parameters=(Parameter("hold", "seconds", "How long.", default="30s"),),
        undo=Undo.ALWAYS,
        on_disconnect=OnDisconnect.REVERT,
    )
    guards: ClassVar[tuple[Guard, ...]] = (estate.LAST_HEALTHY, estate.NO_INCIDENT)
    recovery: ClassVar[Recovery] = Recovery.REVERT

    async def plan(self, order: Order, world: World) -> Draft:
        traffic, pool_id = world.pool_of(order.target)
        pool = await traffic.pool(pool_id)
        return Draft(
            calls=(PlannedCall("cloudflare", f"disable {pool.id}", "switch the pool off", writes=True, undo="enable"),),
            scope=(order.target, "edge"),
            takes_out=(order.target,),
            vendors=("cloudflare",),
            typed=order.target,
            deadline_s=300.0,
        )

    async def execute(self, conduct: Conduct) -> None:
        traffic, pool_id = conduct.world.pool_of(conduct.order.target)
        before = await traffic.pool(pool_id)
        await conduct.send(
            Call(
                summary=f"disable {pool_id}",
                remote=pool_id,
                do=lambda: traffic.set_enabled(pool_id, enabled=False),
                deadline_s=conduct.pace.call_timeout_s,
                undo=json.dumps({"pool": pool_id, "enabled": before.enabled, "shed": before.shed_percent}),
                sets_state=True,
            )
        )
        if self.spec.undo is Undo.ALWAYS:
            conduct.hold("drained")
            await conduct.pause(conduct.order.inputs.seconds("hold"))

    async def reconcile(self, step: Step, conduct: Conduct) -> StepState:
        traffic, pool_id = conduct.world.pool_of(conduct.order.target)
        pool = await traffic.pool(pool_id)
        return StepState.UNKNOWN if pool.enabled else StepState.APPLIED

    async def revert(self, step: Step, conduct: Conduct) -> Restored:
        traffic, pool_id = conduct.world.pool_of(conduct.order.target)
        pool, before = await traffic.pool(pool_id), json.loads(step.undo)
        if pool.shed_percent != before["shed"]:
            return Restored.CONFLICT
        if pool.enabled == before["enabled"]:
            return Restored.ALREADY
        await conduct.send(
            Call(
                summary=f"enable {pool_id}",
                remote=pool_id,
                do=lambda: traffic.set_enabled(pool_id, enabled=True),
                deadline_s=conduct.pace.call_timeout_s,
                sets_state=True,
            )
        )
        return Restored.RESTORED

    async def verify(self, conduct: Conduct) -> Finding:
        return Finding(Verdict.HELPED, well=True, words="drained and restored")


class Park(Drain):
    """Drains one region and leaves it so until somebody asks for the undo."""

    spec: ClassVar[ActionSpec] = replace(Drain.spec, id="park", undo=Undo.ON_REQUEST, on_disconnect=OnDisconnect.RUN_ON)
    recovery: ClassVar[Recovery] = Recovery.VERIFY


class Deaf(Drain):
    """Heeds no stop by itself."""

    spec: ClassVar[ActionSpec] = replace(Drain.spec, id="deaf")

    async def execute(self, conduct: Conduct) -> None:
        await super().execute(conduct)
        await asyncio.sleep(100_000)
