"""From a block of the configuration to an action."""

from collections.abc import Collection, Mapping
from typing import ClassVar

from npconsole.actions.conduct import Conduct
from npconsole.actions.custom.effect import KEY, await_figure, measured, see_harm
from npconsole.actions.custom.invocation import RUN, Invocation, invocation, to_invocation
from npconsole.actions.frame import Action, Call, Draft, Order, Restored
from npconsole.actions.guard import Guard
from npconsole.actions.guards import estate
from npconsole.actions.verdict import Finding
from npconsole.actions.world import World
from npconsole.config.blocks.acting import CustomAction, CustomEffect
from npconsole.config.schema import Config
from npconsole.errors import UsageError
from npconsole.model.action import AccessRole, ActionSpec, Danger, Direction, Effect, Parameter, TargetKind, Undo
from npconsole.model.run import PlannedCall, Step, StepState

RUN_SHOWN = "RUN-ID"
"""Stands in a plan for the id of the run, which there is none of yet."""


def custom_actions(config: Config, taken: Collection[str]) -> tuple[Action, ...]:
    """The operator's own actions in their order. Raises UsageError for an id that is `taken`."""
    for number, block in enumerate(config.custom_actions):
        if block.id in taken:
            raise UsageError(f"custom_actions[{number}].id: {block.id} is a built-in action", hint="choose another id")
    return tuple(to_action(block) for block in config.custom_actions)


def to_action(block: CustomAction) -> Action:
    """The action of one block."""

    class Own(_Own):
        spec: ClassVar[ActionSpec] = to_spec(block)
        guards: ClassVar[tuple[Guard, ...]] = (estate.LAST_HEALTHY, estate.FRESH) if block.takes_out else ()

    return Own(block)


def to_spec(block: CustomAction) -> ActionSpec:
    """Everything that is derived from a spec follows from the block."""
    return ActionSpec(
        id=block.id,
        title=block.title,
        key="",
        danger=Danger(block.danger),
        role=AccessRole(block.role),
        target=TargetKind(block.target),
        summary=block.help or block.title,
        parameters=tuple(
            Parameter(each.name, each.kind, each.help, each.default, tuple(each.choices), each.required)
            for each in block.inputs
        ),
        effect=_effect(block.effect) if block.effect else None,
        undo=Undo.ON_REQUEST if block.undo else Undo.NONE,
    )


class _Own(Action):
    """An action whose calls come from its block."""

    def __init__(self, block: CustomAction) -> None:
        self._block = block

    async def plan(self, order: Order, world: World) -> Draft:
        values = _values(order, RUN_SHOWN)
        call, undo = self._do(values), self._undo(values)
        return Draft(
            calls=(
                PlannedCall(call.vendor, call.words, self.spec.title, writes=True, undo=undo.words if undo else ""),
            ),
            scope=(order.target,),
            undo=f"on request: {undo.words}" if undo else "cannot be undone",
            takes_out=(order.target,) if self._block.takes_out else (),
            objects=(order.target,),
        )

    async def execute(self, conduct: Conduct) -> None:
        """The call, once: what it does to the world is known to its author only, so it is never sent again."""
        effect, values = self.spec.effect, _values(conduct.order, conduct.run.id)
        call, undo = self._do(values), self._undo(values)
        if effect is not None:
            conduct.result[KEY] = await measured(conduct, effect.metric)
        timeout_s = float(self._block.timeout)
        said = await conduct.send(
            Call(
                summary=f"{self.spec.id}: {call.words}",
                remote=conduct.order.target,
                do=lambda: call.send(conduct.world, timeout_s),
                deadline_s=timeout_s,
                undo=undo.text() if undo else "",
            )
        )
        if said:
            conduct.say(f"it said: {said}")

    async def reconcile(self, step: Step, conduct: Conduct) -> StepState:
        """Only its author can tell: looking longer would not."""
        return StepState.UNKNOWN

    async def revert(self, step: Step, conduct: Conduct) -> Restored:
        """Once: whether it is still in force cannot be read."""
        remote, timeout_s = f"undo of step {step.number}", float(self._block.timeout)
        if any(each.remote == remote and each.state is StepState.APPLIED for each in conduct.steps):
            return Restored.ALREADY
        undo = to_invocation(step.undo)
        call = Call(f"undo: {undo.words}", remote, lambda: undo.send(conduct.world, timeout_s), timeout_s)
        await conduct.send(call)
        return Restored.RESTORED

    async def verify(self, conduct: Conduct) -> Finding:
        effect = self.spec.effect
        return await (await_figure(conduct, effect) if effect is not None else see_harm(conduct))

    def _do(self, values: Mapping[str, str]) -> Invocation:
        return invocation(self._block.do, values, sender=self.spec.id)

    def _undo(self, values: Mapping[str, str]) -> Invocation | None:
        undo = self._block.undo
        return None if undo is None else invocation(undo, values, sender=f"{self.spec.id}/undo")


def _values(order: Order, run_id: str) -> dict[str, str]:
    """What placeholders stand for. An input without a value is empty."""
    inputs = {name: values[0] if values else "" for name, values in order.inputs.values.items()}
    return {**inputs, "target": order.target, RUN: run_id}


def _effect(effect: CustomEffect) -> Effect:
    direction, within_s = Direction(effect.direction), float(effect.within)
    words = effect.words or f"{effect.metric} goes {direction.value} within {effect.within}"
    return Effect(effect.metric, direction, within_s, words)
