"""A failover that lasts: the region stays out of rotation until somebody asks for the undo.

It is for a region that is ill, so it goes ahead while an incident is open and although the edge gives users nothing
good; but never without another healthy region in every load balancer.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from npconsole.actions.beside import beside
from npconsole.actions.conduct import Conduct
from npconsole.actions.failover.attendance import FEW
from npconsole.actions.failover.course import WHOLE, Course
from npconsole.actions.failover.drain import Drain
from npconsole.actions.failover.outcome import precise
from npconsole.actions.failover.rotation import Routes
from npconsole.actions.failover.shift import Baseline, to_baseline, to_shift
from npconsole.actions.failover.witness import Witness
from npconsole.actions.verdict import Finding
from npconsole.model import quantity
from npconsole.model.run import Verdict

KEY = "users"
"""Under which it is kept in a run's result what users at the edge saw before."""


@dataclass(slots=True)
class Lasting:
    """Drains `region` step by step and sees its users go elsewhere."""

    conduct: Conduct
    region: str
    course: Course
    routes: Routes
    witness: Witness

    async def run(self) -> None:
        """All of it. That the traffic does not move in time is no error here: `verify` says so."""
        await beside(self._pass(), self.witness.watch())

    async def _pass(self) -> None:
        conduct, rules = self.conduct, self.conduct.world.drill
        start, drain = conduct.clock.now(), Drain(conduct, self.routes)
        await conduct.pause(rules.baseline_s)
        before = to_baseline(self.witness.since(start), self.region)
        conduct.result[KEY] = {"asked": before.asked, "failed": before.failed, "share": before.share}
        for percent in self.course.steps:
            await drain.step(percent)
            if percent < WHOLE:
                await conduct.pause(rules.step_pause_s)
        await self._await_shift(conduct.clock.now() if drain.began is None else drain.began, before)

    async def _await_shift(self, began: float, before: Baseline) -> None:
        conduct, rules = self.conduct, self.conduct.world.drill
        while conduct.clock.now() - began <= rules.shift_within_s:
            await conduct.pause(self.witness.interval_s)
            shift = to_shift(self.witness.since(began), self.region, began, before, rules.quiet_s)
            if shift.moved_s is not None:
                conduct.result["moved_s"] = shift.moved_s
                conduct.say(f"{shift.to} answers users after {precise(shift.moved_s)}")
                return
        limit = quantity.duration(rules.shift_within_s)
        conduct.say(f"the traffic of {self.region} has not moved within {limit}")


async def measure(conduct: Conduct, region: str, witness: Witness) -> Finding:
    """What users at the edge see now, against what they saw before the drain."""
    start, rules = conduct.clock.now(), conduct.world.drill
    lasts_s = max(rules.baseline_s, FEW * witness.interval_s)
    await beside(asyncio.sleep(lasts_s + rules.probe_timeout_s), witness.watch())
    return judge(
        to_before(conduct.result.get(KEY)),
        to_baseline(witness.since(start), region),
        region,
        most_failed=conduct.world.thresholds.error_ratio_critical,
    )


def to_before(data: object) -> Baseline | None:
    """From a run's result; None when its first owner died before it was written."""
    known: dict[str, Any] = data if isinstance(data, dict) else {}
    try:
        return Baseline(int(known["asked"]), int(known["failed"]), known["share"])
    except (KeyError, TypeError, ValueError):
        return None


def judge(before: Baseline | None, after: Baseline, region: str, *, most_failed: float) -> Finding:
    """Whether users are better off. Shares 0 to 1; `most_failed` is the share of failures that is still well."""
    failed = _failed(after)
    then = None if before is None else _failed(before)
    words = (
        f"{quantity.percent(failed)} of the requests through the edge fail"
        + ("" if then is None else f", {quantity.percent(then)} before")
        + f"; {region} gives {quantity.percent(after.share)} of the good answers"
        + ("" if before is None else f", {quantity.percent(before.share)} before")
    )
    if not after.asked:
        return Finding(Verdict.UNKNOWN, well=False, words="the edge was not asked")
    if failed > most_failed and (then is None or failed > then + most_failed):
        return Finding(Verdict.UNKNOWN if then is None else Verdict.WORSE, well=False, words=words)
    if after.share or failed > most_failed:
        return Finding(Verdict.NO_EFFECT, well=False, words=words)
    if before is None or then is None:
        return Finding(Verdict.UNKNOWN, well=True, words=words)
    moved = before.share is None or before.share > 0 or then > most_failed
    return Finding(Verdict.HELPED if moved else Verdict.NO_EFFECT, well=True, words=words)


def _failed(baseline: Baseline) -> float:
    return baseline.failed / baseline.asked if baseline.asked else 0.0
