"""What an event must look like, by the schema and by the limits that only the documentation has.

https://developer.pagerduty.com/docs/send-alert-event
"""

from collections.abc import Iterator, Mapping
from typing import Any

ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = ("critical", "error", "warning", "info")
KEY_LENGTH = 32
SUMMARY_LIMIT = 1024
DEDUP_LIMIT = 255
_TEXTS = ("source", "component", "group", "class", "timestamp")
_FIELDS = {"routing_key", "event_action", "dedup_key", "payload", "links", "images", "client", "client_url"}


def alert_problems(event: Mapping[str, Any]) -> list[str]:
    """What is wrong with an event for `/v2/enqueue`."""
    problems = [*_key_problems(event)]
    action = event.get("event_action")
    if action not in ACTIONS:
        problems.append(f"'event_action' is invalid (should be one of {', '.join(ACTIONS)})")
    problems += [f"'{name}' is not a field of an event" for name in sorted(set(event) - _FIELDS)]
    key = event.get("dedup_key")
    if key is not None and not (isinstance(key, str) and len(key) <= DEDUP_LIMIT):
        problems.append(f"'dedup_key' is invalid (should be at most {DEDUP_LIMIT} characters)")
    if action in ("acknowledge", "resolve") and not key:
        problems.append("'dedup_key' is missing or blank")
    if action == "trigger":
        problems += _payload_problems(event.get("payload"), needs_severity=True)
    return problems


def change_problems(event: Mapping[str, Any]) -> list[str]:
    """What is wrong with an event for `/v2/change/enqueue`."""
    return [*_key_problems(event), *_payload_problems(event.get("payload"), needs_severity=False)]


def _key_problems(event: Mapping[str, Any]) -> Iterator[str]:
    key = event.get("routing_key")
    if not isinstance(key, str) or not key:
        yield "'routing_key' is missing or blank"
    elif len(key) != KEY_LENGTH:
        yield f"Length of 'routing_key' is incorrect (should be {KEY_LENGTH} characters)"


def _payload_problems(payload: Any, *, needs_severity: bool) -> Iterator[str]:
    if not isinstance(payload, dict):
        yield "'payload' is missing or blank"
        return
    summary = payload.get("summary")
    if not isinstance(summary, str) or not summary:
        yield "'payload.summary' is missing or blank"
    elif len(summary) > SUMMARY_LIMIT:
        yield f"'payload.summary' is too long (should be at most {SUMMARY_LIMIT} characters)"
    if needs_severity and not payload.get("source"):
        yield "'payload.source' is missing or blank"
    if needs_severity and payload.get("severity") not in SEVERITIES:
        yield f"'payload.severity' is invalid (should be one of {', '.join(SEVERITIES)})"
    for name in _TEXTS:
        if not isinstance(payload.get(name, ""), str):
            yield f"'payload.{name}' is invalid (should be a string)"
    if not isinstance(payload.get("custom_details", {}), dict):
        yield "'payload.custom_details' is invalid (should be an object)"
