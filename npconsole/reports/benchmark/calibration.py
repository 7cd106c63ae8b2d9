"""How much two benchmarks of an unchanged target differ, learnt from pairs of them (A/A)."""

import math
from collections.abc import Sequence

from npconsole.errors import RefusedError, UsageError
from npconsole.model.benchmark import Benchmark, BenchmarkStatus, Noise
from npconsole.reports.benchmark import student
from npconsole.reports.benchmark.bootstrap import figures
from npconsole.reports.benchmark.fingerprint import incomparable
from npconsole.reports.benchmark.slots import lay

LEAST_PAIRS = 2
_PROBABILITY = 0.95


def calibrate(pairs: Sequence[tuple[Benchmark, Benchmark]], *, wall: float) -> Noise:
    """The relative difference of each metric that 95 of 100 such pairs stay below (of `error_ratio`: the difference).

    Differences around zero are normal as logarithms; the bound for the next one is Student's t with a degree of freedom
    for each pair times their root mean square: from three pairs 1.6 times what it is from many, since three prove
    little. Raises UsageError for too few pairs, RefusedError for a pair that must not be compared or is invalid.
    """
    if len(pairs) < LEAST_PAIRS:
        raise UsageError(f"{len(pairs)} pairs of runs prove nothing", hint=f"calibrate with at least {LEAST_PAIRS}")
    differences: dict[str, list[float]] = {}
    for first, second in pairs:
        _check(first, second)
        for figure in figures(lay(first.result, second.result)):
            if figure.effect is not None:
                differences.setdefault(figure.metric, []).append(figure.effect)
    known = {metric: values for metric, values in differences.items() if len(values) >= LEAST_PAIRS}
    return Noise(len(pairs), tuple((metric, _noise(metric, values)) for metric, values in known.items()), wall)


def _noise(metric: str, differences: list[float]) -> float:
    number = len(differences)
    spread = math.sqrt(math.fsum(value * value for value in differences) / number)
    bound = student.quantile((1 + _PROBABILITY) / 2, number) * spread
    return bound if metric == "error_ratio" else math.expm1(bound)


def _check(first: Benchmark, second: Benchmark) -> None:
    if reason := incomparable(first.fingerprint, second.fingerprint):
        raise RefusedError(f"{first.id} and {second.id} are no pair: {reason}")
    for benchmark in (first, second):
        if benchmark.status in (BenchmarkStatus.INVALID, BenchmarkStatus.PARTIAL):
            raise RefusedError(
                f"{benchmark.id} is {benchmark.status}: {'; '.join(benchmark.reasons)}",
                hint="calibrate while the target is well and let each run end",
            )
