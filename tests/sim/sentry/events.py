"""Payloads as an SDK would send them."""

from typing import Any

from npconsole.sim.sentry.event import Event, received
from tests.sim.fakeclock import FakeClock


def payload(kind: str = "ValueError", transaction: str = "/api/items", **more: Any) -> dict[str, Any]:
    """An exception event."""
    frames = [
        {"function": "main", "filename": "lib.py", "lineno": 1, "in_app": False},
        {
            "function": "load",
            "filename": "items.py",
            "abs_path": "/srv/items.py",
            "module": "items",
            "lineno": 12,
            "in_app": True,
            "pre_context": ["a", "b"],
            "context_line": "c",
            "post_context": ["d"],
        },
    ]
    mechanism = {"type": "starlette", "handled": False}
    exception = {"type": kind, "value": "boom", "mechanism": mechanism, "stacktrace": {"frames": frames}}
    base: dict[str, Any] = {
        "event_id": "ab" * 16,
        "level": "error",
        "transaction": transaction,
        "release": "neuropilot@1",
        "environment": "staging",
        "exception": {"values": [exception]},
        "tags": {"region": "us-east"},
        "user": {"id": "7"},
        "platform": "python",
    }
    return base | more


def event(clock: FakeClock, project: str = "backend", **more: Any) -> Event:
    """The event of a payload, received now."""
    return received(payload(**more), project, 1, clock.wall(), clock.now_s())
