"""Whether a target became slower between two benchmarks, with an effect, an interval and a sentence.

Two figures decide on latency. The typical latency (see `typical`) decides with the fewest requests; p95 decides as well
when enough were sent, so that a slow tail is seen that leaves the typical request alone. Errors decide before both:
what fails fast is not better. What the two loads themselves cannot show is how much two runs of an unchanged target
differ; calibration learns it, and until then `ALLOWANCE` stands for it, added to the interval as independent errors
add.

Power, found with simulated services that wander as slowly as 20 s and are busy to two thirds (tests/reports): of two
loads on an unchanged target at most 5 % are called better or worse; of 30 % slower ones at least 95 % are called worse
from about 200 requests on (20 users for 20 s, 100 users for 60 s), 4 of 5 from 95 requests (20 users for 10 s, the ramp
included: fewer than what any test could tell apart at 95 %). Blocks without request names need some six times as many.
Close to saturation a little more load makes a lot more latency: there it takes calibration.
"""

import math
from dataclasses import dataclass, replace
from random import Random

from npconsole.errors import RefusedError
from npconsole.model.benchmark import Benchmark, BenchmarkStatus, Change, Comparison, Contrast, Noise
from npconsole.model.load import LoadModel
from npconsole.reports.benchmark import sentence
from npconsole.reports.benchmark.bootstrap import RESAMPLES, Estimate, estimate
from npconsole.reports.benchmark.fingerprint import incomparable
from npconsole.reports.benchmark.slots import LEAST, Slots, lay

PRACTICAL = 0.05
ALLOWANCE = 0.1
ERROR_BOUND = 0.01
"""Shares of failed requests less than a hundredth apart are not called different."""

_TAIL = ("p50_ms", "p95_ms", "p99_ms")
_REQUESTS = 20


@dataclass(frozen=True, slots=True)
class _Judged:
    """A change with what it says: +1 more, -1 less, 0 nothing certain; `equal`: certainly too small to matter."""

    change: Change
    says: int
    equal: bool
    learnt: bool


def compare(
    before: Benchmark,
    after: Benchmark,
    *,
    noise: Noise | None,
    rng: Random,
    practical: float = PRACTICAL,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
) -> Comparison:
    """Compare two benchmarks of one fingerprint; `noise` is what calibration has learnt of it.

    `practical` is the least relative difference that matters. Raises RefusedError for another fingerprint, saying which
    part differs. Swapped sides give the opposite verdict.
    """
    if reason := incomparable(before.fingerprint, after.fingerprint):
        raise RefusedError(f"these two cannot be compared: {reason}", hint="npconsole bench list shows what can be")
    slots = lay(before.result, after.result)
    judged = {
        each.metric: _judge(each, confidence, noise, practical)
        for each in estimate(slots, rng=rng, resamples=resamples)
    }
    verdict, words = _decide(before, after, slots, judged)
    return Comparison(
        before.id,
        after.id,
        verdict,
        f"{verdict.value}: {words}",
        confidence,
        tuple(each.change for each in judged.values()),
        tuple(_notes(before, after, slots, noise)),
    )


def _judge(figure: Estimate, confidence: float, noise: Noise | None, practical: float) -> _Judged:
    learnt = dict(noise.relative).get(figure.metric) if noise else None
    least, bound = _bounds(figure.metric, learnt, practical)
    is_share = figure.metric == "error_ratio"
    shown = float if is_share else math.expm1
    effect, reach = figure.effect, figure.reach(confidence)
    change = Change(figure.metric, figure.before, figure.after, None, None, None, bound)
    if effect is None:
        return _Judged(change, 0, equal=False, learnt=learnt is not None)
    change = replace(change, effect=shown(effect))
    if reach is None:
        return _Judged(change, 0, equal=False, learnt=learnt is not None)
    change = replace(change, low=shown(effect - reach), high=shown(effect + reach))
    floor, allowed = (least, bound) if is_share else (math.log1p(least), math.log1p(bound))
    # Learnt noise holds what chance does within a load; the allowance does not, and comes on top of it.
    needed = max(reach, allowed) if learnt is not None else math.hypot(reach, allowed)
    says = 0 if abs(effect) <= needed else 1 if effect > 0 else -1
    return _Judged(change, says, equal=not says and abs(effect) + reach <= floor, learnt=learnt is not None)


def _bounds(metric: str, learnt: float | None, practical: float) -> tuple[float, float]:
    """(what is too small to matter, what counts as a change). A percentile wanders twice as far as the typical."""
    if metric == "error_ratio":
        return (ERROR_BOUND, max(ERROR_BOUND, learnt or 0.0))
    if learnt is not None:
        return (max(practical, learnt), max(practical, learnt))
    return (practical, max(practical, ALLOWANCE) * (2 if metric in _TAIL else 1))


def _decide(before: Benchmark, after: Benchmark, slots: Slots, judged: dict[str, _Judged]) -> tuple[Contrast, str]:
    if hindrance := _hindrance(before, after, slots):
        return (Contrast.INCONCLUSIVE, hindrance)
    errors, typical, tail = judged["error_ratio"], judged["typical_ms"], judged["p95_ms"]
    latency = tail if tail.says else typical
    if errors.says:
        return (_contrast(errors.says), sentence.errors(errors.change, latency.change if latency.says else None))
    if typical.change.effect is None:
        return (Contrast.INCONCLUSIVE, "too few requests succeeded on either side to compare their latency")
    if typical.says * tail.says < 0:
        return (Contrast.INCONCLUSIVE, sentence.mixed(typical.change, tail.change))
    if latency.says:
        words = sentence.changed(typical.change, tail.change, by_tail=latency is tail, is_learnt=latency.learnt)
        return (_contrast(latency.says), words)
    if typical.equal:
        return (Contrast.EQUAL, sentence.equal(typical.change, tail.change))
    return (Contrast.INCONCLUSIVE, sentence.uncertain(typical.change, tail.change, is_learnt=typical.learnt))


def _contrast(says: int) -> Contrast:
    """More latency or more errors is worse."""
    return Contrast.WORSE if says > 0 else Contrast.BETTER


def _hindrance(before: Benchmark, after: Benchmark, slots: Slots) -> str:
    """Why these two say nothing about each other, or empty."""
    for benchmark in (before, after):
        if benchmark.status is BenchmarkStatus.INVALID:
            return f"{benchmark.id} is invalid: {'; '.join(benchmark.reasons)}"
        if not benchmark.result.blocks:
            return f"{benchmark.id} has totals only: how its figures moved in time was not kept"
    if len(slots.before) < LEAST:
        return (
            f"too short: {len(slots.before)} stretches of {slots.length_s:g} s in common, at least {LEAST} are needed"
        )
    for benchmark, side in ((before, slots.before), (after, slots.after)):
        requests = sum(slot.requests for slot in side)
        if requests < _REQUESTS:
            return (
                f"too few requests: {requests} in what is compared of {benchmark.id}, at least {_REQUESTS} are needed"
            )
    return ""


def _notes(before: Benchmark, after: Benchmark, slots: Slots, noise: Noise | None) -> list[str]:
    notes = []
    if slots.before:
        notes.append(
            f"compared over {len(slots.before) * slots.length_s:g} s of each, without the first {slots.left_out_s:g} s"
        )
        kind = (
            "each request name against itself" if slots.named else "all request names together, so their mix counts too"
        )
        notes.append(f"typical: the geometric mean, {kind}")
    notes += [
        f"{benchmark.id} was stopped before its end"
        for benchmark in (before, after)
        if benchmark.status is BenchmarkStatus.PARTIAL
    ]
    if before.load.model is LoadModel.CLOSED:
        notes.append("closed model: while the target is slow it is asked less, so slowdowns look smaller than they are")
    if noise is None:
        notes.append(
            "not calibrated: `npconsole bench calibrate` learns how much two runs of an unchanged target differ"
        )
    else:
        notes.append(f"calibrated with {noise.pairs} pairs of runs of an unchanged target")
    return notes
