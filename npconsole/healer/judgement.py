"""What came of a heal: how its run ended, and whether the rule's own condition was gone when the region had settled."""

from npconsole.healer.state import Ended
from npconsole.model.run import RunState, Verdict

_LEFT = frozenset({RunState.CANCELLED, RunState.CONFLICT})
"""A person stopped it, or changed the same thing: then it is theirs, until the trouble is over."""


def verdict(ended: Ended, cleared: bool | None) -> tuple[Verdict, str]:
    """The verdict, and why. `cleared` is None when that could not be seen.

    Seeing counts for more than the run's own measurement, which is made sooner and may be of something else (that a
    cache is empty); but what it measured as worse stays worse while the trouble lasts, and is never counted as help.
    """
    said = ended.outcome or ended.state.value
    if ended.state in (RunState.FAILED, *_LEFT):
        return Verdict.UNKNOWN, f"it was not done: {said}"
    if cleared is None:
        worse = ended.verdict is Verdict.WORSE
        return (Verdict.WORSE if worse else Verdict.UNKNOWN), f"whether it helped could not be seen: {said}"
    if not cleared:
        worse = ended.verdict is Verdict.WORSE
        return (Verdict.WORSE if worse else Verdict.NO_EFFECT), f"the condition still holds after settling: {said}"
    if ended.verdict is Verdict.WORSE:
        return Verdict.UNKNOWN, f"the condition is gone, but its run measured it as worse: {said}"
    return Verdict.HELPED, f"the condition is gone: {said}"


def own_word(ended: Ended) -> tuple[Verdict, str]:
    """The verdict on a failover: users are measured by its run; the region that they left proves nothing any more."""
    return ended.verdict or Verdict.UNKNOWN, ended.outcome or ended.state.value


def may_go_on(ended: Ended) -> bool:
    """Whether the healer may try again in the same trouble."""
    return ended.state not in _LEFT
