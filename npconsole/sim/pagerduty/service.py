"""The alerts of a service by their key. Pure.

One open alert for a key: a trigger updates it, an acknowledgement and a resolve need it and are dropped without it.
After a resolve the same key opens a new incident. A trigger without a key always makes a new alert.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from npconsole.sim.clock import Clock

MOST = 5000


@dataclass(slots=True)
class Alert:
    """One alert and its incident. `events` are the actions that it was sent, in their order."""

    key: str
    number: int
    status: str
    severity: str
    summary: str
    payload: Mapping[str, Any]
    opened_wall: float
    events: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As JSON on the control port."""
        return {
            "dedup_key": self.key,
            "number": self.number,
            "status": self.status,
            "severity": self.severity,
            "summary": self.summary,
            "payload": dict(self.payload),
            "events": list(self.events),
            "opened_wall": self.opened_wall,
        }


@dataclass(slots=True)
class PagerService:
    """`alerts` in the order in which they were opened, `changes` as they came; the newest 5000 of each. `dropped`
    counts acknowledgements and resolves that found no open alert."""

    clock: Clock
    alerts: list[Alert] = field(default_factory=list)
    changes: list[Mapping[str, Any]] = field(default_factory=list)
    dropped: int = 0
    _number: int = 0

    def take(self, action: str, key: str, payload: Mapping[str, Any]) -> str:
        """Take an event; its key, a new one when it brought none."""
        alert = self._open(key) if key else None
        if action != "trigger":
            if alert is None:
                self.dropped += 1
                return key
            alert.status = "acknowledged" if action == "acknowledge" else "resolved"
            alert.events.append(action)
            return key
        if alert is None:
            self._number += 1
            key = key or f"generated-{self._number}"
            alert = Alert(key, self._number, "triggered", "", "", {}, self.clock.wall())
            self.alerts = [*self.alerts[-MOST:], alert]
        alert.severity, alert.summary, alert.payload = payload["severity"], payload["summary"], payload
        alert.events.append(action)
        return key

    def change(self, payload: Mapping[str, Any]) -> None:
        """Take a change event."""
        self.changes = [*self.changes[-MOST:], {**payload, "received_wall": self.clock.wall()}]

    def _open(self, key: str) -> Alert | None:
        return next((each for each in reversed(self.alerts) if each.key == key and each.status != "resolved"), None)
