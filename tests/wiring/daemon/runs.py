"""Runs and requests as tests of the daemon need them."""

from collections.abc import Mapping

from npconsole.model.action import AccessRole
from npconsole.model.run import Actor, Run, RunRequest, RunState

HEALER = Actor("healer@here", AccessRole.ADMIN, "heal")


def request(action: str = "restart", target: str = "us-east", *, key: str = "heal-1") -> RunRequest:
    return RunRequest(action, target, HEALER, reason="slow", confirmed=True, idempotency_key=key)


def run(
    run_id: str,
    state: RunState = RunState.SUCCEEDED,
    *,
    action: str = "restart",
    wall: float = 100.0,
    result: Mapping[str, object] | None = None,
) -> Run:
    return Run(run_id, request(action), state, wall, wall, result=result or {})
