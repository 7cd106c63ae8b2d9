"""One incident: conditions that are told together, under one key, from the first trigger to the one resolve."""

import hashlib
from dataclasses import dataclass

from npconsole.model.notice import NoticeKind, Severity


@dataclass(frozen=True, slots=True)
class Incident:
    """What has been told. Times are epoch seconds; `began_wall` is when its first condition began.

    `members` are the conditions' keys that were told, `channels` those that got its trigger and will get its resolve.
    `spoken` counts what was said, so that each notice has an id of its own.
    """

    key: str
    target: str
    service: str
    began_wall: float
    severity: Severity
    summary: str
    members: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    spoken: int = 0
    spoken_wall: float = 0.0
    acknowledged: str = ""


def notice_id(channel: str, kind: NoticeKind, key: str, began_wall: float, number: int) -> str:
    """The same decision gives the same id, so that one that is repeated after a crash tells nothing twice."""
    text = "\n".join((channel, kind, key, f"{began_wall:.3f}", str(number)))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
