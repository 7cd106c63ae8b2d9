"""A notice as Slack's blocks: all plain text, within the limits of https://docs.slack.dev/reference/block-kit/blocks"""

from typing import Any
from urllib.parse import urlsplit

from npconsole.controls.slack.text import escaped, plain
from npconsole.model import quantity
from npconsole.model.notice import Notice, NoticeKind, Severity

HEADER_LIMIT = 150
SECTION_LIMIT = 3000
FIELD_LIMIT = 2000
MOST_FIELDS = 10
TEXT_LIMIT = 3000
CONTEXT_LIMIT = 2000
_GLYPHS = {Severity.INFO: "◆", Severity.WARNING: "▲", Severity.CRITICAL: "✖"}


def headline(notice: Notice) -> str:
    """Glyph, word and summary: `✖ critical: us-east is down`, `● resolved after 12 min: us-east is down`."""
    match notice.kind:
        case NoticeKind.TRIGGER:
            return f"{_GLYPHS[notice.severity]} {notice.severity}: {notice.summary}"
        case NoticeKind.UPDATE:
            return f"› {notice.summary}"
        case NoticeKind.RESOLVE:
            return f"● {notice.summary}"
        case NoticeKind.ACKNOWLEDGE:
            return f"◌ acknowledged: {notice.summary}"
        case NoticeKind.CHANGE | NoticeKind.TEST:
            return f"◆ {notice.kind}: {notice.summary}"


def message(notice: Notice) -> dict[str, Any]:
    """The body of a message, without where it goes."""
    said = headline(notice)
    return {
        "text": escaped(said, TEXT_LIMIT),
        "blocks": [*_said(notice, said), *_fields(notice), *_context(notice)],
        "parse": "none",
        "link_names": False,
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _said(notice: Notice, said: str) -> list[dict[str, Any]]:
    """The headline, large where an incident begins, and whole below when that cuts it."""
    section = {"type": "section", "text": plain(said, SECTION_LIMIT)}
    if notice.kind is not NoticeKind.TRIGGER:
        return [section]
    header = {"type": "header", "text": plain(said, HEADER_LIMIT)}
    return [header] if len(escaped(said, SECTION_LIMIT)) <= HEADER_LIMIT else [header, section]


def _fields(notice: Notice) -> list[dict[str, Any]]:
    began = notice.began_wall if notice.kind is NoticeKind.TRIGGER else None
    facts = notice.facts if began is None else (("began", quantity.clock(began, utc=True)), *notice.facts)
    fields = [plain(f"{name}\n{value}", FIELD_LIMIT) for name, value in facts[:MOST_FIELDS]]
    return [{"type": "section", "fields": fields}] if fields else []


def _context(notice: Notice) -> list[dict[str, Any]]:
    """The incident's key, when, and from where; a link, if there is one."""
    parts = (notice.key, quantity.clock(notice.wall, utc=True), notice.source and f"npconsole on {notice.source}")
    elements: list[dict[str, Any]] = [plain(" · ".join(filter(None, parts)), CONTEXT_LIMIT)]
    if _is_link(notice.link):
        elements.append({"type": "mrkdwn", "text": f"<{escaped(notice.link, CONTEXT_LIMIT)}|dashboard>"})
    return [{"type": "context", "elements": elements}]


def _is_link(link: str) -> bool:
    return urlsplit(link).scheme in ("http", "https") and not set(link) & set("|<> ") and len(link) < FIELD_LIMIT
