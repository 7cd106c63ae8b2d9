"""One Apprise address as a channel. Apprise blocks, so it runs on a thread with a deadline; its extra is `notify`."""

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from npconsole.errors import BadAnswerError, Failure, SecretError, UnreachableError, UsageError
from npconsole.model import quantity
from npconsole.model.notice import Notice, NoticeKind, Receipt, Severity
from npconsole.model.secret import Secret
from npconsole.net.offload import offload
from npconsole.net.redact import MASK
from npconsole.net.text import clean

PAUSE_S = 1.0
TITLE_LIMIT = 250
_SHORTEST_PART = 5
_JOINER = "\u2060"
"""Invisible; nobody's name goes on behind it."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    sent: bool
    said: str


class AppriseChannel:
    """A Channel called `name`. `setting` says where its address is configured.

    Whether it was delivered is all that Apprise says: what it could not deliver is worth another try.
    """

    remark = ""
    pause_s = PAUSE_S

    def __init__(self, name: str, address: Callable[[], Secret], *, setting: str, deadline_s: float) -> None:
        self.name = name
        self._address = address
        self._setting = setting
        self._deadline_s = deadline_s

    async def send(self, notice: Notice, reference: str) -> Receipt:
        try:
            async with asyncio.timeout(self._deadline_s):
                outcome = await offload(lambda: self._deliver(notice), name=f"apprise {self.name}")
        except TimeoutError:
            message = f"{self.name}: no answer within {self._deadline_s:g} s"
            raise UnreachableError(message, Failure.TIMEOUT) from None
        if not outcome.sent:
            raise BadAnswerError(f"{self.name}: {outcome.said or 'it could not be delivered'}")
        return Receipt("", "delivered")

    def _deliver(self, notice: Notice) -> _Outcome:
        """On the thread."""
        apprise = _library()
        address = self._address().reveal()
        plugin = apprise.Apprise.instantiate(address, suppress_exceptions=True)
        if plugin is None:
            raise SecretError(
                f"{self._setting} is not an address that Apprise knows", hint="look at https://appriseit.com/services/"
            )
        sender = apprise.Apprise()
        sender.add(plugin)
        result = sender.notify(
            title=_title(notice),
            body=_body(notice),
            notify_type=_type(notice),
            body_format=apprise.NotifyFormat.TEXT,
            interpret_escapes=False,
            timeout=self._deadline_s,
            log_level=logging.WARNING,
        )
        said = [str(entry.message) for entry in result.logs()]
        return _Outcome(bool(result), clean(_masked(said[-1], address), limit=200) if said else "")


def _library() -> Any:
    try:
        import apprise
    except ImportError:
        raise UsageError(
            "channels need the extra `notify`, which is not installed", hint="pip install 'npconsole[notify]'"
        ) from None
    logger = logging.getLogger("apprise")
    if not logger.handlers:  # without a handler Python writes its warnings to the terminal
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
    return apprise


def _title(notice: Notice) -> str:
    word = notice.severity if notice.kind is NoticeKind.TRIGGER else notice.kind
    return _unaddressed(clean(f"{word}: {notice.summary}", limit=TITLE_LIMIT))


def _body(notice: Notice) -> str:
    began = f"began: {quantity.clock(notice.began_wall, utc=True)}" if notice.began_wall is not None else ""
    lines = [notice.summary, began, *(f"{name}: {value}" for name, value in notice.facts), notice.key, notice.link]
    return _unaddressed(clean("\n".join(filter(None, lines)), limit=4000, lines=True))


def _unaddressed(text: str) -> str:
    """The text in which nothing is a mention: `@everyone`, `<@123>` and `<!channel>` are only read.

    Apprise escapes none for Discord, Mattermost and others, and takes some for wanted.
    """
    return text.replace("@", f"@{_JOINER}").replace("<!", f"<{_JOINER}!")


def _type(notice: Notice) -> str:
    """Apprise's own words: failure, warning, success, info."""
    if notice.kind is NoticeKind.RESOLVE:
        return "success"
    if notice.kind is NoticeKind.TRIGGER and notice.severity is not Severity.INFO:
        return "failure" if notice.severity is Severity.CRITICAL else "warning"
    return "info"


def _masked(text: str, address: str) -> str:
    """The text without any part of the address, most of which may be a password or a token."""
    for part in sorted(re.split(r"[:/?&=@#]+", address), key=len, reverse=True):
        if len(part) >= _SHORTEST_PART:
            text = text.replace(part, MASK)
    return text
