"""What is usual of a region: its request rate while it is well, and which version it runs since when."""

from dataclasses import dataclass

from npconsole.healer.facts import TargetFacts

_ENOUGH = 10
"""Checks before the usual rate is known."""

_REMEMBERED = 20
"""Checks that the running mean rests on: an hour's trend is followed, a peak is not."""


@dataclass(frozen=True, slots=True)
class Habit:
    """`rate` in requests per second is a running mean over `checks`; `changed_at` is when a new version was first seen.

    `own_failures` are probes in a row that failed on our side.
    """

    rate: float = 0.0
    checks: int = 0
    version: str = ""
    changed_at: float | None = None
    own_failures: int = 0

    @property
    def usual_rate(self) -> float | None:
        """None until it is known."""
        return self.rate if self.checks >= _ENOUGH else None


def learn(habit: Habit, target: TargetFacts, at: float, *, well: bool) -> Habit:
    """After one more check. Only a region that is well, and in nobody's hands, teaches what is usual."""
    rate, checks = habit.rate, habit.checks
    if well and target.request_rate is not None and target.figures_fresh:
        rate = rate + (target.request_rate - rate) / min(checks + 1, _REMEMBERED)
        checks = min(checks + 1, _REMEMBERED)
    version, changed_at = habit.version, habit.changed_at
    if target.version and target.version != version:
        version, changed_at = target.version, at if version else None
    own_failures = habit.own_failures + 1 if target.failure is not None else 0
    learnt = Habit(rate, checks, version, changed_at, own_failures)
    return habit if learnt == habit else learnt
