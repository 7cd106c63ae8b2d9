"""Any start of npconsole has the runs of dead owners finished, each by a process of its own."""

from npconsole.errors import ExitCode, FencedError, ProcessError, StoreError
from npconsole.model.journal import Journal
from npconsole.model.run import Run, RunState
from npconsole.net.process import Detached
from npconsole.net.text import clean
from npconsole.wiring.launch import Launcher


def orphans(journal: Journal) -> list[Run]:
    """Begun runs that have not ended and whose lease has expired. Raises StoreError."""
    return [run for run in journal.runs(open_only=True, limit=1000) if run.fence and not _is_held(journal, run)]


def start_recovery(journal: Journal, launcher: Launcher) -> list[Detached]:
    """Start somebody on each orphan. Never raises: it must not keep a person waiting."""
    if launcher.read_only:
        return []
    try:
        return [launcher.recover(run.id) for run in orphans(journal)]
    except (StoreError, ProcessError):
        return []


def close_unbegun(journal: Journal, run: Run, why: str) -> Run:
    """End a request that no runner will ever begin: nothing was sent. The run as it is then.

    Raises StoreError; a run that somebody has begun meanwhile stays as it is.
    """
    words, result = clean(f"nothing was sent: {why}"), {"exit": int(ExitCode.FAILED)}
    try:
        return journal.advance(run.id, RunState.FAILED, words, lease=None, outcome=words, result=result)
    except FencedError:
        return journal.run(run.id) or run


def _is_held(journal: Journal, run: Run) -> bool:
    """Whether the run's own lease is in force. What it is on stands in the event of its intent."""
    named = [event.data["targets"] for event in journal.events(run.id) if "targets" in event.data]
    targets = named[-1] if named and isinstance(named[-1], list) and named[-1] else [run.request.target]
    lease = journal.consult("", lambda ledger: ledger.lease_on(str(targets[0])))
    return lease is not None and lease.run_id == run.id
