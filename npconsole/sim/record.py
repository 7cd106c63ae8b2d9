"""What happened in the simulated world, with sim and wall time: the truth that a drill is compared with. Bounded."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from npconsole.sim.clock import Clock

LIMIT = 5000


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `kind` is a stable word, `text` is for people, `detail` for programs: a fail-over has `before` and
    `after`, a fault its `fault`. `at_s` is sim-time, `wall` epoch seconds."""

    at_s: float
    wall: float
    kind: str
    subject: str
    text: str
    detail: Mapping[str, str | None]

    def plain(self) -> dict[str, object]:
        """As JSON on the control port."""
        return {
            "at_s": round(self.at_s, 3),
            "wall": round(self.wall, 3),
            "kind": self.kind,
            "subject": self.subject,
            "text": self.text,
            **self.detail,
        }


class Record:
    """The newest 5000 entries; `narrate` is called with each as it is added."""

    def __init__(self, clock: Clock, narrate: Callable[[Entry], None] | None = None) -> None:
        self._clock = clock
        self._narrate = narrate
        self.entries: deque[Entry] = deque(maxlen=LIMIT)

    def add(self, kind: str, subject: str, text: str, **detail: str | None) -> None:
        """Write down that this happened now."""
        entry = Entry(self._clock.now_s(), self._clock.wall(), kind, subject, text, detail)
        self.entries.append(entry)
        if self._narrate is not None:
            self._narrate(entry)
