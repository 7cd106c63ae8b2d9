"""Runs as alerting follows them, by the audit's lines: what changes, what settles afterwards, what cannot be undone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from npconsole.alerting.observation import Check, Observation, Sight
from npconsole.model.notice import Severity
from npconsole.model.run import AuditLine, RunState, Verdict
from npconsole.net.text import clean

MOST = 500
"""Runs that are followed at once; the oldest are given up first."""
NEWS_S = 3600.0
"""What ended longer ago than this is history: a first start does not tell the whole audit."""
LONGEST_S = 900.0
"""A run is an excuse for this long at most after its intent: the longest hold of a drill."""
ACKNOWLEDGED = "alert.acknowledged"
"""The kind of an audit line by which a person takes an incident; its data hold `key` and `reason`."""


@dataclass(frozen=True, slots=True)
class Work:
    """A run. `begun_wall` is when its intent was written, None before; `via` is console, cli, heal or cron."""

    run: str
    action: str
    target: str
    actor: str
    state: RunState
    begun_wall: float | None = None
    via: str = ""
    reason: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Settling:
    """A target on which something was done; what begins there within these times may come of that."""

    target: str
    begun_wall: float
    until_wall: float


class Stage(StrEnum):
    """What became of a run, for those who watch an incident."""

    BEGUN = "begun"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class News:
    """A run that began to change something, or ended; `line` is where the audit says so."""

    stage: Stage
    work: Work
    line: AuditLine
    verdict: str = ""
    outcome: str = ""

    @property
    def words(self) -> str:
        """`restart us-east by heal: succeeded, helped: p95 is 120 ms`."""
        work = self.work
        what = f"{work.action} {work.target} by {work.actor}"
        if self.stage is Stage.BEGUN:
            return f"{what} begins" + (f": {work.reason}" if work.reason else "")
        state = work.state.value.replace("_", " ")
        verdict = f", {self.verdict}" if self.verdict else ""
        return f"{what}: {state}{verdict}" + (f": {self.outcome}" if self.outcome else "")


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A person took an incident."""

    key: str
    actor: str
    reason: str


def follow(
    works: Iterable[Work], lines: Iterable[AuditLine], now: float
) -> tuple[tuple[Work, ...], tuple[News, ...], tuple[Acknowledgement, ...]]:
    """The runs after these lines of the audit, what there is to tell of them at `now`, and who took which incident."""
    followed = {work.run: work for work in works}
    news: list[News] = []
    taken: list[Acknowledgement] = []
    for line in lines:
        if line.kind == ACKNOWLEDGED:
            taken.append(Acknowledgement(_text(line, "key"), line.actor, _text(line, "reason")))
        elif line.kind.startswith("run.") and _text(line, "run"):
            news += [each for each in _heard(followed, line) if now - line.wall <= NEWS_S]
    for each in news:
        _keep_conflicts(followed, each.work)
    return tuple(followed.values())[-MOST:], tuple(news), tuple(taken)


def _heard(followed: dict[str, Work], line: AuditLine) -> Iterator[News]:
    """What one line tells of its run, which is followed until it ends."""
    state = _state(line.kind.removeprefix("run."))
    if state is None:
        return
    run = _text(line, "run")
    before = followed.pop(run, None) or Work(run, _text(line, "action"), line.target, line.actor, state)
    work = replace(
        before,
        state=state,
        begun_wall=line.wall if before.begun_wall is None and _has_begun(state, line) else before.begun_wall,
        via=before.via or _text(line, "via"),
        reason=_text(line, "reason") if state is RunState.REQUESTED else before.reason,
        text=_text(line, "text"),
    )
    if not state.is_final:
        followed[run] = work
        if before.begun_wall is None and work.begun_wall is not None:
            yield News(Stage.BEGUN, work, line)
    elif work.begun_wall is not None:
        verdict = _text(line, "verdict")
        known = verdict if verdict in set(Verdict) else ""
        yield News(Stage.ENDED, work, line, known, _text(line, "outcome"))


def _keep_conflicts(followed: dict[str, Work], ended: Work) -> None:
    """A conflict stays until somebody brings its target into a state that is known, or acknowledges it."""
    if ended.state is RunState.CONFLICT:
        followed[ended.run] = ended
    elif ended.state in (RunState.SUCCEEDED, RunState.REVERTED):
        for work in list(followed.values()):
            if work.state is RunState.CONFLICT and work.target == ended.target:
                del followed[work.run]


def going_on(works: Iterable[Work], now: float) -> Iterator[Settling]:
    """The targets on which something is being done."""
    for work in works:
        if work.begun_wall is not None and not work.state.is_final and now < work.begun_wall + LONGEST_S:
            yield Settling(work.target, work.begun_wall, work.begun_wall + LONGEST_S)


def settled(news: Iterable[News], settle_s: float) -> Iterator[Settling]:
    """The targets on which something has just been done."""
    for each in news:
        if each.stage is Stage.ENDED and each.work.begun_wall is not None:
            yield Settling(each.work.target, each.work.begun_wall, each.line.wall + settle_s)


def observe_works(works: Iterable[Work]) -> Iterator[Observation]:
    """Changes that could not be taken back: a person has to look."""
    for work in works:
        if work.state in (RunState.REVERT_FAILED, RunState.CONFLICT):
            why = work.text or "the world is not as it was left"
            words = f"{work.action} {work.target} could not be undone: {why}"
            yield Observation(work.target, "", Check.UNDO, Sight.BAD, Severity.CRITICAL, words, clear_s=0.0)


def without_conflicts(works: Iterable[Work], target: str) -> tuple[Work, ...]:
    """The runs without the conflicts on a target that a person has acknowledged."""
    return tuple(work for work in works if work.state is not RunState.CONFLICT or work.target != target)


def _has_begun(state: RunState, line: AuditLine) -> bool:
    fence = line.data.get("fence")
    return state is RunState.INTENT or (isinstance(fence, int) and fence > 0)


def _state(word: str) -> RunState | None:
    try:
        return RunState(word)
    except ValueError:
        return None


def _text(line: AuditLine, name: str) -> str:
    value = line.data.get(name)
    return clean(value, limit=300) if isinstance(value, str) else ""
