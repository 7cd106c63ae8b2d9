"""What a benchmark proved: passed, failed, partial or invalid, and why.

Invalid comes first: figures that say nothing of the target can neither pass nor fail it. A target that fails every
request never passes, whatever the thresholds are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from npconsole.errors import ExitCode
from npconsole.model import quantity
from npconsole.model.benchmark import BenchmarkStatus
from npconsole.model.load import Load, LoadEnd, LoadFigures, LoadResult, ThresholdState
from npconsole.reports.benchmark.crossing import crossings, disputed
from npconsole.reports.benchmark.errorkind import ErrorGroup, grouped, listed
from npconsole.reports.benchmark.expression import described, limit

THRESHOLDS_EXIT = 99
"""The exit code by which k6 says that a threshold is crossed."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Beyond these a result is no measurement of the target: the load generator's use of its cores, and the share of
    iterations of the open model that were dropped. `failed_ratio`: above this share of failed requests a benchmark has
    failed though no threshold asks for it.
    """

    cpu_ratio: float = 0.9
    dropped_ratio: float = 0.05
    failed_ratio: float = 0.5


DEFAULT = Bounds()


def judge(load: Load, result: LoadResult, *, bounds: Bounds = DEFAULT) -> tuple[BenchmarkStatus, tuple[str, ...]]:
    """The status, and each reason for it in a phrase with its figures; a pass needs none."""
    if invalid := tuple(_invalid(load, result, bounds)):
        return BenchmarkStatus.INVALID, invalid
    crossed = tuple(_crossed(load, result))
    if result.end is LoadEnd.STOPPED or (result.end is LoadEnd.ABORTED and not crossed):
        return BenchmarkStatus.PARTIAL, (_stopped(load, result), *(f"crossed until then: {each}" for each in crossed))
    failed = tuple(_failing(result.figures, bounds))
    if crossed or failed:
        return BenchmarkStatus.FAILED, (*crossed, *failed)
    return BenchmarkStatus.PASSED, ()


def exit_code(status: BenchmarkStatus) -> ExitCode:
    """0, 99 as k6 for failed, 1 for invalid. Partial is 4, partly done: what was measured is kept, and nobody may take
    half a benchmark for a pass; 5 and 130 say that the command itself was cancelled.
    """
    match status:
        case BenchmarkStatus.PASSED:
            return ExitCode.OK
        case BenchmarkStatus.FAILED:
            return ExitCode.THRESHOLDS
        case BenchmarkStatus.INVALID:
            return ExitCode.FAILED
        case BenchmarkStatus.PARTIAL:
            return ExitCode.PARTIAL


def _invalid(load: Load, result: LoadResult, bounds: Bounds) -> Iterator[str]:
    figures = result.figures
    if result.end is LoadEnd.BROKEN:
        yield f"the load engine broke: {result.complaint or 'it did not say why'}"
    if figures.requests == 0:
        yield "no request was sent"
        return
    if figures.failed >= figures.requests and set(grouped(figures.errors)) == {ErrorGroup.UNREACHED}:
        yield f"{load.target} was not reached: all {figures.requests} requests failed ({listed(figures.errors)})"
        return
    if figures.cpu_ratio is not None and figures.cpu_ratio > bounds.cpu_ratio:
        yield (
            f"the load generator was saturated: it used {quantity.percent(figures.cpu_ratio)} of this host's cores, "
            f"at most {quantity.percent(bounds.cpu_ratio)} is a measurement"
        )
    yield from _dropped(figures, bounds)
    if result.end is LoadEnd.COMPLETE:
        yield from _unread(load, result)
        yield from _disputed(result)


def _dropped(figures: LoadFigures, bounds: Bounds) -> Iterator[str]:
    share = dropped_ratio(figures)
    if share is not None and share > bounds.dropped_ratio:
        yield (
            f"{figures.dropped} of {figures.dropped + figures.iterations} iterations were dropped "
            f"({quantity.percent(share)}, at most {quantity.percent(bounds.dropped_ratio)} is a measurement): "
            "not enough users for the rate"
        )


def dropped_ratio(figures: LoadFigures) -> float | None:
    """The share of the planned iterations that no user was free for; None without any."""
    planned = figures.dropped + figures.iterations
    return figures.dropped / planned if planned else None


def _unread(load: Load, result: LoadResult) -> Iterator[str]:
    for state, is_crossed in crossings(load, result):
        if is_crossed is None:
            yield f"nobody knows whether {state.threshold} is crossed: its metric has no samples"


def _disputed(result: LoadResult) -> Iterator[str]:
    """Where the engine's word about a threshold and the figures kept here exclude each other."""
    is_any_crossed = any(state.crossed for state in result.figures.thresholds)
    if result.crossed is None and result.exit_code == THRESHOLDS_EXIT and not is_any_crossed:
        yield f"the load engine ended with {THRESHOLDS_EXIT}, thresholds crossed, but by the figures none is"
    for state, said in disputed(result):
        if not _is_close(state):
            engine, own = ("crossed", "kept") if said else ("kept", "crossed")
            figures = described(state.threshold, state.value)
            yield f"the load engine calls {state.threshold} {engine}, by the figures it is {own} ({figures})"


def _is_close(state: ThresholdState) -> bool:
    asks = limit(state.threshold)
    return asks is not None and state.value is not None and asks.is_close(state.value)


def _crossed(load: Load, result: LoadResult) -> Iterator[str]:
    for state, is_crossed in crossings(load, result):
        if is_crossed:
            yield described(state.threshold, state.value)


def _failing(figures: LoadFigures, bounds: Bounds) -> Iterator[str]:
    if figures.failed >= figures.requests:
        yield f"every request failed ({listed(figures.errors)})"
    elif figures.failed / figures.requests > bounds.failed_ratio:
        yield (
            f"{quantity.percent(figures.failed / figures.requests)} of the requests failed ({listed(figures.errors)}), "
            f"more than {quantity.percent(bounds.failed_ratio)}"
        )


def _stopped(load: Load, result: LoadResult) -> str:
    after = f"after {quantity.duration(result.figures.elapsed_s)} of {quantity.duration(load.duration_s)}"
    if result.end is LoadEnd.ABORTED:
        return f"ended by its own script {after}{f': {result.complaint}' if result.complaint else ''}"
    return f"stopped {after}"
