"""What people are told, and the memory of what is still to be told: an outbox that is emptied at least once.

Texts are cleaned; each channel escapes them in its own way. Times named `wall` are epoch seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Severity(StrEnum):
    """How bad it is. Warnings are for reading, critical ones wake a person."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    def reaches(self, least: "Severity") -> bool:
        """Whether this is at least as bad as `least`."""
        order = tuple(Severity)
        return order.index(self) >= order.index(least)


class NoticeKind(StrEnum):
    """What is told of an incident: its beginning, news, that somebody has it, its end. Or a change, or a test."""

    TRIGGER = "trigger"
    UPDATE = "update"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    CHANGE = "change"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one channel. The same `id` is never put twice.

    `key` is that of the incident, `neuropilot/us-east/latency`: a channel puts all of one key together, in order.
    `facts` are (name, value) beside the summary. `began_wall` is when the incident began.
    """

    id: str
    channel: str
    kind: NoticeKind
    key: str
    severity: Severity
    summary: str
    wall: float
    source: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    link: str = ""
    began_wall: float | None = None


class PostingState(StrEnum):
    """How far a notice came."""

    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Posting:
    """A notice in the outbox. `detail` is the channel's last answer in words; `reference` what it calls the message."""

    notice: Notice
    state: PostingState = PostingState.PENDING
    attempts: int = 0
    next_wall: float = 0.0
    detail: str = ""
    reference: str = ""


class Outbox(Protocol):
    """The memory of what is to be told. Every method is one short transaction and blocks; all raise StoreError."""

    def put(self, notices: Sequence[Notice]) -> None:
        """Have them told. One whose id is known is left alone."""
        ...

    def claim(self, channel: str, *, owner: str, for_s: float, limit: int) -> Sequence[Posting]:
        """Pending ones whose time has come, oldest first, and of each key only the first that is pending: nobody else
        gets them for `for_s` seconds.
        """
        ...

    def delivered(self, notice_id: str, *, reference: str = "", detail: str = "") -> None: ...

    def postpone(self, notice_id: str, *, after_s: float, detail: str) -> None:
        """One more attempt failed; the next in `after_s` seconds."""
        ...

    def give_up(self, notice_id: str, *, detail: str) -> None:
        """It will not be told; in the audit."""
        ...

    def reference(self, channel: str, key: str) -> str:
        """What the channel calls the message that began the open incident of a key; empty when there is none."""
        ...

    def postings(self, *, limit: int = 50, pending_only: bool = False) -> Sequence[Posting]:
        """Latest first."""
        ...

    def counts(self) -> dict[tuple[str, str], int]:
        """How many there are, by (channel, state); delivered ones older than the retention are counted still."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a channel took a notice. `reference` is what it calls the message, empty for nothing; `answer` its words."""

    reference: str = ""
    answer: str = ""


class Channel(Protocol):
    """One way to reach people.

    `send` raises DeclinedError or UsageError when the notice will never be taken as it is; every other NpconsoleError
    is worth another try: UnauthorisedError and SecretError after somebody has put the credential right.
    """

    @property
    def name(self) -> str:
        """As configured: `slack`, `pagerduty`, or one's own."""
        ...

    @property
    def remark(self) -> str:
        """What a person should know of this way, such as that it keeps no threads; empty for nothing."""
        ...

    @property
    def pause_s(self) -> float:
        """Seconds between two sends that the vendor's limit asks for."""
        ...

    async def send(self, notice: Notice, reference: str) -> Receipt:
        """Tell it.

        `reference` is that of the message which began the incident, empty for none.
        """
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a channel gets through, for people and metrics. Counts are of all notices; `failures` those in a row, of this
    process; `problem` the last error while it lasts; `resume_wall` when it is tried again, None while it is not paused.
    """

    channel: str
    pending: int = 0
    delivered: int = 0
    given_up: int = 0
    failures: int = 0
    problem: str = ""
    resume_wall: float | None = None
