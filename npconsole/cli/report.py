"""A snapshot as JSON and as a table of text, for commands. Figures carry their unit; times are ISO 8601 in UTC."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TypeVar

from npconsole.engine.sentence import sentence
from npconsole.model import quantity
from npconsole.model.issue import Issue, IssueList
from npconsole.model.reading import Reading
from npconsole.model.snapshot import EdgeState, Judgement, RegionState, Snapshot
from npconsole.model.vitals import Health, Lag, Vitals

T = TypeVar("T")


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    """`npconsole.status/1`."""
    said = sentence(snapshot, utc=True)
    return {
        "schema": "npconsole.status/1",
        "at": _iso(snapshot.wall),
        "environment": snapshot.estate.name,
        "tier": snapshot.estate.tier,
        "level": snapshot.overall.level,
        "sentence": said.phrase(snapshot.wall, utc=True),
        "details": list(said.details),
        "online": snapshot.online,
        "notices": list(snapshot.notices),
        "regions": [_region(state, snapshot) for state in snapshot.regions],
        "edges": [_edge(state, snapshot) for state in snapshot.edges],
        "issues": None if snapshot.issues is None else _issues(snapshot),
    }


def as_text(snapshot: Snapshot, *, brief: bool) -> str:
    """The status sentence, and unless `brief` a line per region and edge and the issues."""
    said = sentence(snapshot)
    first = f"{said.level.glyph} {said.phrase(snapshot.wall)}"
    if brief:
        return first
    rows = [_HEADER, *(_row(state, snapshot) for state in snapshot.regions)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    notices = [f"! {notice}" for notice in snapshot.notices]
    return "\n".join([first, "", *table, "", *_edge_lines(snapshot), *_issue_lines(snapshot), *notices]).rstrip()


_HEADER = ("level", "region", "p50", "p95", "p99", "errors", "requests", "lag", "version", "age", "why")


def _row(state: RegionState, snapshot: Snapshot) -> tuple[str, ...]:
    vitals = state.vitals.value or Vitals()
    lag = state.lag.value.seconds if state.lag and state.lag.value else None
    return (
        f"{state.level.glyph} {state.level}",
        state.region.id,
        quantity.latency(vitals.p50_ms),
        quantity.latency(vitals.p95_ms),
        quantity.latency(vitals.p99_ms),
        quantity.percent(vitals.error_ratio),
        quantity.rate(vitals.request_rate),
        quantity.lag(lag),
        state.health.value.version if state.health.value else "",
        quantity.duration(_oldest(state, snapshot.now)),
        state.judgement.reason or state.judgement.pending,
    )


def _oldest(state: RegionState, now: float) -> float | None:
    ages = [reading.age_s(now) for reading in (state.health, state.vitals) if reading.at is not None]
    return max((age for age in ages if age is not None), default=None)


def _edge_lines(snapshot: Snapshot) -> list[str]:
    lines = []
    for state in snapshot.edges:
        answered = f", answered by {state.answered_by}" if state.answered_by else ""
        why = f": {state.judgement.reason}" if state.judgement.reason else ""
        lines.append(f"{state.level.glyph} {state.edge.id} {state.level}{answered}{why}")
    return lines


def _issue_lines(snapshot: Snapshot) -> list[str]:
    if snapshot.issues is None:
        return []
    reading = snapshot.issues
    if reading.value is None:
        return [f"Sentry: {reading.error or 'no answer yet'}"]
    issues = reading.value.issues
    age = quantity.duration(reading.age_s(snapshot.now))
    more = "" if reading.value.complete else " or more"
    lines = [f"Sentry: {len(issues)}{more} unresolved, {age} old{f' ({reading.error})' if reading.error else ''}"]
    lines += [
        f"  {issue.level:<8}{issue.substatus:<11}{issue.short_id}  {issue.title}  "
        f"{quantity.count(issue.count)} events, {quantity.count(issue.users)} users"
        for issue in issues[:10]
    ]
    if len(issues) > 10:
        lines.append(f"  and {len(issues) - 10} more; all of them: --json")
    return lines


def _region(state: RegionState, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": state.region.id,
        "service": state.region.service,
        "role": state.region.role,
        **_judgement(state.judgement, snapshot),
        "health": _reading(state.health, snapshot, _health),
        "vitals": _reading(state.vitals, snapshot, _vitals),
        "lag": None if state.lag is None else _reading(state.lag, snapshot, _lag),
    }


def _edge(state: EdgeState, snapshot: Snapshot) -> dict[str, Any]:
    since = state.answered_since
    return {
        "id": state.edge.id,
        "service": state.edge.service,
        **_judgement(state.judgement, snapshot),
        "answered_by": state.answered_by or None,
        "answered_since": None if since is None else _iso(snapshot.wall_of(since)),
        "health": _reading(state.health, snapshot, _health),
    }


def _judgement(judgement: Judgement, snapshot: Snapshot) -> dict[str, Any]:
    since = judgement.since
    return {
        "level": judgement.level,
        "reason": judgement.reason,
        "since": None if since is None else _iso(snapshot.wall_of(since)),
        "pending": judgement.pending,
    }


def _reading(reading: Reading[T], snapshot: Snapshot, fields: Callable[[T | None], dict[str, Any]]) -> dict[str, Any]:
    age = reading.age_s(snapshot.now)
    return {
        "freshness": reading.freshness,
        "age_s": None if age is None else round(age, 3),
        "error": reading.error,
        **fields(reading.value),
    }


def _health(health: Health | None) -> dict[str, Any]:
    if health is None:
        return {}
    return {
        "healthy": health.healthy,
        "failure": health.failure,
        "status": health.status,
        "word": health.word,
        "version": health.version,
        "uptime_s": health.uptime_s,
        "detail": health.detail,
        "cf_ray": health.cf_ray,
        "timings": {name: _rounded(value) for name, value in asdict(health.timings).items()},
        "fields": dict(health.fields),
    }


def _vitals(vitals: Vitals | None) -> dict[str, Any]:
    if vitals is None:
        return {}
    figures = asdict(vitals)
    started = figures.pop("started_at")
    rounded = {name: _rounded(value) if isinstance(value, float) else value for name, value in figures.items()}
    return {**rounded, "started_at": None if started is None else _iso(started)}


def _lag(lag: Lag | None) -> dict[str, Any]:
    return {} if lag is None else {"lag_s": _rounded(lag.seconds), "source": lag.source}


def _issues(snapshot: Snapshot) -> dict[str, Any]:
    reading = snapshot.issues or Reading()

    def fields(value: IssueList | None) -> dict[str, Any]:
        if value is None:
            return {}
        return {"complete": value.complete, "notice": value.notice, "issues": [_issue(issue) for issue in value.issues]}

    return _reading(reading, snapshot, fields)


def _issue(issue: Issue) -> dict[str, Any]:
    body = asdict(issue)
    seen = {name: None if body[name] is None else _iso(body[name]) for name in ("first_seen", "last_seen")}
    return {**body, **seen}


def _iso(wall: float) -> str | None:
    """None for a time that no calendar has: it came from outside."""
    try:
        return datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):
        return None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
