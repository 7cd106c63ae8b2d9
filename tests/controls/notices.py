"""Notices to send."""

from dataclasses import replace

from npconsole.model.notice import Notice, NoticeKind, Severity
from tests.controls.script import WALL

NOTICE = Notice(
    id="n1",
    channel="any",
    kind=NoticeKind.TRIGGER,
    key="prod/us-east/latency",
    severity=Severity.WARNING,
    summary="us-east: p95 912 ms, above 400 ms",
    wall=WALL,
    source="watcher",
    facts=(("environment", "prod"),),
    began_wall=WALL - 300.0,
)
HOSTILE = (
    "<!channel> <@U123> <https://evil.test|click> & *bold* _it_ `x` :fire: @here\x1b[31m\u202e",
    "&" * 5000,
    "\U0001f468" * 4000,
    "[@click=app.quit]x[/]",
    "\ud800\x00\n\n---",
    "",
)


def notice(kind: NoticeKind, **changes: object) -> Notice:
    """The notice as another kind."""
    return replace(NOTICE, kind=kind, **changes)  # type: ignore[arg-type]  # fields by name
