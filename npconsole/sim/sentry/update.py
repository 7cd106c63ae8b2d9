"""`PUT …/issues/{id}/`: what a person decides about one issue. All of the body is checked before anything is
changed."""

from collections.abc import Callable
from typing import Any

from npconsole.sim.sentry.issue import Issue, Substatus

STATUSES = ("resolved", "unresolved", "ignored", "resolvedInNextRelease", "muted")
ARCHIVED = (Substatus.ARCHIVED_FOREVER, Substatus.ARCHIVED_UNTIL_ESCALATING, Substatus.ARCHIVED_UNTIL_CONDITION_MET)
PRIORITIES = ("high", "medium", "low")

Change = Callable[[Issue], None]


class UpdateError(ValueError):
    """A field has a value that is not accepted; `problems` is the answer's body."""

    def __init__(self, field: str, value: object) -> None:
        super().__init__(f"{field}: {value!r}")
        self.problems = {field: [f'"{value}" is not a valid choice.']}


def changes(body: dict[str, Any]) -> list[Change]:
    """What the body asks for. Raises UpdateError. Keys that are not known here are ignored, as Sentry does."""
    found: list[Change] = []
    if "status" in body:
        found.append(_status(body["status"], body.get("substatus"), body.get("statusDetails")))
    if "assignedTo" in body:
        found.append(_assignment(body["assignedTo"]))
    if "priority" in body:
        found.append(_priority(body["priority"]))
    return found


def _status(status: object, substatus: object, details: object) -> Change:
    if status not in STATUSES:
        raise UpdateError("status", status)
    if status == "unresolved":
        return Issue.reopen
    if status in ("resolved", "resolvedInNextRelease"):
        later = status != "resolved" or (isinstance(details, dict) and bool(details.get("inNextRelease")))
        return lambda issue: issue.resolve(in_next_release=later)
    chosen = Substatus.ARCHIVED_UNTIL_ESCALATING if substatus is None else substatus
    if chosen not in ARCHIVED:
        raise UpdateError("substatus", substatus)
    return lambda issue: issue.archive(Substatus(str(chosen)))


def _assignment(value: object) -> Change:
    """`user:1`, `team:2`, an e-mail address, or nothing to unassign."""
    if value in (None, ""):
        actor = None
    elif isinstance(value, str) and value.partition(":")[0] in ("user", "team") and value.partition(":")[2]:
        kind, _, number = value.partition(":")
        actor = {"type": kind, "id": number, "name": f"{kind} {number}"}
    elif isinstance(value, str) and "@" in value:
        actor = {"type": "user", "id": "1", "name": value, "email": value}
    else:
        raise UpdateError("assignedTo", value)

    def assign(issue: Issue) -> None:
        issue.assigned_to = actor

    return assign


def _priority(value: object) -> Change:
    if value not in PRIORITIES:
        raise UpdateError("priority", value)

    def prioritise(issue: Issue) -> None:
        issue.priority = str(value)

    return prioritise
