"""The status sentence: what is wrong, where, since when; otherwise that all is well and since when.

The console, the wallboard, `status` and messages say the same words, because they all ask here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from npconsole.model import quantity
from npconsole.model.issue import Substatus
from npconsole.model.level import Level
from npconsole.model.snapshot import EdgeState, RegionState, Snapshot

_WORDS = {
    Level.DOWN: "down",
    Level.DEGRADED: "degraded",
    Level.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """`headline` names what and where; `since_wall` is epoch seconds, None when it began before watching did.

    `at_least_s` is then how long it has lasted at the least. `details` are further phrases, most pressing first.
    """

    level: Level
    headline: str
    details: tuple[str, ...] = ()
    since_wall: float | None = None
    at_least_s: float | None = None

    def since(self, now_wall: float, *, utc: bool = False) -> str:
        """`since 14:03 (4 min)`, `for at least 4 min`, or nothing."""
        if self.since_wall is not None:
            when = quantity.moment(self.since_wall, now_wall, utc=utc)
            return f"since {when} ({quantity.duration(now_wall - self.since_wall)})"
        return "" if self.at_least_s is None else f"for at least {quantity.duration(self.at_least_s)}"

    def phrase(self, now_wall: float, *, utc: bool = False) -> str:
        """The headline and since when, in one line."""
        since = self.since(now_wall, utc=utc)
        return f"{self.headline}, {since}" if since else self.headline


def sentence(snapshot: Snapshot, *, utc: bool = False) -> Sentence:
    """The sentence for a snapshot; times in its details are of this host's zone, or UTC."""
    level = snapshot.overall.level
    if snapshot.online is False:
        return _said(snapshot, level, "This host is offline: nothing is known of the estate", ())
    bad = _by_level(snapshot)
    details = (*_reasons(bad), *_traffic(snapshot, utc=utc), *_issues(snapshot))
    if level is Level.OK or level is Level.MUTED:
        return _said(snapshot, level, f"All is well in {_regions(snapshot)}", details)
    if level is Level.UNKNOWN and any(state.health.tried_at is None for state in snapshot.regions):
        return Sentence(level, f"Waiting for the first answers of {_regions(snapshot)}")
    states = [state for _, group in bad for state in group]
    if len(states) == 1:
        return _said(snapshot, level, _with_reason(states[0]), (*_traffic(snapshot, utc=utc), *_issues(snapshot)))
    headline = "; ".join(f"{_names(group)} {'is' if len(group) == 1 else 'are'} {_WORDS[at]}" for at, group in bad)
    return _said(snapshot, level, headline, details)


def name_of(state: RegionState | EdgeState) -> str:
    """The id of a region or an edge."""
    return state.region.id if isinstance(state, RegionState) else state.edge.id


def _said(snapshot: Snapshot, level: Level, headline: str, details: tuple[str, ...]) -> Sentence:
    since = snapshot.overall.since
    started = snapshot.started
    return Sentence(
        level,
        headline,
        details,
        None if since is None else snapshot.wall_of(since),
        None if since is not None or started is None else snapshot.now - started,
    )


def _by_level(snapshot: Snapshot) -> list[tuple[Level, list[RegionState | EdgeState]]]:
    states: list[RegionState | EdgeState] = [*snapshot.regions, *snapshot.edges]
    groups = [(level, [state for state in states if state.level is level]) for level in _WORDS]
    return [(level, group) for level, group in groups if group]


def _names(states: Sequence[RegionState | EdgeState]) -> str:
    names = [name_of(state) for state in states]
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _regions(snapshot: Snapshot) -> str:
    number = len(snapshot.regions)
    return f"{number} region{'' if number == 1 else 's'}"


def _with_reason(state: RegionState | EdgeState) -> str:
    said = f"{name_of(state)} is {_WORDS[state.level]}"
    return f"{said}: {state.judgement.reason}" if state.judgement.reason else said


def _reasons(groups: Sequence[tuple[Level, Sequence[RegionState | EdgeState]]]) -> list[str]:
    return [
        f"{name_of(state)}: {state.judgement.reason}"
        for _, group in groups
        for state in group
        if state.judgement.reason
    ][:20]


def _traffic(snapshot: Snapshot, *, utc: bool) -> list[str]:
    """Where the edge sends people, once that has changed while we watched."""
    said: list[str] = []
    for state in snapshot.edges:
        if state.answered_by and state.answered_since is not None and state.level is not Level.UNKNOWN:
            when = quantity.clock(snapshot.wall_of(state.answered_since), utc=utc, seconds=False)
            said.append(f"{state.edge.id} answered by {state.answered_by} since {when}")
    return said


def _issues(snapshot: Snapshot) -> list[str]:
    issues = snapshot.issues.value.issues if snapshot.issues and snapshot.issues.value else ()
    counted = [
        (sum(issue.substatus is substatus for issue in issues), substatus)
        for substatus in (Substatus.NEW, Substatus.REGRESSED, Substatus.ESCALATING)
    ]
    said = ", ".join(f"{number} {substatus}" for number, substatus in counted if number)
    return [f"Sentry: {said}"] if said else []
