"""One issue: the events of one kind, counted, with the status a person gave it and the substatus that follows from
time."""

from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum

from npconsole.sim.sentry.event import Event

KEPT_EVENTS = 20
KEPT_USERS = 10_000
KEPT_WORDS = 200
NEW_FOR_S = 1800.0
RATE_WINDOW_S = 60.0
BASELINE_WINDOWS = 10
ESCALATING_LEAST = 20
ESCALATING_TIMES = 5.0
HOUR_S = 3600


class Substatus(StrEnum):
    """Sentry's words for an unresolved issue, and for an archived one."""

    NEW = "new"
    ONGOING = "ongoing"
    ESCALATING = "escalating"
    REGRESSED = "regressed"
    ARCHIVED_FOREVER = "archived_forever"
    ARCHIVED_UNTIL_ESCALATING = "archived_until_escalating"
    ARCHIVED_UNTIL_CONDITION_MET = "archived_until_condition_met"


@dataclass(slots=True)
class Issue:
    """Grows with `add`. Times ending in `_s` are sim-time, in `_wall` epoch seconds."""

    id: str
    short_id: str
    project: str
    fingerprint: str
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))
    count: int = 0
    users: set[str] = field(default_factory=set)
    first_wall: float = 0.0
    last_wall: float = 0.0
    first_s: float = 0.0
    first_release: str = ""
    environments: set[str] = field(default_factory=set)
    releases: set[str] = field(default_factory=set)
    tag_counts: Counter[str] = field(default_factory=Counter)
    by_hour: Counter[int] = field(default_factory=Counter)
    by_window: Counter[int] = field(default_factory=Counter)
    status: str = "unresolved"
    archived: Substatus | None = None
    regressed_s: float | None = None
    resolved_releases: frozenset[str] | None = None
    assigned_to: dict[str, str] | None = None
    priority: str = "medium"

    def add(self, event: Event) -> None:
        """Take in one event; it may reopen the issue."""
        self._place(event)
        self.count += 1
        self.events.append(event)
        if len(self.environments) < KEPT_WORDS:
            self.environments.add(event.environment)
        if event.release and len(self.releases) < KEPT_WORDS:
            self.releases.add(event.release)
        if event.user_id and len(self.users) < KEPT_USERS:
            self.users.add(event.user_id)
        self.tag_counts.update(key for key in event.tags if key in self.tag_counts or len(self.tag_counts) < KEPT_WORDS)
        self.by_hour[int(event.sent_wall // HOUR_S)] += 1
        self.by_window[int(event.received_s // RATE_WINDOW_S)] += 1
        self._forget(event)
        self._reopen(event)

    @property
    def latest(self) -> Event:
        return max(self.events, key=lambda event: event.sent_wall)

    def substatus(self, now_s: float) -> Substatus | None:
        """What time makes of the status; None when resolved. New and regressed last 30 min of sim-time."""
        if self.status == "resolved":
            return None
        if self.status == "ignored":
            return self.archived or Substatus.ARCHIVED_UNTIL_ESCALATING
        if self._escalating(now_s):
            return Substatus.ESCALATING
        if self.regressed_s is not None and now_s - self.regressed_s < NEW_FOR_S:
            return Substatus.REGRESSED
        return Substatus.NEW if now_s - self.first_s < NEW_FOR_S else Substatus.ONGOING

    def resolve(self, *, in_next_release: bool = False) -> None:
        """Resolve now, or for releases that have not been seen yet."""
        self.status = "resolved"
        self.resolved_releases = frozenset(self.releases) if in_next_release else None

    def reopen(self) -> None:
        """Unresolved again, by a person."""
        self.status = "unresolved"

    def archive(self, substatus: Substatus) -> None:
        """Sentry calls this `ignored`."""
        self.status = "ignored"
        self.archived = substatus

    def _place(self, event: Event) -> None:
        """Keep the earliest and latest time; an event sent earlier counts as earlier in sim-time too."""
        age_s = event.received_wall - event.sent_wall
        if not self.count or event.sent_wall < self.first_wall:
            self.first_wall = event.sent_wall
            self.first_s = event.received_s - age_s
            self.first_release = event.release
        self.last_wall = max(self.last_wall, event.sent_wall)

    def _reopen(self, event: Event) -> None:
        """A resolved issue that comes back has regressed, unless only in releases from before its fix."""
        known = self.resolved_releases is not None and event.release in self.resolved_releases
        if self.status == "resolved" and not known:
            self.status = "unresolved"
            self.regressed_s = event.received_s
        elif (
            self.status == "ignored"
            and self.archived is not Substatus.ARCHIVED_FOREVER
            and self._escalating(event.received_s)
        ):
            self.status = "unresolved"

    def _escalating(self, now_s: float) -> bool:
        """Whether this minute or the last one has five times the mean of the ten before, and at least 20 events."""
        window = int(now_s // RATE_WINDOW_S)
        return any(self._jumped(each) for each in (window, window - 1))

    def _jumped(self, window: int) -> bool:
        before = sum(self.by_window[each] for each in range(window - BASELINE_WINDOWS, window)) / BASELINE_WINDOWS
        return self.by_window[window] >= max(ESCALATING_LEAST, ESCALATING_TIMES * before)

    def _forget(self, event: Event) -> None:
        """Keep a day of hours and the windows that escalation looks at."""
        hour, window = int(event.received_wall // HOUR_S), int(event.received_s // RATE_WINDOW_S)
        for counts, oldest in ((self.by_hour, hour - 24), (self.by_window, window - BASELINE_WINDOWS - 2)):
            for key in [key for key in counts if key < oldest]:
                del counts[key]
