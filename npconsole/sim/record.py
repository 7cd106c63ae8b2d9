"""What happened in the simulated world, with its times: the truth that a drill is compared with. Bounded.

Of a moved region there are two moments: when its pool was changed at the vendor, and when the edge followed.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from npconsole.sim.clock import Clock

LIMIT = 5000

Detail = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `kind` is a stable word, `text` is for people, `detail` for programs: a fail-over has `before` and
    `after`, a fault its `fault`, a change its `actor`. `at_s` is sim-time, `wall` epoch seconds, `monotonic_s` seconds
    of the host's monotonic clock."""

    at_s: float
    wall: float
    monotonic_s: float
    kind: str
    subject: str
    text: str
    detail: Mapping[str, Detail]

    def plain(self) -> dict[str, object]:
        """As JSON on the control port."""
        return {
            "at_s": round(self.at_s, 3),
            "wall": round(self.wall, 3),
            "wall_ms": round(self.wall * 1000),
            "monotonic_ms": round(self.monotonic_s * 1000),
            "kind": self.kind,
            "subject": self.subject,
            "text": self.text,
            **self.detail,
        }


class Record:
    """The newest 5000 entries; `narrate` is called with each as it is added. `writes` are the calls by vendor that were
    sent to change something, whatever became of them."""

    def __init__(self, clock: Clock, narrate: Callable[[Entry], None] | None = None) -> None:
        self._clock = clock
        self._narrate = narrate
        self.entries: deque[Entry] = deque(maxlen=LIMIT)
        self.writes: Counter[str] = Counter()

    def write(self, vendor: str, actor: str, call: str) -> None:
        """Count and write down a call that was sent to change something. `actor` is the name of its token, empty for
        none."""
        self.writes[vendor] += 1
        self.add("write", vendor, f"{actor or 'nobody known'} asks {vendor} for {call}", actor=actor, call=call)

    def add(self, kind: str, subject: str, text: str, **detail: Detail) -> None:
        """Write down that this happened now."""
        clock = self._clock
        entry = Entry(clock.now_s(), clock.wall(), clock.monotonic_s(), kind, subject, text, detail)
        self.entries.append(entry)
        if self._narrate is not None:
            self._narrate(entry)
