"""Sentry's unresolved issues, in our words. All text has passed `clean()` before it gets here."""

from dataclasses import dataclass
from enum import StrEnum


class Substatus(StrEnum):
    """Why an unresolved issue is on the list."""

    NEW = "new"
    REGRESSED = "regressed"
    ESCALATING = "escalating"
    ONGOING = "ongoing"
    UNKNOWN = "unknown"


class IssueLevel(StrEnum):
    """Sentry's severity of an issue."""

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    DEBUG = "debug"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue. `first_seen` and `last_seen` are epoch seconds or None; `id` is opaque, `short_id` is for people."""

    id: str
    short_id: str
    title: str
    culprit: str
    project: str
    level: IssueLevel
    substatus: Substatus
    count: int
    users: int
    first_seen: float | None
    last_seen: float | None
    permalink: str = ""
    assigned_to: str = ""
    release: str = ""
    region: str = ""
    unhandled: bool = False


@dataclass(frozen=True, slots=True)
class IssueList:
    """The issues of all watched projects, latest first. `complete` is False when more exist than were asked for."""

    issues: tuple[Issue, ...] = ()
    complete: bool = True
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a stack trace, innermost last in `Event.frames`. `context` is the line of code, if known."""

    function: str
    file: str
    line: int | None
    in_app: bool
    context: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """The latest event of an issue."""

    id: str
    title: str
    message: str
    at: float | None
    release: str
    environment: str
    tags: tuple[tuple[str, str], ...]
    exception: str
    frames: tuple[Frame, ...]
