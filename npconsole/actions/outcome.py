"""What a run's end says to a shell."""

from npconsole.errors import ExitCode
from npconsole.model.run import Run, RunState

_BY_STATE = {
    RunState.REFUSED: ExitCode.REFUSED,
    RunState.FAILED: ExitCode.FAILED,
    RunState.SUCCEEDED: ExitCode.OK,
    RunState.DEGRADED: ExitCode.UNVERIFIED,
    RunState.REVERTED: ExitCode.OK,
    RunState.CONFLICT: ExitCode.UNVERIFIED,
    RunState.CANCELLED: ExitCode.CANCELLED,
    RunState.REVERT_FAILED: ExitCode.UNVERIFIED,
}


def exit_code(run: Run) -> ExitCode:
    """The exit code that the runner wrote down, else that of the state; out of time while the run is still open."""
    if not run.state.is_final:
        return _BY_STATE.get(run.state, ExitCode.UNREACHABLE)
    written = run.result.get("exit")
    try:
        return ExitCode(written) if isinstance(written, int) else _BY_STATE[run.state]
    except ValueError:
        return _BY_STATE[run.state]
