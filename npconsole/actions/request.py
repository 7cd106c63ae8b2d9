"""The side that asks: from what a person typed or pressed to a request in the journal, and its watching to the end."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import assert_never

from npconsole.actions.frame import Action
from npconsole.actions.gate import guards_of
from npconsole.actions.guards.access import quoted
from npconsole.actions.inputs import check_inputs
from npconsole.actions.targets import resolve_target
from npconsole.config.nearest import suggestion
from npconsole.errors import RefusedError, StoreError, UsageError
from npconsole.model.action import Danger
from npconsole.model.clock import Clock
from npconsole.model.estate import Estate
from npconsole.model.journal import Journal
from npconsole.model.run import Actor, Plan, Presence, Run, RunEvent, RunRequest
from npconsole.net.text import clean

POLL_S = 0.2
BEAT_S = 5.0


def ask(
    action: Action,
    target: str,
    parameters: Mapping[str, Sequence[str]],
    *,
    actor: Actor,
    estate: Estate,
    reason: str = "",
    overrides: Sequence[str] = (),
    idempotency_key: str = "",
) -> RunRequest:
    """A request that makes sense, not yet confirmed.

    Raises UsageError with the nearest word for a target, parameter or guard that there is not, and for an override
    without a reason.
    """
    known = {guard.name: guard for guard in guards_of(action)}
    for name in overrides:
        if name not in known:
            near = suggestion(name, known)
            raise UsageError(f"{action.spec.id} has no guard {clean(name, limit=60)!r}{near}")
        if not known[name].overridable:
            free = ", ".join(each for each, guard in known.items() if guard.overridable)
            raise UsageError(f"the guard {name} cannot be overridden", hint=f"those that can be: {free}")
    reason = clean(reason).strip()
    if overrides and not reason:
        raise UsageError("a guard is not overridden without a reason", hint="say why with --reason")
    return RunRequest(
        action=action.spec.id,
        target=resolve_target(action.spec.target, target, estate),
        actor=actor,
        parameters=dict(check_inputs(action.spec, parameters).values),
        reason=reason,
        overrides=tuple(overrides),
        idempotency_key=idempotency_key,
    )


def require_confirmation(plan: Plan, *, confirmed: bool, typed: str) -> None:
    """Raise RefusedError with the exact flag to add, when the plan's danger asks for more than was given."""
    needed = plan.typed or plan.target
    match plan.danger:
        case Danger.SAFE:
            return
        case Danger.CONFIRM:
            if not confirmed:
                raise RefusedError(f"{plan.action} {plan.target} was not confirmed", hint="add --yes")
        case Danger.TYPED:
            if typed != needed:
                raise RefusedError(
                    f"{plan.action} {plan.target} was not confirmed by its name", hint=f"add --confirm {quoted(needed)}"
                )
        case _:
            assert_never(plan.danger)


def confirm(request: RunRequest, plan: Plan, *, confirmed: bool, typed: str) -> RunRequest:
    """The request as it is written into the journal: bound to the plan that was seen. Raises RefusedError."""
    require_confirmation(plan, confirmed=confirmed, typed=typed)
    return replace(request, target=plan.target, confirmed=confirmed, typed=typed, plan_digest=plan.digest)


async def watch(
    journal: Journal,
    run_id: str,
    *,
    clock: Clock,
    on_event: Callable[[RunEvent], None],
    presence: Callable[[], Presence] | None = None,
    timeout_s: float | None = None,
) -> Run:
    """Pass on every event of a run until it has ended; the run, still open when `timeout_s` has passed before.

    With a presence, this is also the operator's heartbeat of the run: without it a drill reverts.
    """
    began, beaten, seen = clock.now(), float("-inf"), 0
    while True:
        now = clock.now()
        if presence is not None and now - beaten >= BEAT_S:
            with suppress(StoreError):  # a heartbeat that was missed is no reason to look away
                journal.beat(presence(), watching=(run_id,))
            beaten = now
        run = journal.run(run_id)
        if run is None:
            raise UsageError(f"there is no run {clean(run_id, limit=60)!r}")
        for event in journal.events(run_id, seen):
            on_event(event)
            seen = event.sequence
        if run.state.is_final or (timeout_s is not None and now - began >= timeout_s):
            return run
        await asyncio.sleep(POLL_S)
