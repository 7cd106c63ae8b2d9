"""Issues and events in the shape the API documents (https://docs.sentry.io/api/events/)."""

from collections.abc import Mapping
from typing import Any

from npconsole.sim.clock import Clock
from npconsole.sim.sentry.event import Event, as_list, as_mapping, iso
from npconsole.sim.sentry.issue import HOUR_S, Issue
from npconsole.sim.sentry.store import Project


def issue_answer(issue: Issue, project: Project, organization: str, clock: Clock) -> dict[str, Any]:
    """One element of the issue list. `count` is a string, as Sentry writes it; fields that need `expand` are absent."""
    latest = issue.latest
    resolved = issue.status == "resolved"
    return {
        "id": issue.id,
        "shareId": None,
        "shortId": issue.short_id,
        "title": latest.title,
        "culprit": latest.culprit,
        "permalink": f"https://sentry.io/organizations/{organization}/issues/{issue.id}/",
        "logger": latest.raw.get("logger"),
        "level": latest.level,
        "status": issue.status,
        "statusDetails": {"inNextRelease": True} if resolved and issue.resolved_releases is not None else {},
        "substatus": issue.substatus(clock.now_s()),
        "isPublic": False,
        "platform": latest.raw.get("platform") or project.platform,
        "project": {"id": project.id, "name": project.slug, "slug": project.slug, "platform": project.platform},
        "type": "error" if latest.exception else "default",
        "metadata": metadata(latest),
        "numComments": 0,
        "assignedTo": issue.assigned_to,
        "isBookmarked": False,
        "isSubscribed": False,
        "subscriptionDetails": None,
        "hasSeen": False,
        "annotations": [],
        "issueType": "error",
        "issueCategory": "error",
        "priority": issue.priority,
        "priorityLockedAt": None,
        "seerFixabilityScore": None,
        "seerAutofixLastTriggered": None,
        "seerExplorerAutofixLastTriggered": None,
        "isUnhandled": latest.unhandled,
        "count": str(issue.count),
        "userCount": len(issue.users),
        "firstSeen": iso(issue.first_wall),
        "lastSeen": iso(issue.last_wall),
        "filtered": None,
        "lifetime": None,
        "matchingEventId": None,
        "matchingEventEnvironment": None,
        "stats": {"24h": _hours(issue, clock.wall())},
    }


def issue_detail(issue: Issue, project: Project, organization: str, clock: Clock) -> dict[str, Any]:
    """One issue by itself: the list's fields and more."""
    return issue_answer(issue, project, organization, clock) | {
        "activity": [{"id": "0", "type": "first_seen", "user": None, "data": {}, "dateCreated": iso(issue.first_wall)}],
        "seenBy": [],
        "participants": [],
        "userReportCount": 0,
        "firstRelease": _release(issue.first_release, issue.first_wall),
        "lastRelease": _release(issue.latest.release, issue.last_wall),
        "tags": [
            {"key": key, "name": key.title(), "totalValues": number} for key, number in sorted(issue.tag_counts.items())
        ],
    }


def event_answer(event: Event, issue: Issue, project: Project) -> dict[str, Any]:
    """One event with its entries."""
    ordered = sorted(issue.events, key=lambda each: each.sent_wall)
    place = ordered.index(event)
    return {
        "id": event.id,
        "eventID": event.id,
        "groupID": issue.id,
        "projectID": project.id,
        "title": event.title,
        "message": event.message,
        "culprit": event.culprit,
        "location": None,
        "platform": event.raw.get("platform") or "other",
        "type": "error" if event.exception else "default",
        "dateCreated": iso(event.sent_wall),
        "dateReceived": iso(event.received_wall),
        "tags": [{"key": key, "value": value} for key, value in sorted(event.tags.items())],
        "user": _user(event),
        "release": _release(event.release, issue.first_wall),
        "entries": _entries(event),
        "contexts": as_mapping(event.raw.get("contexts")),
        "context": as_mapping(event.raw.get("extra")),
        "metadata": metadata(event),
        "sdk": {key: as_mapping(event.raw.get("sdk")).get(key) for key in ("name", "version")},
        "packages": {},
        "errors": [],
        "size": len(str(event.raw)),
        "dist": None,
        "nextEventID": ordered[place + 1].id if place + 1 < len(ordered) else None,
        "previousEventID": ordered[place - 1].id if place else None,
        "userReport": None,
        "occurrence": None,
        "resolvedWith": [],
        "sdkUpdates": [],
        "_meta": {},
        "crashFile": None,
        "fingerprints": [],
    }


def metadata(event: Event) -> dict[str, Any]:
    """What the title is made of."""
    if not event.exception:
        return {"title": event.title}
    frame = event.frames[-1] if event.frames else {}
    return {
        "type": event.exception.get("type"),
        "value": event.exception.get("value"),
        "filename": frame.get("filename"),
        "function": frame.get("function"),
    }


def _hours(issue: Issue, wall: float) -> list[list[int]]:
    last = int(wall // HOUR_S)
    return [[hour * HOUR_S, issue.by_hour.get(hour, 0)] for hour in range(last - 23, last + 1)]


def _release(version: str, wall: float) -> dict[str, Any] | None:
    if not version:
        return None
    short = version.rpartition("@")[2]
    return {
        "version": version,
        "shortVersion": short,
        "dateCreated": iso(wall),
        "dateReleased": None,
        "ref": None,
        "url": None,
    }


def _user(event: Event) -> dict[str, Any] | None:
    user = as_mapping(event.raw.get("user"))
    if not user:
        return None
    return {key: user.get(key) for key in ("id", "email", "username", "ip_address", "name")} | {"data": None}


def _entries(event: Event) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    if event.exception:
        values = as_list(as_mapping(event.raw.get("exception")).get("values"))
        chain = [_exception(value) for value in values if isinstance(value, dict)]
        entries.append({"type": "exception", "data": {"values": chain, "hasSystemFrames": False, "excOmitted": None}})
    elif event.message:
        entries.append({"type": "message", "data": {"formatted": event.message}})
    crumbs = as_list(as_mapping(event.raw.get("breadcrumbs")).get("values"))
    if crumbs:
        entries.append({"type": "breadcrumbs", "data": {"values": crumbs}})
    if event.raw.get("request"):
        entries.append({"type": "request", "data": event.raw["request"]})
    return entries


def _exception(value: Mapping[str, Any]) -> dict[str, Any]:
    frames = as_list(as_mapping(value.get("stacktrace")).get("frames"))
    trace = {"frames": [_frame(frame) for frame in frames if isinstance(frame, dict)], "framesOmitted": None}
    return {
        "type": value.get("type"),
        "value": value.get("value"),
        "module": value.get("module"),
        "mechanism": value.get("mechanism"),
        "threadId": None,
        "stacktrace": trace | {"registers": None, "hasSystemFrames": False},
        "rawStacktrace": None,
    }


def _frame(frame: Mapping[str, Any]) -> dict[str, Any]:
    """An SDK's frame in the API's names, its source lines as [number, line] pairs."""
    number = frame.get("lineno") if isinstance(frame.get("lineno"), int) else 0
    before = as_list(frame.get("pre_context"))
    lines = [*before, frame.get("context_line"), *as_list(frame.get("post_context"))]
    context = [[(number or 0) - len(before) + place, line] for place, line in enumerate(lines) if line is not None]
    return {
        "filename": frame.get("filename"),
        "absPath": frame.get("abs_path"),
        "module": frame.get("module"),
        "function": frame.get("function"),
        "lineNo": frame.get("lineno"),
        "colNo": frame.get("colno"),
        "inApp": bool(frame.get("in_app")),
        "context": context,
        "vars": frame.get("vars"),
        "package": None,
        "platform": None,
        "errors": None,
    }
