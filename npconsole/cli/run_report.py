"""A run and its events as JSON and as text. Times are ISO 8601 in UTC."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from npconsole.actions.outcome import exit_code
from npconsole.model.run import Run, RunEvent

SCHEMA = "npconsole.run/1"


def event_json(event: RunEvent) -> dict[str, Any]:
    """One line of the stream."""
    return {
        "schema": SCHEMA,
        "final": False,
        "run": event.run_id,
        "sequence": event.sequence,
        "at": iso(event.wall),
        "state": event.state,
        "text": event.text,
        "data": dict(event.data),
    }


def run_json(run: Run) -> dict[str, Any]:
    """The run as it stands; `final` when it has ended, and then `exit` is that of the command that waited for it."""
    return {
        "schema": SCHEMA,
        "final": run.state.is_final,
        "run": run.id,
        "action": run.request.action,
        "target": run.request.target,
        "parameters": {name: list(values) for name, values in run.request.parameters.items()},
        "actor": run.request.actor.name,
        "reason": run.request.reason,
        "created": iso(run.created_wall),
        "changed": iso(run.changed_wall),
        "state": run.state,
        "verdict": run.verdict,
        "outcome": run.outcome,
        "abort": run.abort,
        "steps": [asdict(step) for step in run.steps],
        "result": dict(run.result),
        "exit": int(exit_code(run)),
    }


def event_text(event: RunEvent) -> str:
    """For stderr, while it goes on."""
    return f"{_clock(event.wall)}  {event.state.value:<10} {event.text}"


def run_text(run: Run) -> str:
    """The end in a sentence, for stdout; a benchmark's with its report."""
    report = _report(run)
    if report:
        return f"{report}\n\n{run.request.action} {run.request.target}: {run.outcome} (run {run.id})"
    verdict = f", {run.verdict.value}" if run.verdict else ""
    outcome = f": {run.outcome}" if run.outcome else ""
    state = run.state.value.replace("_", " ")
    return f"{run.request.action} {run.request.target} {state}{verdict}{outcome} (run {run.id})"


def _report(run: Run) -> str:
    """The report of the benchmark that a run has made; empty for other runs."""
    if not isinstance(run.result.get("benchmark"), dict):
        return ""
    from npconsole.actions.benchmark.outcome import measured
    from npconsole.reports.benchmark.text import text

    found = measured(run.result)
    return text(*found) if found is not None else ""


def run_line(run: Run) -> str:
    """One line of a list."""
    verdict = run.verdict.value if run.verdict else ""
    what = f"{run.request.action} {run.request.target}"
    return f"{run.id}  {iso(run.created_wall)}  {what:<28} {run.state.value:<13} {verdict:<10} {run.request.actor.name}"


def iso(wall: float) -> str:
    """Epoch seconds as people and programs read them."""
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _clock(wall: float) -> str:
    return datetime.fromtimestamp(wall).astimezone().strftime("%H:%M:%S")
