"""The channel and its messages: posted, answered in threads, edited. Refuses what Slack refuses, in Slack's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from npconsole.sim.clock import Clock
from npconsole.sim.slack.blocks import block_problem

CHANNEL = "C0NEUROPILOT"
CHANNEL_NAME = "#on-call"
TEXT_LIMIT = 40_000
MOST_MESSAGES = 5000


class RefusedError(Exception):
    """One of Slack's error words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Message:
    """One message. `thread` is the time stamp of the message that it answers, empty for none."""

    stamp: str
    text: str
    blocks: Sequence[Any]
    by: str
    wall: float
    thread: str = ""
    edits: int = 0
    first_text: str = ""

    def plain(self) -> dict[str, Any]:
        """As JSON on the control port."""
        return {
            "ts": self.stamp,
            "thread_ts": self.thread,
            "text": self.text,
            "first_text": self.first_text,
            "blocks": list(self.blocks),
            "by": self.by,
            "edits": self.edits,
            "wall": self.wall,
        }


@dataclass(slots=True)
class Workspace:
    """`messages` in the order in which they came, the newest 5000 of them."""

    clock: Clock
    messages: list[Message] = field(default_factory=list)
    _number: int = 0

    def post(self, body: Mapping[str, Any], *, by: str, thread: str = "") -> Message:
        """Take a message. Raises RefusedError."""
        text, blocks = _content(body)
        if thread and self._find(thread) is None:
            raise RefusedError("thread_not_found")
        self._number += 1
        stamp = f"{int(self.clock.wall())}.{self._number:06d}"
        message = Message(stamp, text, blocks, by, self.clock.wall(), thread, first_text=text)
        self.messages = [*self.messages[-MOST_MESSAGES:], message]
        return message

    def update(self, stamp: str, body: Mapping[str, Any]) -> Message:
        """Edit a message. Raises RefusedError."""
        text, blocks = _content(body)
        message = self._find(stamp)
        if message is None:
            raise RefusedError("message_not_found")
        message.text, message.blocks = text, blocks
        message.edits += 1
        return message

    def _find(self, stamp: str) -> Message | None:
        return next((message for message in self.messages if message.stamp == stamp), None)


def _content(body: Mapping[str, Any]) -> tuple[str, Sequence[Any]]:
    text, blocks = body.get("text", ""), body.get("blocks", [])
    if not isinstance(text, str) or not isinstance(blocks, list) or block_problem(blocks):
        raise RefusedError("invalid_blocks")
    if not text and not blocks:
        raise RefusedError("no_text")
    if len(text) > TEXT_LIMIT:
        raise RefusedError("msg_too_long")
    return text, blocks
