"""The run that a decision asks for."""

from npconsole.actions.guard import HEALER
from npconsole.actions.purge.selection import TYPED
from npconsole.healer.rules import PURGE
from npconsole.healer.state import Pending
from npconsole.model.action import AccessRole
from npconsole.model.run import Actor, RunRequest


def request_of(pending: Pending, *, name: str) -> RunRequest:
    """The request of a pending action, for the journal: the same for whoever asks, so that it never becomes two runs.

    `name` is who acts, such as `healer@host`. What it may do was decided with its rules, so it asks as an admin; it
    overrides nothing. What a person would have to type is there: the configuration that allows the step has said it.
    """
    everything = pending.decision.action == PURGE and any(each == "everything" for each, _ in pending.parameters)
    return RunRequest(
        action=pending.decision.action,
        target=pending.target,
        actor=Actor(name, AccessRole.ADMIN, HEALER),
        parameters=dict(pending.parameters),
        reason=f"rule {pending.decision.rule}: {pending.decision.words}",
        confirmed=True,
        typed=TYPED if everything else pending.target,
        idempotency_key=pending.decision.id,
    )
