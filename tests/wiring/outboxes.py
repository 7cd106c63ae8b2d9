"""A real outbox on a file, its clock in hand, and a channel that answers as it is told."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from npconsole.model.clock import Clock
from npconsole.model.notice import Notice, NoticeKind, Outbox, Receipt, Severity
from npconsole.store.opening import open_journal
from npconsole.wiring.drainer import Delivering, Drainer
from npconsole.wiring.memory import Stores, stores_over
from tests.sources.clock import HandClock


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder without the wait for a disk, where the host has such."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def opened(path: Path, clock: Clock) -> Stores:
    """The memory at a path."""
    return stores_over(open_journal(path, clock=clock, environment="prod", host="here", syslog=False))


def notice(number: int, kind: NoticeKind = NoticeKind.TRIGGER, *, key: str = "", channel: str = "slack") -> Notice:
    return Notice(
        id=f"n{number}",
        channel=channel,
        kind=kind,
        key=key or f"prod/us-east/check{number}",
        severity=Severity.WARNING,
        summary=f"notice {number}",
        wall=HandClock().wall(),
        facts=(("number", str(number)),),
    )


@dataclass
class Spy:
    """A Channel. `answers` are raised or returned in turn, a receipt when there are no more."""

    name: str = "slack"
    answers: list[Exception | Receipt] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    pause_s: float = 0.0
    remark: str = ""

    async def send(self, notice: Notice, reference: str) -> Receipt:
        self.sent.append((notice.id, reference))
        self.summaries.append(notice.summary)
        answer = self.answers.pop(0) if self.answers else Receipt(f"ref of {notice.id}", "200 ok")
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def ids(self) -> list[str]:
        return [sent for sent, _ in self.sent]


@dataclass
class Renewals:
    """Counts how often secrets were to be read anew."""

    count: int = 0

    def __call__(self) -> None:
        self.count += 1


def drainer(
    channels: Sequence[Spy], outbox: Outbox, clock: Clock, *, renew: Renewals | None = None, owner: str = "me"
) -> Drainer:
    """One that draws the longest waits and blots out `hunter2`."""
    shared = Delivering(
        outbox=outbox,
        owner=owner,
        clock=clock,
        redact=lambda text: text.replace("hunter2", "***"),
        renew=renew or Renewals(),
        jitter=lambda: 1.0,
        keep_trying_s=86_400.0,
        idle_s=0.01,
    )
    return Drainer(channels, shared)


def renamed(one: Notice, **changes: object) -> Notice:
    """The notice with other fields."""
    return replace(one, **changes)  # type: ignore[arg-type]  # fields by name
