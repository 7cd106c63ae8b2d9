"""One event as an SDK sent it, with what grouping and listing need read out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LEVELS = ("sample", "debug", "info", "warning", "error", "fatal")
TITLE_LENGTH = 256


@dataclass(frozen=True, slots=True)
class Event:
    """`sent_wall` is the SDK's time, `received_wall` ours (both epoch seconds), `received_s` sim-time. `raw` is the
    payload."""

    id: str
    project: str
    raw: Mapping[str, Any]
    sent_wall: float
    received_wall: float
    received_s: float

    @property
    def exception(self) -> Mapping[str, Any]:
        """The innermost-raised exception, the last of the list; empty when the event is a message."""
        values = as_list(as_mapping(self.raw.get("exception")).get("values"))
        return as_mapping(values[-1]) if values else {}

    @property
    def message(self) -> str:
        entry = as_mapping(self.raw.get("logentry"))
        return str(entry.get("formatted") or entry.get("message") or self.raw.get("message") or "")

    @property
    def title(self) -> str:
        if self.exception:
            return f"{self.exception.get('type', 'Error')}: {self.exception.get('value', '')}"[:TITLE_LENGTH]
        return (self.message.split("\n", 1)[0] or "<unlabeled event>")[:TITLE_LENGTH]

    @property
    def culprit(self) -> str:
        """The transaction, or else the last frame of the service's own code."""
        if self.raw.get("transaction"):
            return str(self.raw["transaction"])
        own = [frame for frame in self.frames if frame.get("in_app")]
        return f"{own[-1].get('module') or own[-1].get('filename')} in {own[-1].get('function')}" if own else ""

    @property
    def frames(self) -> list[Mapping[str, Any]]:
        """The exception's frames, outermost call first."""
        frames = as_list(as_mapping(self.exception.get("stacktrace")).get("frames"))
        return [frame for frame in frames if isinstance(frame, dict)]

    @property
    def level(self) -> str:
        level = str(self.raw.get("level", "error"))
        return level if level in LEVELS else "error"

    @property
    def release(self) -> str:
        return str(self.raw.get("release") or "")

    @property
    def environment(self) -> str:
        return str(self.raw.get("environment") or "production")

    @property
    def unhandled(self) -> bool:
        return as_mapping(self.exception.get("mechanism")).get("handled") is False

    @property
    def user_id(self) -> str:
        user = as_mapping(self.raw.get("user"))
        return str(user.get("id") or user.get("email") or user.get("ip_address") or "")

    @property
    def tags(self) -> dict[str, str]:
        """The event's tags with those Sentry derives itself."""
        own = self.raw.get("tags")
        pairs = (
            own.items() if isinstance(own, dict) else [p for p in as_list(own) if isinstance(p, list) and len(p) == 2]
        )
        tags = {str(key): str(value) for key, value in pairs}
        derived = {
            "environment": self.environment,
            "level": self.level,
            "release": self.release,
            "transaction": self.culprit,
        }
        tags |= {key: value for key, value in derived.items() if value}
        if self.user_id:
            tags["user"] = f"id:{self.user_id}"
        if self.exception:
            tags["handled"] = "no" if self.unhandled else "yes"
        return tags

    @property
    def fingerprint(self) -> str:
        """What makes two events the same issue: the SDK's fingerprint, or exception type and culprit, or the
        message."""
        custom = [str(part) for part in as_list(self.raw.get("fingerprint"))]
        if custom and custom != ["{{ default }}"]:
            return "\n".join(custom)
        return f"{self.exception.get('type')}\n{self.culprit}" if self.exception else self.message


def received(raw: Mapping[str, Any], project: str, number: int, wall: float, now_s: float) -> Event:
    """An Event from a payload. `number` makes an id for one without."""
    sent = _epoch(raw.get("timestamp"), wall)
    return Event(str(raw.get("event_id") or f"{number:032x}")[:32], project, raw, min(sent, wall), wall, now_s)


def iso(wall: float) -> str:
    """Sentry's time format, `2026-11-23T09:06:15.414582Z`."""
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def as_mapping(value: object) -> Mapping[str, Any]:
    """The value when it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """The value when it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def _epoch(value: object, default: float) -> float:
    if isinstance(value, (int, float)):
        return float(value) if 0 < value < 1e11 else default
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return default
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
