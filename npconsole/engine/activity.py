"""What changed between two snapshots, in words: the lines of the activity pane. Pure."""

from collections.abc import Iterator

from npconsole.engine.sentence import name_of
from npconsole.model import quantity
from npconsole.model.issue import Issue, IssueList, Substatus
from npconsole.model.level import Level
from npconsole.model.reading import Reading
from npconsole.model.snapshot import Activity, EdgeState, Judgement, RegionState, Snapshot

_RESTART_SLACK_S = 2.0
_ISSUES_AT_ONCE = 5


def changes(before: Snapshot, after: Snapshot) -> tuple[Activity, ...]:
    """The lines that `after` adds. Both snapshots are of the same estate."""
    return (
        *_host(before, after),
        *(
            line
            for old, new in zip(before.regions, after.regions, strict=True)
            for line in _region(old, new, after.wall)
        ),
        *(line for old, new in zip(before.edges, after.edges, strict=True) for line in _edge(old, new, after.wall)),
        *_issues(before.issues, after.issues, after.wall),
        *(Activity(after.wall, "notice", "npconsole", text) for text in after.notices if text not in before.notices),
        *(
            Activity(after.wall, "notice", "npconsole", f"over: {text}")
            for text in before.notices
            if text not in after.notices
        ),
    )


def _host(before: Snapshot, after: Snapshot) -> Iterator[Activity]:
    if before.online is not False and after.online is False:
        yield Activity(
            after.wall,
            "host",
            "this host",
            "offline: nothing answers, not even the connectivity check",
            Level.UNKNOWN,
        )
    elif before.online is False and after.online is True:
        yield Activity(after.wall, "host", "this host", "online again", Level.OK)


def _region(old: RegionState, new: RegionState, wall: float) -> Iterator[Activity]:
    yield from _level(old, new, wall)
    was, now = old.health.value, new.health.value
    if was and now and was.version and now.version and was.version != now.version:
        yield Activity(wall, "deploy", new.region.id, f"now runs {now.version}, before {was.version}")
    began, begins = old.vitals.value, new.vitals.value
    if (
        began
        and begins
        and began.started_at
        and begins.started_at
        and begins.started_at > began.started_at + _RESTART_SLACK_S
    ):
        yield Activity(wall, "restart", new.region.id, f"its process restarted at {quantity.clock(begins.started_at)}")


def _edge(old: EdgeState, new: EdgeState, wall: float) -> Iterator[Activity]:
    yield from _level(old, new, wall)
    if new.answered_by and old.answered_by and new.answered_by != old.answered_by:
        yield Activity(wall, "traffic", new.edge.id, f"answered by {new.answered_by}, before by {old.answered_by}")


def _level(old: RegionState | EdgeState, new: RegionState | EdgeState, wall: float) -> Iterator[Activity]:
    begins_well = old.judgement == Judgement() and new.level is Level.OK
    if old.level is new.level or begins_well:
        return
    reason = f": {new.judgement.reason}" if new.judgement.reason else ""
    yield Activity(wall, "level", name_of(new), f"{old.level} → {new.level}{reason}", new.level)


def _issues(old: Reading[IssueList] | None, new: Reading[IssueList] | None, wall: float) -> Iterator[Activity]:
    if old is None or new is None:
        return
    if new.error and not old.error:
        yield Activity(wall, "source", "Sentry", new.error)
    elif old.error and not new.error and old.tried_at is not None:
        yield Activity(wall, "source", "Sentry", "answers again")
    if old.value is None or new.value is None or old.value is new.value:
        return
    known = {issue.id: issue for issue in old.value.issues}
    fresh = [issue for issue in new.value.issues if _is_news(known.get(issue.id), issue)]
    for issue in fresh[:_ISSUES_AT_ONCE]:
        yield Activity(wall, "issue", issue.short_id, f"{issue.substatus} {issue.level}: {issue.title}")
    if len(fresh) > _ISSUES_AT_ONCE:
        yield Activity(wall, "issue", "Sentry", f"and {len(fresh) - _ISSUES_AT_ONCE} more new or returning issues")


def _is_news(before: Issue | None, now: Issue) -> bool:
    if before is None:
        return now.substatus in (Substatus.NEW, Substatus.REGRESSED, Substatus.ESCALATING)
    return before.substatus is not now.substatus and now.substatus in (
        Substatus.REGRESSED,
        Substatus.ESCALATING,
    )
