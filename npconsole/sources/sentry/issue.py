"""One element of Sentry's issue list as an Issue."""

from collections.abc import Mapping
from typing import Any

from npconsole.model.issue import Issue, IssueLevel, Substatus
from npconsole.sources.sentry.fields import count, mapping, release, tags, text, wall


def parse_issue(data: Mapping[str, Any], *, region_tag: str) -> Issue | None:
    """The issue, or None when it has no id. `release` and `region` are empty when the list does not carry them."""
    issue_id = text(data.get("id"), limit=64)
    if not issue_id:
        return None
    project = mapping(data.get("project"))
    return Issue(
        id=issue_id,
        short_id=text(data.get("shortId"), limit=80) or issue_id,
        title=text(data.get("title"), limit=500),
        culprit=text(data.get("culprit")),
        project=text(project.get("slug")) or text(project.get("name")),
        level=_level(data.get("level")),
        substatus=_substatus(data.get("substatus")),
        count=count(data.get("count")),
        users=count(data.get("userCount")),
        first_seen=wall(data.get("firstSeen")),
        last_seen=wall(data.get("lastSeen")),
        permalink=_link(data.get("permalink")),
        assigned_to=_assignee(data.get("assignedTo")),
        release=release(data.get("lastRelease")) or release(data.get("firstRelease")),
        region=dict(tags(data.get("tags"))).get(region_tag, ""),
        unhandled=data.get("isUnhandled") is True,
    )


def _level(value: object) -> IssueLevel:
    return next((level for level in IssueLevel if level.value == value), IssueLevel.UNKNOWN)


def _substatus(value: object) -> Substatus:
    return next((substatus for substatus in Substatus if substatus.value == value), Substatus.UNKNOWN)


def _assignee(value: object) -> str:
    actor = mapping(value)
    return text(actor.get("name")) or text(actor.get("email")) or text(value)


def _link(value: object) -> str:
    """A link that may be opened: anything but http and https is dropped."""
    link = text(value, limit=1000)
    return link if link.startswith(("https://", "http://")) and "…" not in link else ""
