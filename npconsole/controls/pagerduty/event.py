"""A notice as the body of an event. PagerDuty's limits are in its documentation only, so they are kept here."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from npconsole.model.notice import Notice, NoticeKind, Severity
from npconsole.net.text import clean

KEY_LIMIT = 255
SUMMARY_LIMIT = 1024
NAME_LIMIT = 255
FACT_LIMIT = 1000
MOST_FACTS = 50
_ACTIONS = {
    NoticeKind.TRIGGER: "trigger",
    NoticeKind.UPDATE: "trigger",
    NoticeKind.ACKNOWLEDGE: "acknowledge",
    NoticeKind.RESOLVE: "resolve",
    NoticeKind.TEST: "trigger",
}
_SEVERITIES = {Severity.INFO: "info", Severity.WARNING: "warning", Severity.CRITICAL: "critical"}


def alert(notice: Notice, routing_key: str) -> dict[str, Any]:
    """The body for `/v2/enqueue`. An update is a trigger with the same key: the alert is updated, nobody is paged."""
    action = _ACTIONS[notice.kind]
    body: dict[str, Any] = {
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": dedup_key(notice.key),
    }
    if action != "trigger":
        return body
    target, check = _parts(notice.key)
    payload = {
        "summary": clean(notice.summary, limit=SUMMARY_LIMIT) or "no summary",
        "source": target,
        "severity": _SEVERITIES[notice.severity],
        "timestamp": _moment(notice.wall if notice.began_wall is None else notice.began_wall),
        "component": target,
        "class": check,
        "custom_details": _details(notice),
    }
    client = {"client": clean(f"npconsole {notice.source}".strip(), limit=NAME_LIMIT)}
    links = _links(notice)
    return {**body, "payload": payload, **client, **({"client_url": notice.link, "links": links} if links else {})}


def change(notice: Notice, routing_key: str) -> dict[str, Any]:
    """The body for `/v2/change/enqueue`."""
    payload = {
        "summary": clean(notice.summary, limit=SUMMARY_LIMIT) or "no summary",
        "source": _parts(notice.key)[0],
        "timestamp": _moment(notice.wall),
        "custom_details": _details(notice),
    }
    links = _links(notice)
    return {"routing_key": routing_key, "payload": payload, **({"links": links} if links else {})}


def dedup_key(key: str) -> str:
    """The incident's key; one that is too long ends in a digest, so that two of them stay two."""
    cleaned = clean(key, limit=KEY_LIMIT + 1)
    if len(cleaned) <= KEY_LIMIT:
        return cleaned
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{cleaned[: KEY_LIMIT - 33]}~{digest}"


def _parts(key: str) -> tuple[str, str]:
    """Target and check of `environment/target/check`; the target may hold slashes."""
    place, _, check = key.rpartition("/")
    target = place.partition("/")[2] or place or key
    return clean(target, limit=NAME_LIMIT) or "npconsole", clean(check, limit=NAME_LIMIT)


def _details(notice: Notice) -> dict[str, str]:
    named = {"key": notice.key, **({"watched from": notice.source} if notice.source else {}), **dict(notice.facts)}
    return {
        clean(name, limit=NAME_LIMIT): clean(text, limit=FACT_LIMIT) for name, text in list(named.items())[:MOST_FACTS]
    }


def _links(notice: Notice) -> list[dict[str, str]]:
    if urlsplit(notice.link).scheme not in ("http", "https"):
        return []
    return [{"href": notice.link, "text": "dashboard"}]


def _moment(wall: float) -> str:
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds")
