"""The course of one rule on one region: from the first bad check over what was done to the good ones that end it.

Times are seconds of the healer's own clock (`HealState.at`).
"""

from dataclasses import dataclass, replace

from npconsole.healer.condition import Sight
from npconsole.healer.rules import Brakes, Rule

HOUR_S = 3600.0
_UNSEEN = 3
"""After so many checks without a look the count of bad ones starts anew."""


@dataclass(frozen=True, slots=True)
class Shadowed:
    """What a rule in shadow would have asked for, and when."""

    decision: str
    at: float
    action: str


@dataclass(frozen=True, slots=True)
class Course:
    """`open` while there is trouble, since `opened_at`. `breaches`, `goods` and `unseen` are checks in a row, `since`
    is the first of the breaches.

    `acted`: a step was asked for in this trouble, and the next is due only when `ready`. `refusals` counts how often a
    guard refused its run, the last time at `refused_at`. `held` are the reasons that were recorded. `begun` is when
    trouble began, within the last hour. `alike_at` is when most regions of the service were last ill alike.
    """

    rule: str
    target: str
    open: bool = False
    opened_at: float | None = None
    sight: Sight = Sight.UNKNOWN
    breaches: int = 0
    goods: int = 0
    unseen: int = 0
    since: float | None = None
    step: int = 0
    acted: bool = False
    ready: bool = False
    refusals: int = 0
    refused_at: float | None = None
    held: tuple[str, ...] = ()
    shadow: Shadowed | None = None
    begun: tuple[float, ...] = ()
    alike_at: float | None = None

    @property
    def is_idle(self) -> bool:
        """Nothing to remember."""
        return not self.open and not self.begun

    def is_due(self, rule: Rule, brakes: Brakes, at: float) -> bool:
        """Whether its turn has come: at the first fall only, then only after a verdict on the step before."""
        if self.sight is not Sight.BREACH or self.since is None or self._waits(brakes, at):
            return False
        if self.acted:
            return self.ready
        return self.breaches >= rule.needs(brakes) and at - self.since >= rule.after_s

    def _waits(self, brakes: Brakes, at: float) -> bool:
        """After a refusal: as long as it takes to settle, twice as long after each further one, an hour at most."""
        if self.refused_at is None:
            return False
        return at - self.refused_at < min(brakes.settle_s * 2.0 ** min(self.refusals - 1, 10), HOUR_S)


def observe(course: Course, sight: Sight, at: float, *, tainted: bool, clear: int) -> Course:
    """The course after one more look. A breach under somebody's hands (`tainted`) is seen, but does not count."""
    recent = tuple(each for each in course.begun if at - each < HOUR_S)
    if recent != course.begun:
        course = replace(course, begun=recent)
    opened_at = course.opened_at if course.open else at
    match sight:
        case Sight.BREACH if tainted:
            return replace(
                course, open=True, opened_at=opened_at, sight=sight, breaches=0, goods=0, unseen=0, since=None
            )
        case Sight.BREACH:
            begun = course.begun if course.open else (*course.begun, at)
            since = at if course.since is None else course.since
            return replace(
                course,
                open=True,
                opened_at=opened_at,
                sight=sight,
                breaches=course.breaches + 1,
                goods=0,
                unseen=0,
                since=since,
                begun=begun,
            )
        case Sight.GOOD:
            if not course.open or course.goods + 1 >= clear:
                return Course(course.rule, course.target, sight=sight, begun=course.begun)
            return replace(course, sight=sight, breaches=0, goods=course.goods + 1, unseen=0, since=None)
        case Sight.DOUBTFUL:
            return _unseen(replace(course, open=True, opened_at=opened_at), sight)
        case Sight.UNKNOWN:
            return _unseen(course, sight)


def _unseen(course: Course, sight: Sight) -> Course:
    unseen = course.unseen + 1
    if unseen < _UNSEEN:
        return replace(course, sight=sight, unseen=unseen)
    return replace(course, sight=sight, unseen=unseen, breaches=0, goods=0, since=None)


def interrupt(course: Course) -> Course:
    """After a gap in which nobody looked, what was seen before proves nothing: it must be seen afresh."""
    return replace(
        course, sight=Sight.UNKNOWN, breaches=0, goods=0, unseen=0, since=None, acted=False, ready=False, shadow=None
    )
