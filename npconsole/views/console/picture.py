"""What one drawing of the screen shows: a snapshot and the instants against which its ages are told."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from npconsole.model import quantity
from npconsole.model.mute import Mute
from npconsole.model.reading import Freshness, Reading
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Thresholds
from npconsole.views.console.told import Told

if TYPE_CHECKING:
    from npconsole.views.console.load import LiveLoad


@dataclass(frozen=True, slots=True)
class Deeds:
    """What people and daemons do. It is always of this moment, also while the picture is held.

    `told` are the lines of the runs, in the order of time. `under_way` are (words, role) of the runs that have not
    ended. `company` says who else is here. `problem` is why the journal cannot be used, `closed` why nothing can be run
    here at all. `idle` are the ids of the bindings that would do nothing at this moment. `load` is a benchmark that is
    on, or has ended just now; `healer` is (words, role) of what the healer is at; `mutes` are those in force.
    """

    told: tuple[Told, ...] = ()
    under_way: tuple[tuple[str, str], ...] = ()
    company: str = ""
    problem: str = ""
    closed: str = ""
    idle: frozenset[str] = frozenset()
    load: "LiveLoad | None" = None
    healer: tuple[str, str] = ("", "")
    mutes: tuple[Mute, ...] = ()

    def mute_of(self, *names: str) -> Mute | None:
        """The mute of one of these targets, such as a region, its service and the environment; the longest of them."""
        return max(
            (mute for mute in self.mutes if mute.target in names), key=lambda each: each.until_wall, default=None
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """`now` (`Clock.now()`) and `wall` (epoch seconds) are the instant shown; they stand still while frozen.

    `host_wall` is the host's time and never stands still. `frozen` says that the picture is held. `flash` is a short
    message about the last key. `warnings` are about the console itself, such as a terminal that had stopped reading.
    """

    snapshot: Snapshot
    now: float
    wall: float
    host_wall: float
    thresholds: Thresholds
    utc: bool = False
    frozen: bool = False
    flash: str = ""
    warnings: tuple[str, ...] = ()
    deeds: Deeds = Deeds()

    def age(self, reading: Reading[object]) -> str:
        """`12 s old`, or `no data yet`."""
        age_s = reading.age_s(self.now)
        return "no data yet" if age_s is None else f"{quantity.brief(age_s)} old"

    def state_of(self, reading: Reading[object]) -> str:
        """Age, and what is wrong with the reading: `12 s old · stale: no answer within 5 s · again in 40 s`."""
        return " · ".join(filter(None, (self.age(reading), self.trouble_of(reading))))

    def trouble_of(self, reading: Reading[object]) -> str:
        """What is wrong with a reading and when it is tried again; empty when nothing is."""
        word = _WORDS.get(reading.freshness, "")
        said = ": ".join(filter(None, (word, reading.error)))
        if said and reading.next_at is not None and reading.next_at - self.now > 1:
            said += f" · again in {quantity.duration(reading.next_at - self.now)}"
        return said

    def clock(self, wall: float | None, *, seconds: bool = True) -> str:
        """A time of day in the zone of this screen."""
        return quantity.clock(wall, utc=self.utc, seconds=seconds)


_WORDS = {
    Freshness.STALE: "stale",
    Freshness.UNKNOWN: "too old to trust",
    Freshness.AUTH: "not authorised",
    Freshness.LIMITED: "limited",
}
