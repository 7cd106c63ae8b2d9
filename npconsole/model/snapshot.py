"""The whole estate at one instant. Immutable: it may cross threads, be frozen on screen, and be kept."""

from dataclasses import dataclass, field

from npconsole.model.estate import Edge, Estate, Region
from npconsole.model.issue import IssueList
from npconsole.model.level import Level
from npconsole.model.reading import Reading
from npconsole.model.vitals import Health, Lag, Vitals


@dataclass(frozen=True, slots=True)
class Judgement:
    """A level, why, and since when (`Clock.now()` seconds; None: never judged otherwise).

    `pending` says what is about to change it: "probe failed, 1 of 2". Reasons are whole phrases without the region's
    name.
    """

    level: Level = Level.UNKNOWN
    reason: str = "no answer yet"
    since: float | None = None
    pending: str = ""


@dataclass(frozen=True, slots=True)
class RegionState:
    """All that is known of one region."""

    region: Region
    judgement: Judgement = Judgement()
    health: Reading[Health] = Reading()
    vitals: Reading[Vitals] = Reading()
    lag: Reading[Lag] | None = None

    @property
    def level(self) -> Level:
        return self.judgement.level


@dataclass(frozen=True, slots=True)
class EdgeState:
    """All that is known of an edge. `answered_by` is the last region that served it."""

    edge: Edge
    judgement: Judgement = Judgement()
    health: Reading[Health] = Reading()
    answered_by: str = ""
    answered_since: float | None = None

    @property
    def level(self) -> Level:
        return self.judgement.level


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of the activity pane. `at` is epoch seconds; `text` is cleaned; `kind` is a stable word for filters."""

    at: float
    kind: str
    subject: str
    text: str
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The estate at `now` (`Clock.now()`) and `wall` (epoch seconds). `sequence` grows with every snapshot.

    `online` is None until it is known, False when this host itself is cut off; then every level is `unknown`.
    `started` is when watching began: a level without `since` has lasted at least that long.
    `notices` are things a person should know about the console itself: a fallback in use, a source without credentials.
    """

    estate: Estate
    sequence: int
    now: float
    wall: float
    regions: tuple[RegionState, ...]
    edges: tuple[EdgeState, ...] = ()
    issues: Reading[IssueList] | None = None
    online: bool | None = None
    overall: Judgement = Judgement()
    activity: tuple[Activity, ...] = ()
    notices: tuple[str, ...] = field(default=())
    started: float | None = None

    def wall_of(self, instant: float) -> float:
        """The epoch seconds of an instant of `Clock.now()`."""
        return self.wall - (self.now - instant)

    def region(self, region_id: str) -> RegionState | None:
        """The state of a region by id, or None."""
        return next((state for state in self.regions if state.region.id == region_id), None)
